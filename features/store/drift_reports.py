"""What comparisons of the newest leads with those of the training found, kept for the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from features.store.schema import drift_reports

KEPT = 100  # comparisons: of a look every night, those of three months


@dataclass(frozen=True)
class DriftReport:
    """One comparison with what `version` learned from; `report` is its JSON, the gravest shifts first."""

    found_at: datetime
    version: str
    severity: str
    report: Mapping[str, Any]


def keep_drift(connection: Connection, found: DriftReport) -> None:
    """Keep a comparison; the oldest go where there are more than KEPT."""
    row = {"found_at": found.found_at, "version": found.version, "severity": found.severity, "report": found.report}
    connection.execute(insert(drift_reports).values(row))
    newest = select(drift_reports.c.id).order_by(drift_reports.c.found_at.desc(), drift_reports.c.id.desc()).limit(KEPT)
    connection.execute(delete(drift_reports).where(drift_reports.c.id.not_in(newest)))


def newest_drift(connection: Connection) -> DriftReport | None:
    """Give the newest comparison; None where there was none yet."""
    columns = drift_reports.c["found_at", "version", "severity", "report"]
    newest = select(*columns).order_by(drift_reports.c.found_at.desc(), drift_reports.c.id.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return None if row is None else DriftReport(*row)
