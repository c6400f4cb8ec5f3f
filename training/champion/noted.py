"""A change of champion, noted in the store beside what MLflow records: there everybody's deeds stand together."""

import sys
from contextlib import closing
from datetime import UTC, datetime

from features.config import Config
from features.errors import StoreError
from features.store import open_store
from features.store.audit import Action, note


def note_champion(config: Config, action: Action, version: str, who: str, why: str) -> None:
    """Note who made a version the champion, and why; where the store cannot be used, say so and stop nothing."""
    try:
        with closing(open_store(config.store.url)) as store, store.writing() as connection:
            note(connection, who, action, now=datetime.now(UTC), subject=f"version {version}", detail=why)
    except StoreError as error:
        sys.stderr.write(f"The change of champion is recorded in MLflow, but not in the audit log: {error}\n")
