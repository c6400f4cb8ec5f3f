"""A feature as a points card, in the words and figures of the model card."""

from dataclasses import dataclass

from serving.model.points import signed
from serving.model.scoring import ScoringModel
from serving.reports.model import points_cards as numbers
from serving.reports.model.points_cards import Bar, CardValue, bar, scale_of


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
    cards, end = numbers.points_cards(model), scale_of(model)
    greatest = max([1e-9, *(card.influence for card in cards)])
    return tuple(_card(at, card, end, greatest) for at, card in enumerate(cards, start=1))


def _card(at: int, card: numbers.PointsCard, end: float, greatest: float) -> PointsCard:
    return PointsCard(
        anchor=f"feature-{at}",
        title=card.title,
        side=card.side.value,
        how=card.how,
        influence=card.influence,
        influence_text=f"{card.influence:.1f}",
        share=round(100 * card.influence / greatest, 2),
        rows=tuple(_row(value, end) for value in card.values),
    )


def _row(value: CardValue, end: float) -> ValueRow:
    low, high = value.interval
    return ValueRow(
        label=value.label,
        leads=f"{value.leads:,}",
        sqls=f"{value.sqls:,}",
        rate=f"{value.rate:.1%}",
        interval=f"{low:.0%} to {high:.0%}",
        points=signed(round(value.points)),
        bar=bar(value.points, end),
        few=value.is_few,
    )
