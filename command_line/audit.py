"""The command that tells who did what."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from command_line.options import DEFAULT_CONFIG, ConfigPath, JsonPath
from features.config import load_config
from training.terminal import show


def audit(
    last: Annotated[int, typer.Option(help="Show so many entries at most.", min=1, max=100_000)] = 100,
    since: Annotated[
        datetime | None, typer.Option(help="Show those since this day, in UTC.", formats=["%Y-%m-%d"])
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Tell who promoted, rolled back, erased, logged in, made or revoked keys; the newest comes first."""
    from features.store import open_store
    from features.store.audit import newest_entries
    from serving.audit_report import audit_json, render_audit

    from_day = None if since is None else since.replace(tzinfo=UTC)
    with closing(open_store(load_config(config).store.url)) as store, store.reading() as connection:
        found = newest_entries(connection, last, from_day)
    show(render_audit(found), audit_json(found), json)
