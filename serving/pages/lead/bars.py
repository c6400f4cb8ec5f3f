"""The reasons of one side of a score as bars, each beginning where the last one ended, so that one sees them add up."""

from collections.abc import Sequence
from dataclasses import dataclass

from features.attributes import Side
from serving.pages.wording.formats import Formats
from serving.pages.wording.marked import N_
from serving.pages.wording.reason_words import say_reason
from serving.reports.lead.score import Bar, ScoreShown, SideShown

SHOWN = 8  # bars of a side; the smaller ones are told together, and one by one below
WIDTH = 100.0  # of the drawing
TITLES = {Side.FIT: N_("Fit: who it is"), Side.ENGAGEMENT: N_("Engagement: what it did")}


@dataclass(frozen=True)
class BarShown:
    """A row with its bar from `x` on, in hundredths of the drawing. `leads`: what became of leads like it, in words."""

    says: str
    points: str
    x: float
    width: float
    is_less: bool
    leads: str


@dataclass(frozen=True)
class SideBars:
    """One side: `bars` add up to `points`; `more` are the bars that the last of them tells together.

    zero: where 0 points are in the drawing.
    """

    side: str
    title: str
    grade: str
    points: str
    zero: float
    bars: Sequence[BarShown]
    more: Sequence[BarShown]


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float

    def at(self, points: float) -> float:
        return round(WIDTH * (points - self.low) / (self.high - self.low), 2)


def side_bars(shown: ScoreShown, f: Formats) -> list[SideBars]:
    """Give the bars of both sides, on one scale."""
    ends = [0.0] + [
        end for side in (shown.fit, shown.engagement) for bar in side.bars for end in (bar.before, bar.after)
    ]
    scale = _Scale(min(ends), max(*ends, min(ends) + 1))
    return [_side(side, scale, f) for side in (shown.fit, shown.engagement)]


def _side(side: SideShown, scale: _Scale, f: Formats) -> SideBars:
    bars = [_shown(bar, scale, f) for bar in side.bars]
    is_long = len(bars) > SHOWN + 1
    first, more = (bars[:SHOWN], bars[SHOWN:]) if is_long else (bars, [])
    together = [_together(side.bars[SHOWN:], scale, f)] if is_long else []
    return SideBars(
        side=side.side.value,
        title=f.words(TITLES[side.side]),
        grade=side.grade,
        points=f.signed(side.points, 1),
        zero=scale.at(0.0),
        bars=[*first, *together],
        more=more,
    )


def _shown(bar: Bar, scale: _Scale, f: Formats) -> BarShown:
    if bar.reason is None:
        return _drawn(f.words("everything else; the model that gave this score is no longer kept"), bar, scale, "", f)
    evidence = bar.reason["evidence"]
    leads = "" if evidence is None else _leads(evidence["conversion_rate"], evidence["leads"], f)
    return _drawn(say_reason(bar.reason, f), bar, scale, leads, f)


def _together(bars: Sequence[Bar], scale: _Scale, f: Formats) -> BarShown:
    whole = Bar(None, round(sum(bar.points for bar in bars), 1), bars[0].before)
    says = f.words.plural("%(count)s smaller reason", "%(count)s smaller reasons, together", len(bars))
    return _drawn(says % {"count": f.number(len(bars))}, whole, scale, "", f)


def _drawn(says: str, bar: Bar, scale: _Scale, leads: str, f: Formats) -> BarShown:
    x, end = sorted((scale.at(bar.before), scale.at(bar.after)))
    return BarShown(says, f.signed(bar.points, 1), x, round(end - x, 2), bar.points < 0, leads)


def _leads(rate: float, leads: int, f: Formats) -> str:
    return f"{f.percent(rate)} {f.of_leads(leads)}"
