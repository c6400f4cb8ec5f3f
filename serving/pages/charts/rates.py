"""A chart of rates, one below the other: what was observed with its interval, beside what was expected."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from serving.pages.charts.chart import Chart
from serving.pages.charts.colours import EXPECTED, OBSERVED
from serving.pages.wording.formats import NONE, Formats
from serving.pages.wording.marked import N_
from serving.reports.rates import Rate

if TYPE_CHECKING:
    import altair as alt

ROW_PIXELS = 26
MARK_PIXELS = 80  # of a point's area
OBSERVED_WORD, EXPECTED_WORD = N_("observed, with its 95% interval"), N_("expected by their scores")


def rates_chart(id: str, says: str, group: str, rates: Sequence[tuple[str, Rate]], f: Formats) -> Chart:  # noqa: A002  # HTML's
    """Give the chart. `group`: what the names of the rates are, as "Week"; rates of no leads are left out."""
    known = [(name, rate) for name, rate in rates if rate.leads]
    columns = (
        group,
        f.words("Observed rate"),
        f.words("95% interval"),
        f.words("SQLs"),
        f.words("Of leads"),
        f.words("Expected rate"),
    )
    return Chart(id, says, _drawing(known, f), columns, [_row(name, rate, f) for name, rate in known])


def _row(name: str, rate: Rate, f: Formats) -> Sequence[str]:
    return (
        name,
        f.percent(rate.share),
        f.interval(rate.low, rate.high),
        f.number(rate.positives),
        f.number(rate.leads),
        NONE if rate.expected_share is None else f.percent(rate.expected_share),
    )


def _drawing(rates: Sequence[tuple[str, Rate]], f: Formats) -> "alt.TopLevelMixin":
    import altair as alt  # noqa: PLC0415 - slow, and needed by charts alone

    names = [name for name, _ in rates]
    kinds = [f.words(OBSERVED_WORD), f.words(EXPECTED_WORD)]
    y = alt.Y("name:N", title=None, sort=names, axis=alt.Axis(ticks=False, domain=False, labelLimit=200, offset=8))
    percent = alt.Axis(format=".0%", tickCount=6, labelOverlap=True)
    intervals = [{"name": name, "low": rate.low, "high": rate.high} for name, rate in rates]
    spans = (
        alt.Chart(alt.InlineData(values=intervals))
        .mark_rule(strokeWidth=4, opacity=0.45, color=OBSERVED)
        .encode(x=alt.X("low:Q", title=None, axis=percent), x2="high:Q", y=y)
    )
    points: list[dict[str, Any]] = []
    for name, rate in rates:
        points.append({"name": name, "kind": kinds[0], "share": rate.share})
        if rate.expected_share is not None:
            points.append({"name": name, "kind": kinds[1], "share": rate.expected_share})
    legend = alt.Legend(title=None, orient="top", direction="vertical", labelLimit=300)
    colour = alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[OBSERVED, EXPECTED]), legend=legend)
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=["circle", "diamond"]), legend=legend)
    marks = (
        alt.Chart(alt.InlineData(values=points))
        .mark_point(filled=True, opacity=1, size=MARK_PIXELS)
        .encode(x=alt.X("share:Q", title=None, axis=percent), y=y, color=colour, shape=shape)
    )
    return alt.layer(spans, marks).properties(width="container", height=max(1, len(rates)) * ROW_PIXELS)
