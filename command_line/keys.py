"""Commands on the API keys of the service."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from command_line.options import DEFAULT_CONFIG, ConfigPath, JsonPath
from features.config import load_config
from serving.access import Role
from training.terminal import show

keys = typer.Typer(help="API keys of the service: create, list, revoke.", no_args_is_help=True)


@keys.command("create")
def create(
    role: Annotated[Role, typer.Option(help="What the key may do.")],
    name: Annotated[str, typer.Option(help="Who will use it.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Make a key; it is shown once, as the last word."""
    from features.store import open_store
    from serving.access import create_key

    made = create_key(open_store(load_config(config).store.url), role.value, name, datetime.now(UTC))
    typer.echo(f"Key {made.id} for {name}, role {role.value}. It is shown this once: {made.secret}")


@keys.command("list")
def list_keys(config: ConfigPath = DEFAULT_CONFIG, json: JsonPath = None) -> None:
    """List the keys, without their secrets."""
    from features.store import all_keys, open_store
    from serving.keys_report import keys_json, render_keys

    found = all_keys(open_store(load_config(config).store.url))
    show(render_keys(found), keys_json(found), json)


@keys.command("revoke")
def revoke(
    key_id: Annotated[int, typer.Argument(help="The key's number, see: leadsift keys list.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Make a key useless from now on."""
    from features.store import open_store, revoke_key

    revoke_key(open_store(load_config(config).store.url), key_id, datetime.now(UTC))
    typer.echo(f"Key {key_id} is revoked.")
