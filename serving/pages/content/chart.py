"""Draws the rates of leads that took a content beside those of similar leads that did not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from serving.pages.charts.chart import Chart
from serving.pages.charts.colours import EXPECTED, OBSERVED
from serving.pages.wording.formats import NONE, Formats
from serving.pages.wording.marked import N_
from serving.reports.content.matched import Estimate, Matched
from serving.reports.content.offer import Difference, Offer
from serving.reports.content.report import ContentReport

if TYPE_CHECKING:
    import altair as alt

MOST_DRAWN = 20  # of the contents: those that stand out, then those with the most leads to compare
STEP = 28  # pixels between two contents
Compared = Sequence[tuple[Offer, Matched]]

DIFFERENCES = {
    Difference.FEW: N_("too few to tell"),
    Difference.UNCLEAR: N_("no clear difference"),
    Difference.BETTER: N_("better"),
    Difference.WORSE: N_("worse"),
}


def comparison_chart(report: ContentReport, formats: Formats) -> Chart:
    """Give the chart of all contents that can be compared, the greatest gain first."""
    words = formats.words
    columns = (
        words(N_("Content")),
        words(N_("Took it")),
        words(N_("Similar, did not")),
        words(N_("Difference, percentage points")),
        words(N_("Odds ratio")),
        words(N_("Reading")),
    )
    return Chart(
        id="compared",
        says=words(N_("MQL to SQL rate of leads that took each content, and of similar leads that did not")),
        drawing=_drawing(
            _drawn(report.compared),
            words(N_("took it")),
            words(N_("similar, did not take it")),
            words(N_("MQL to SQL")),
        ),
        columns=columns,
        rows=[_row(offer, found, formats) for offer, found in report.compared],
    )


def difference_words(difference: Difference, formats: Formats) -> str:
    """Give what a comparison says."""
    return formats.words(DIFFERENCES[difference])


def difference_interval(difference: Estimate, formats: Formats) -> str:
    """Give the interval of a difference of shares, in percentage points.

    >>> from babel import Locale
    >>> from zoneinfo import ZoneInfo
    >>> from serving.pages.wording.words import words_of
    >>> difference_interval(Estimate(0.05, -0.012, 0.112), Formats(Locale("en"), ZoneInfo("UTC"), words_of("en")))
    '−1 to +11'
    """
    ends = {"low": formats.signed(100 * difference.low), "high": formats.signed(100 * difference.high)}
    return formats.words(N_("%(low)s to %(high)s")) % ends


def _drawn(compared: Compared) -> Compared:
    first = sorted(compared, key=lambda pair: (pair[0].difference is Difference.UNCLEAR, -pair[1].with_leads))
    return sorted(first[:MOST_DRAWN], key=lambda pair: -pair[1].difference.value)


def _row(offer: Offer, found: Matched, formats: Formats) -> Sequence[str]:
    odds = found.odds_ratio
    ratio = NONE
    if odds is not None:
        low, middle, high = (formats.number(value, 2) for value in (odds.low, odds.value, odds.high))
        ratio = f"{middle} ({low}–{high})"
    return (
        offer.name,
        f"{formats.percent(found.with_share)} {formats.of_leads(found.with_leads)}",
        f"{formats.percent(found.without_share)} {formats.of_leads(found.without_leads)}",
        f"{formats.signed(100 * found.difference.value)} ({difference_interval(found.difference, formats)})",
        ratio,
        difference_words(offer.difference, formats),
    )


def _drawing(drawn: Compared, took: str, similar: str, title: str) -> "alt.TopLevelMixin":
    import altair as alt  # noqa: PLC0415 - slow to import

    order = [offer.name for offer, _ in drawn]
    bars = [{"content": offer.name, **_span(found)} for offer, found in drawn]
    dots = [
        {"content": offer.name, "who": who, "share": share}
        for offer, found in drawn
        for who, share in ((took, found.with_share), (similar, found.without_share))
    ]
    y = alt.Y("content:N", sort=order, title=None, axis=alt.Axis(labelLimit=150, grid=True))
    axis = alt.Axis(format=".0%", tickCount=6, grid=False)
    x = alt.X("share:Q", title=title, axis=axis, scale=alt.Scale(zero=False))
    colours = alt.Scale(domain=[took, similar], range=[OBSERVED, EXPECTED])
    shapes = alt.Scale(domain=[took, similar], range=["circle", "diamond"])
    legend = alt.Legend(title=None, labelLimit=300, columns=1)
    spans = alt.Chart(alt.InlineData(values=bars)).mark_rule(color=OBSERVED, strokeWidth=2)
    points = alt.Chart(alt.InlineData(values=dots)).mark_point(filled=True, size=80, opacity=1)
    layers = (
        spans.encode(x=alt.X("low:Q", title=title), x2="high:Q", y=y),
        points.encode(
            x=x,
            y=y,
            color=alt.Color("who:N", scale=colours, legend=legend),
            shape=alt.Shape("who:N", scale=shapes, legend=legend),
        ),
    )
    return alt.layer(*layers).properties(width="container", height=max(1, len(drawn)) * STEP)


def _span(found: Matched) -> dict[str, float]:
    """Give where the takers' rate may lie: it reaches the similar leads' one where the difference may be none."""
    low, high = (found.without_share + end for end in (found.difference.low, found.difference.high))
    return {"low": max(0.0, low), "high": min(1.0, high)}
