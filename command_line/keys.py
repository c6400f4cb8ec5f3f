"""Commands on the API keys of the service."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from command_line.options import DEFAULT_CONFIG, ConfigPath, JsonPath
from features.config import load_config
from serving.access import LONGEST_DAYS, Role
from training.person import person
from training.terminal import show

keys = typer.Typer(help="API keys of the service: create, list, revoke.", no_args_is_help=True)


@keys.command("create")
def create(
    role: Annotated[Role, typer.Option(help="What the key may do.")],
    name: Annotated[str, typer.Option(help="Who will use it.")],
    expires_in_days: Annotated[
        int | None, typer.Option(help="How long it is good. Left out: until it is revoked.", min=1, max=LONGEST_DAYS)
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Make a key; it is shown once, as the last word."""
    from features.store import open_store
    from serving.access import create_key

    with closing(open_store(load_config(config).store.url)) as store:
        made = create_key(store, role.value, name, datetime.now(UTC), expires_in_days=expires_in_days, who=person())
    until = "" if made.expires_at is None else f", good until {made.expires_at:%Y-%m-%d %H:%M} UTC"
    typer.echo(f"Key {made.id} for {name}, role {role.value}{until}. It is shown this once: {made.secret}")


@keys.command("list")
def list_keys(config: ConfigPath = DEFAULT_CONFIG, json: JsonPath = None) -> None:
    """List the keys, without their secrets."""
    from features.store import all_keys, open_store
    from serving.keys_report import keys_json, render_keys

    with closing(open_store(load_config(config).store.url)) as store:
        found = all_keys(store)
    show(render_keys(found, datetime.now(UTC)), keys_json(found), json)


@keys.command("revoke")
def revoke(
    key_id: Annotated[int, typer.Argument(help="The key's number, see: leadsift keys list.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Make a key useless from now on; sessions opened with it end too, within seconds."""
    from features.store import open_store, revoke_key

    with closing(open_store(load_config(config).store.url)) as store:
        revoke_key(store, key_id, datetime.now(UTC), who=person())
    typer.echo(f"Key {key_id} is revoked.")


@keys.command("log-out-all")
def log_out_all(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """End all sessions on the pages, within seconds, by a new secret to sign them with; keys stay good."""
    from features.store import open_store
    from features.store.audit import Action, note
    from features.store.own_secrets import SecretName, forget_secret

    with closing(open_store(load_config(config).store.url)) as store, store.writing() as connection:
        forget_secret(connection, SecretName.SESSIONS)
        note(connection, person(), Action.SESSIONS_ENDED, now=datetime.now(UTC))
    typer.echo("All sessions end within seconds.")
