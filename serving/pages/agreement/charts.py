"""Pictures of the agreement: what was delivered against what was promised, and what became of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from serving.pages.charts.chart import Chart
from serving.pages.charts.colours import EXPECTED, OBSERVED, QUIET
from serving.pages.charts.rates import rates_chart
from serving.pages.wording.formats import Formats
from serving.pages.wording.marked import N_
from serving.reports.agreement.report import DeliveryWeek
from serving.reports.rates import Rate

if TYPE_CHECKING:
    import altair as alt

SAYS = {  # by whether leads were to be worked by a time, and whether a number was promised
    (True, True): N_("Leads delivered each week, and how they were worked; the dashed line is the promised number"),
    (True, False): N_("Leads delivered each week, and how they were worked"),
    (False, True): N_("Leads delivered each week; the dashed line is the promised number"),
    (False, False): N_("Leads delivered each week"),
}
WORKED = (N_("worked in time"), N_("not worked in time"), N_("not due yet"))
HEIGHT = 240
WEEKS_A_YEAR = 52


def delivery_chart(weeks: Sequence[DeliveryWeek], f: Formats) -> Chart | None:
    """Draw what was delivered each week, oldest first, and how it was worked; None where there is nothing to draw."""
    if not any(each.delivered.leads for each in weeks):
        return None
    is_due, promised = any(each.delivered.handling.due for each in weeks), weeks[-1].promise.leads
    states = [f.words(state) for state in WORKED] if is_due else []
    counts = [_counts(each) if is_due else () for each in weeks]
    return Chart(
        id="deliveries",
        says=f.words(SAYS[is_due, promised is not None]),
        drawing=_delivery_drawing(_bars(weeks, states, f), states, promised, f),
        columns=(f.words("Week from"), f.words("Promised"), f.words("Delivered"), *states),
        rows=[
            (f.date(each.week), f.number(each.promise.leads), f.number(each.delivered.leads), *map(f.number, of_week))
            for each, of_week in zip(weeks, counts, strict=True)
        ],
    )


def cohort_chart(weeks: Sequence[DeliveryWeek], f: Formats) -> Chart | None:
    """Draw the rate of each week's own leads against what their scores said; None before any is known.

    Where only some of the leads had a score, it is of those.
    """
    known = [each for each in weeks if each.delivered.counted.judged]
    if not known:
        return None
    rates = [(label, _rate(each)) for label, each in zip(_labels(known, f), known, strict=True)]
    says = f.words("How many of each week's leads became SQLs, and how many their scores said")
    return rates_chart("cohorts", says, f.words("Week from"), rates, f)


def _counts(each: DeliveryWeek) -> tuple[int, ...]:
    """Give how many leads there are of each of WORKED."""
    return each.delivered.handling.in_time, each.delivered.breaches, each.delivered.not_due


def _bars(weeks: Sequence[DeliveryWeek], states: Sequence[str], f: Formats) -> list[dict[str, Any]]:
    """Give the parts of the bars, from below; a bar is whole where no state is told."""
    labels = _labels(weeks, f)
    if not states:
        return [{"week": label, "leads": each.delivered.leads} for label, each in zip(labels, weeks, strict=True)]
    return [
        {"week": label, "state": state, "order": order, "leads": count}
        for label, each in zip(labels, weeks, strict=True)
        for order, (state, count) in enumerate(zip(states, _counts(each), strict=True))
    ]


def _labels(weeks: Sequence[DeliveryWeek], f: Formats) -> list[str]:
    written = f.day if len(weeks) < WEEKS_A_YEAR else f.date
    return [written(each.week) for each in weeks]


def _rate(each: DeliveryWeek) -> Rate:
    counted = each.delivered.counted
    return counted.scored_rate if counted.scored else counted.rate


def _delivery_drawing(
    bars: list[dict[str, Any]], states: Sequence[str], promised: int | None, f: Formats
) -> "alt.TopLevelMixin":
    import altair as alt  # noqa: PLC0415 - slow, and needed by charts alone

    weeks = list(dict.fromkeys(bar["week"] for bar in bars))
    axis = alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8, grid=False)
    drawn = alt.Chart(alt.InlineData(values=bars)).mark_bar(color=OBSERVED)
    drawn = drawn.encode(
        x=alt.X("week:O", scale=alt.Scale(domain=weeks), axis=axis, title=None),
        y=alt.Y("leads:Q", title=f.words("leads"), axis=alt.Axis(tickMinStep=1, tickCount=5)),
    )
    if states:
        colours = alt.Scale(domain=list(states), range=[OBSERVED, EXPECTED, QUIET])
        legend = alt.Legend(title=None, direction="vertical")
        drawn = drawn.encode(color=alt.Color("state:N", scale=colours, legend=legend), order=alt.Order("order:Q"))
    layers = [drawn]
    if promised is not None:
        line = alt.Chart(alt.InlineData(values=[{"leads": promised}])).encode(y="leads:Q")
        layers.append(line.mark_rule(strokeDash=[6, 4], strokeWidth=2, color=QUIET))
    return alt.layer(*layers).properties(width="container", height=HEIGHT)
