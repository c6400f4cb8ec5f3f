"""A feature as a points card: what each of its values was worth in training."""

from collections.abc import Sequence
from dataclasses import dataclass

from features.catalog import Feature
from serving.model.evidence import Cell, FeatureEvidence
from serving.model.points import signed
from serving.model.scoring import ScoringModel
from training.measuring.wilson import wilson

MOST_LEVELS = 12
FEW_LEADS = 30  # with fewer, a conversion rate can be off by a fifth and more either way


@dataclass(frozen=True)
class Bar:
    """A bar from zero in the middle of a drawing 100 wide."""

    x: float
    width: float
    positive: bool


@dataclass(frozen=True)
class ValueRow:
    """A range of values or a level: training leads, SQLs, their rate with its 95 % interval, and typical points."""

    label: str
    leads: str
    sqls: str
    rate: str
    interval: str
    points: str
    bar: Bar
    few: bool


@dataclass(frozen=True)
class PointsCard:
    """One feature. `influence` is the mean distance from the average lead over the training leads, in points."""

    anchor: str
    title: str
    side: str
    how: str
    influence: float
    influence_text: str
    share: float
    rows: tuple[ValueRow, ...]


def points_cards(model: ScoringModel) -> tuple[PointsCard, ...]:
    """Give every feature's card, the one that moves scores most first.

    All bars have one scale, so that cards can be compared; `share` is the influence as a percentage of the greatest.
    """
    pairs = list(zip(model.catalog.features, model.evidence, strict=True))
    end = max([1.0, *(abs(cell.mean_points) for _, evidence in pairs for cell in _cells(evidence))])
    greatest = max([1e-9, *(_influence(evidence) for _, evidence in pairs)])
    ranked = sorted(pairs, key=lambda pair: -_influence(pair[1]))
    return tuple(_card(at, *pair, end, greatest) for at, pair in enumerate(ranked, start=1))


def bar(points: float, end: float) -> Bar:
    """Give the bar of points on a scale from -end to +end.

    >>> bar(-5.0, 10.0)
    Bar(x=25.0, width=25.0, positive=False)
    """
    width = round(50 * abs(points) / end, 2)
    return Bar(50.0 if points >= 0 else round(50 - width, 2), width, points >= 0)


def _card(at: int, feature: Feature, evidence: FeatureEvidence, end: float, greatest: float) -> PointsCard:
    influence = _influence(evidence)
    return PointsCard(
        anchor=f"feature-{at}",
        title=feature.title,
        side=feature.side.value,
        how=_how(feature),
        influence=influence,
        influence_text=f"{influence:.1f}",
        share=round(100 * influence / greatest, 2),
        rows=tuple(_row(cell, end) for cell in _shown(evidence)),
    )


def _how(feature: Feature) -> str:
    missing = feature.missing if feature.missing.startswith("never") else f"missing means {feature.missing}"
    return f"{feature.how}; {missing}"


def _shown(evidence: FeatureEvidence) -> tuple[Cell, ...]:
    """Give the cells as they come; of a category with many levels, those with most leads, and all others as one."""
    cells = _cells(evidence)
    if not evidence.levels:
        return cells
    levels = sorted((cell for cell in cells if cell is not evidence.missing), key=lambda cell: -cell.leads)
    shown = len(levels) if len(levels) <= MOST_LEVELS + 1 else MOST_LEVELS  # one level alone is not worth hiding
    rest, missing = levels[shown:], cells[len(levels) :]
    return (*levels[:shown], *([_pooled(rest)] if rest else []), *missing)


def _pooled(cells: Sequence[Cell]) -> Cell:
    leads = sum(cell.leads for cell in cells)
    points = sum(cell.leads * cell.mean_points for cell in cells) / leads
    return Cell(f"{len(cells)} rarer values", leads, sum(cell.sqls for cell in cells), points)


def _row(cell: Cell, end: float) -> ValueRow:
    low, high = wilson(cell.sqls, cell.leads)
    return ValueRow(
        label=cell.label,
        leads=f"{cell.leads:,}",
        sqls=f"{cell.sqls:,}",
        rate=f"{cell.conversion_rate:.1%}",
        interval=f"{low:.0%} to {high:.0%}",
        points=signed(round(cell.mean_points)),
        bar=bar(cell.mean_points, end),
        few=cell.leads < FEW_LEADS,
    )


def _cells(evidence: FeatureEvidence) -> tuple[Cell, ...]:
    """Give the cells that training leads fell to, the missing last."""
    cells = (*evidence.cells, *([evidence.missing] if evidence.missing else []))
    return tuple(cell for cell in cells if cell.leads)


def _influence(evidence: FeatureEvidence) -> float:
    cells = _cells(evidence)
    leads = sum(cell.leads for cell in cells)
    return sum(cell.leads * abs(cell.mean_points) for cell in cells) / max(1, leads)
