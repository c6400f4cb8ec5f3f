"""One difference between the leads a model learned from and the newest ones, and how grave it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from features.findings import Severity

KINDS = (  # what is wrong with the data before what follows from it
    "column",
    "calibration",
    "base_rate",
    "score",
    "missing",
    "level",
    "event_type",
    "volume",
    "distribution",
)
FALSE_ALARM_RATE = 0.05  # of a whole comparison in which nothing has drifted


class Share(NamedTuple):
    """One range of values, with the share of leads in it: learned from, and newest."""

    label: str
    learned: float
    newest: float


@dataclass(frozen=True)
class Shift:
    """One thing that was compared.

    kind: one of KINDS.
    feature: the feature's name; None for what is not about one. title: what people call it.
    measure: how large the difference is, as the kind has it: an index, a share, a ratio or points.
    learned, newest: the compared figures: a mean, share or rate; None where there is none.
    p_value: how often chance alone would set equal leads apart so far.
    severity: as `grade` gave it. detail: a sentence with the numbers. shares: what a picture of it shows.
    """

    kind: str
    feature: str | None
    title: str
    measure: float
    learned: float | None
    newest: float | None
    p_value: float
    severity: Severity
    detail: str
    shares: tuple[Share, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the shift as plain JSON values."""
        return {
            "kind": self.kind,
            "feature": self.feature,
            "title": self.title,
            "measure": self.measure,
            "learned": self.learned,
            "newest": self.newest,
            "p_value": self.p_value,
            "severity": self.severity.value,
            "detail": self.detail,
            "shares": [share._asdict() for share in self.shares],
        }


def grade(size: float, warning: float, error: float) -> Severity:
    """Grade a difference by its size alone.

    >>> grade(0.12, 0.1, 0.25).value
    'warning'
    """
    if size >= error:
        return Severity.ERROR
    return Severity.WARNING if size >= warning else Severity.INFO


def without_chance(shifts: Sequence[Shift]) -> tuple[Shift, ...]:
    """Make all that chance may have done `info`, the gravest and largest first.

    A difference counts only when it is both large and surely there. With a hundred features, one in a hundred looks
    remarkable by chance; so each p-value must be under .05 divided by how many things were compared
    (Bonferroni): of twenty comparisons of leads that have not drifted, at most one says anything at all.
    """
    bar = FALSE_ALARM_RATE / max(1, len(shifts))
    judged = [shift if shift.p_value < bar else replace(shift, severity=Severity.INFO) for shift in shifts]
    order = list(Severity)
    place = {kind: at for at, kind in enumerate(KINDS)}
    return tuple(sorted(judged, key=lambda shift: (order.index(shift.severity), place[shift.kind], -shift.measure)))
