"""What the last comparison of the newest leads with those of the training found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from features.findings import Severity
from features.store.drift_reports import DriftReport


@dataclass(frozen=True)
class Share:
    """One range of values, with the share of leads in it: learned from, and newest."""

    label: str
    learned: float
    newest: float


@dataclass(frozen=True)
class Shift:
    """One thing that moved. `kind` says what: a column, the scores, a feature's values ...; see `training.drifting`.

    feature: its name, or that of the event type or column; None where it is of none. learned, newest: the compared
    figures; None where there is none. shares: how the leads lie, then and now.
    """

    kind: str
    feature: str | None
    title: str
    severity: Severity
    measure: float
    learned: float | None
    newest: float | None
    shares: tuple[Share, ...]

    @property
    def most_changed(self) -> Share | None:
        """Give the range whose share of leads changed most."""
        return max(self.shares, key=lambda share: abs(share.newest - share.learned), default=None)


@dataclass(frozen=True)
class Drift:
    """One comparison with the leads that `version` learned from. found: what moved, the gravest first.

    compared: how many things were. matured, sqls: the newest leads whose outcome is known, and the SQLs of them;
    expected: how many their scores said. All are 0 where none is known.
    """

    found_at: datetime
    version: str
    severity: Severity
    leads: int
    learned: int
    compared: int
    found: tuple[Shift, ...]
    matured: int
    sqls: int
    expected: float

    @classmethod
    def of(cls, kept: DriftReport) -> "Drift":
        """Read what the comparison wrote."""
        said, matured = kept.report, kept.report.get("matured") or {}
        shifts = map(_shift, said["shifts"])
        return cls(
            found_at=kept.found_at,
            version=kept.version,
            severity=Severity(kept.severity),
            leads=said["leads"],
            learned=said["learned"],
            compared=said["compared"],
            found=tuple(shift for shift in shifts if shift.severity is not Severity.INFO),
            matured=matured.get("leads", 0),
            sqls=matured.get("sqls", 0),
            expected=matured.get("expected", 0.0),
        )


def _shift(said: Mapping[str, Any]) -> Shift:
    return Shift(
        kind=said["kind"],
        feature=said["feature"],
        title=said["title"],
        severity=Severity(said["severity"]),
        measure=said["measure"],
        learned=said["learned"],
        newest=said["newest"],
        shares=tuple(Share(**share) for share in said["shares"]),
    )
