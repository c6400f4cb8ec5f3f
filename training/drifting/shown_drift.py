"""Keeps a comparison in the store, so that the pages show it."""

import sys
from contextlib import closing
from datetime import datetime
from typing import Any

import orjson

from features.config import Config
from features.errors import StoreError
from features.store import open_store
from features.store.drift_reports import DriftReport, keep_drift
from training.drifting.drift import Drift

KEPT_SHIFTS = 60  # the gravest and largest; of a wide table, the others are hundreds that did not move


def show_drift(config: Config, drift: Drift, now: datetime) -> None:
    """Keep the comparison; a store that cannot be used stops nothing, and is said on standard error."""
    found = DriftReport(now, drift.version, drift.severity.value, _report(drift))
    try:
        with closing(open_store(config.store.url)) as store, store.writing() as connection:
            keep_drift(connection, found)
    except StoreError as error:
        sys.stderr.write(f"The pages do not show this comparison: {error}\n")


def _report(drift: Drift) -> dict[str, Any]:
    whole = drift.to_json()
    bounded = whole | {"shifts": whole["shifts"][:KEPT_SHIFTS]}
    plain: dict[str, Any] = orjson.loads(orjson.dumps(bounded, option=orjson.OPT_SERIALIZE_NUMPY))
    return plain
