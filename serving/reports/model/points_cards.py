"""Each feature as a points card: what each of its values was worth in training, and how many leads stand behind it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from features.attributes import Side
from features.catalog import Feature
from features.wilson import wilson
from serving.model.evidence import Cell, FeatureEvidence
from serving.model.scoring import ScoringModel

MOST_LEVELS = 12
FEW_LEADS = 30  # with fewer, a conversion rate can be off by a fifth and more either way


@dataclass(frozen=True)
class CardValue:
    """A range of values or a level: training leads, how many became SQLs, and typical points.

    rarer: of how many levels this is the rest; 0 where it is one of its own.
    """

    label: str
    leads: int
    sqls: int
    points: float
    rarer: int = 0

    @property
    def rate(self) -> float:
        """Give SQLs per lead, 0 to 1."""
        return self.sqls / self.leads

    @property
    def interval(self) -> tuple[float, float]:
        """Give the 95 % interval of the rate (Wilson 1927)."""
        return wilson(self.sqls, self.leads)

    @property
    def is_few(self) -> bool:
        """Say whether so few leads stand behind it that the rate says little."""
        return self.leads < FEW_LEADS

    def to_json(self) -> dict[str, Any]:
        """Give the value as plain JSON values."""
        return asdict(self) | {"rate": self.rate, "interval_95": list(self.interval)}


@dataclass(frozen=True)
class PointsCard:
    """One feature. `influence` is the mean distance from the average lead over the training leads, in points."""

    name: str
    title: str
    side: Side
    how: str
    influence: float
    values: tuple[CardValue, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the card as plain JSON values."""
        said = {"feature": self.name, "label": self.title, "side": self.side.value, "how": self.how}
        return said | {"influence": self.influence, "values": [value.to_json() for value in self.values]}


@dataclass(frozen=True)
class Bar:
    """A bar from zero in the middle of a drawing 100 wide."""

    x: float
    width: float
    positive: bool


def points_cards(model: ScoringModel) -> tuple[PointsCard, ...]:
    """Give every feature's card, the one that moves scores most first."""
    cards = (_card(*pair) for pair in zip(model.catalog.features, model.evidence, strict=True))
    return tuple(sorted(cards, key=lambda card: -card.influence))


def scale_of(model: ScoringModel) -> float:
    """Give the points at the end of a drawing in which all bars have one scale, so that cards can be compared."""
    return max([1.0, *(abs(cell.mean_points) for evidence in model.evidence for cell in _cells(evidence))])


def bar(points: float, end: float) -> Bar:
    """Give the bar of points on a scale from -end to +end.

    >>> bar(-5.0, 10.0)
    Bar(x=25.0, width=25.0, positive=False)
    """
    width = round(50 * abs(points) / end, 2)
    return Bar(50.0 if points >= 0 else round(50 - width, 2), width, points >= 0)


def _card(feature: Feature, evidence: FeatureEvidence) -> PointsCard:
    return PointsCard(
        name=feature.name,
        title=feature.title,
        side=feature.side,
        how=_how(feature),
        influence=_influence(evidence),
        values=_shown(evidence),
    )


def _how(feature: Feature) -> str:
    missing = feature.missing if feature.missing.startswith("never") else f"missing means {feature.missing}"
    return f"{feature.how}; {missing}"


def _shown(evidence: FeatureEvidence) -> tuple[CardValue, ...]:
    """Give the cells as they come; of a category with many levels, those with most leads, and all others as one."""
    cells = _cells(evidence)
    if not evidence.levels:
        return tuple(map(_value, cells))
    levels = sorted((cell for cell in cells if cell is not evidence.missing), key=lambda cell: -cell.leads)
    shown = len(levels) if len(levels) <= MOST_LEVELS + 1 else MOST_LEVELS  # one level alone is not worth hiding
    rest, missing = levels[shown:], cells[len(levels) :]
    return (*map(_value, levels[:shown]), *([_pooled(rest)] if rest else []), *map(_value, missing))


def _value(cell: Cell) -> CardValue:
    return CardValue(cell.label, cell.leads, cell.sqls, cell.mean_points)


def _pooled(cells: Sequence[Cell]) -> CardValue:
    leads = sum(cell.leads for cell in cells)
    points = sum(cell.leads * cell.mean_points for cell in cells) / leads
    return CardValue(f"{len(cells)} rarer values", leads, sum(cell.sqls for cell in cells), points, len(cells))


def _cells(evidence: FeatureEvidence) -> tuple[Cell, ...]:
    """Give the cells that training leads fell to, the missing last."""
    cells = (*evidence.cells, *([evidence.missing] if evidence.missing else []))
    return tuple(cell for cell in cells if cell.leads)


def _influence(evidence: FeatureEvidence) -> float:
    cells = _cells(evidence)
    leads = sum(cell.leads for cell in cells)
    return sum(cell.leads * abs(cell.mean_points) for cell in cells) / max(1, leads)
