"""How good a model was on leads newer than those it was fitted on: what its bundle says, as typed numbers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Measured:
    """A figure with its 95 % interval; the ends are None where the leads do not tell."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Tenth:
    """A tenth of the leads by score; `tenth` 1 has the highest.

    predicted: the mean probability. observed: the rate that came true, `low` to `high` its 95 % interval (Wilson).
    """

    tenth: int
    leads: int
    predicted: float
    observed: float
    low: float
    high: float

    @property
    def has_held(self) -> bool:
        """Say whether what was promised lies within the interval of what came true."""
        return self.low <= self.predicted <= self.high


@dataclass(frozen=True)
class Quality:
    """What was measured; what a model cannot say is None, and without any lead there are no tenths.

    ranks_above: how often an SQL scores above another lead (ROC AUC). top_share: the share of all SQLs that the best
    30 % of leads hold. top_lift: SQLs in the best tenth, in multiples of the average.
    """

    leads: int
    sqls: int
    ranks_above: Measured | None
    top_share: Measured | None
    top_lift: Measured | None
    tenths: tuple[Tenth, ...]

    @property
    def promised(self) -> float:
        """Give how many SQLs the probabilities of these leads add up to."""
        return sum(each.leads * each.predicted for each in self.tenths)

    @property
    def held(self) -> int:
        """Give in how many tenths the promise held."""
        return sum(each.has_held for each in self.tenths)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Quality":
        """Read `ModelInfo.quality`, or the part of it that a version keeps."""
        return cls(
            leads=said.get("leads", 0),
            sqls=said.get("positives", 0),
            ranks_above=_measured(said, "roc_auc"),
            top_share=_measured(said, "sqls_in_top_30_percent"),
            top_lift=_measured(said, "lift_top_tenth"),
            tenths=tuple(Tenth(**each) for each in said.get("tenths", ())),
        )

    def to_json(self) -> dict[str, Any]:
        """Give the quality as plain JSON values."""
        return asdict(self) | {"promised": self.promised, "tenths_held": self.held}


def _measured(said: Mapping[str, Any], name: str) -> Measured | None:
    value = said.get(name)
    if value is None:
        return None
    low, high = said.get("intervals", {}).get(name, (None, None))
    return Measured(value, low, high)
