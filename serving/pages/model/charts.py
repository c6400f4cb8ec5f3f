"""The pictures of the model page: does a score keep its promise, what moves it, and what moved since."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from features.attributes import Side
from serving.pages.charts.chart import Chart
from serving.pages.charts.colours import EXPECTED, OBSERVED, QUIET
from serving.pages.model.value_words import value_word
from serving.pages.wording.feature_words import feature_title
from serving.pages.wording.formats import Formats
from serving.pages.wording.marked import N_
from serving.reports.model.drift_found import Share, Shift
from serving.reports.model.points_cards import PointsCard
from serving.reports.model.quality import Quality, Tenth

if TYPE_CHECKING:
    import altair as alt

STRONGEST = 10  # features in the picture
MOST_RANGES = 8  # in one picture of a shift: those that changed most
LEAST_END = 0.05  # of an axis of rates
BAR_PIXELS = 26
HEIGHT = 320
LABEL_PIXELS = 160
ROOM = 1.6  # of an axis, so that the figure behind the longest bar fits on a phone too
QUARTERS_FROM = 0.6  # an axis that ends later has a tick every quarter, and none past the whole
PALE = 0.3
SIDE_COLOURS = {Side.FIT: OBSERVED, Side.ENGAGEMENT: EXPECTED}


def reliability(quality: Quality, f: Formats) -> Chart:
    """Show what was promised against what came true, a mark for each tenth of the leads."""
    says = f.words(
        "What was promised against what came true, by groups of equal size, the best scores first. "
        "On the dashed line a promise is kept."
    )
    columns = [N_("Group by score"), N_("Leads"), N_("Promised"), N_("Came true"), N_("95% interval")]
    return Chart(
        id="reliability",
        says=says,
        drawing=_reliability(quality.tenths, f),
        columns=[f.words(name) for name in columns],
        rows=[_tenth(each, f) for each in quality.tenths],
    )


def strongest(cards: Sequence[PointsCard], f: Formats) -> Chart:
    """Show the features that move scores most."""
    shown = cards[:STRONGEST]
    says = f.words("What moves a score most: how far each feature moves it, on average, in points.")
    columns = [f.words("Feature"), f.words("Side"), f.words("Points on average")]
    rows = [
        (feature_title(card.name, card.title, f), side_word(card.side, f), f.number(card.influence, 1))
        for card in shown
    ]
    return Chart("strongest", says, _strongest(shown, f), columns, rows)


def before_and_now(number: int, shift: Shift, f: Formats) -> Chart:
    """Show how the leads lay when the model learned, and how the newest lie."""
    changed = sorted(shift.shares, key=lambda share: -abs(share.newest - share.learned))[:MOST_RANGES]
    shown = [share for share in shift.shares if share in changed]
    title = feature_title(shift.feature, shift.title, f)
    says = f.words("%(feature)s: shares of the leads, then and now.") % {"feature": title}
    columns = [f.words("Value"), f.words("Learned from"), f.words("Newest")]
    rows = [(value_word(share.label, f), f.percent(share.learned, 1), f.percent(share.newest, 1)) for share in shown]
    return Chart(f"shift-{number}", says, _before_and_now(shown, f), columns, rows)


def side_word(side: Side, f: Formats) -> str:
    """Give what a side is called."""
    return f.words("fit") if side is Side.FIT else f.words("engagement")


def _tenth(each: Tenth, f: Formats) -> tuple[str, ...]:
    shares = (f.percent(each.predicted, 1), f.percent(each.observed, 1), f.interval(each.low, each.high))
    return (f.number(each.tenth), f.number(each.leads), *shares)


def _reliability(tenths: Sequence[Tenth], f: Formats) -> "alt.TopLevelMixin":
    import altair as alt  # noqa: PLC0415 - takes half a second

    end = min(1.0, 1.05 * max([LEAST_END, *(max(each.predicted, each.high) for each in tenths)]))
    scale, axis = alt.Scale(domain=[0, end], nice=False), alt.Axis(format=".0%", tickCount=6)
    values = [
        {"predicted": each.predicted, "observed": each.observed, "low": each.low, "high": each.high} for each in tenths
    ]
    promised, came = f.words("Promised: share of SQLs by the scores"), f.words("Came true: share that became SQLs")
    ideal = alt.Chart(alt.InlineData(values=[{"x": 0.0, "y": 0.0}, {"x": end, "y": end}]))
    points = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("predicted:Q", title=promised, scale=scale, axis=axis)
    )
    return alt.layer(
        ideal.mark_line(color=QUIET, strokeDash=[5, 4]).encode(
            x=alt.X("x:Q", title=promised, scale=scale), y=alt.Y("y:Q", title=came, scale=scale, axis=axis)
        ),
        points.mark_rule(color=OBSERVED, strokeWidth=3, opacity=0.5).encode(
            y=alt.Y("low:Q", title=came, scale=scale), y2=alt.Y2("high:Q", title=came)
        ),
        points.mark_point(color=OBSERVED, fill=OBSERVED, size=70, opacity=1).encode(
            y=alt.Y("observed:Q", title=came, scale=scale)
        ),
    ).properties(width="container", height=HEIGHT)


def _strongest(cards: Sequence[PointsCard], f: Formats) -> "alt.TopLevelMixin":
    import altair as alt  # noqa: PLC0415

    values = [
        {
            "feature": feature_title(card.name, card.title, f),
            "points": card.influence,
            "side": side_word(card.side, f),
            "said": f.number(card.influence, 1),
        }
        for card in cards
    ]
    sides = {side_word(side, f): colour for side, colour in SIDE_COLOURS.items()}
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X(
            "points:Q",
            title=f.words("Points on average"),
            scale=alt.Scale(domain=[0, ROOM * max([1.0, *(card.influence for card in cards)])], nice=False),
            axis=alt.Axis(tickCount=5),
        ),
        y=alt.Y("feature:N", title=None, sort=None, axis=alt.Axis(labelLimit=LABEL_PIXELS, ticks=False, domain=False)),
    )
    return alt.layer(
        base.mark_bar(cornerRadiusEnd=3, height={"band": 0.7}).encode(**_told_apart("side", sides, faint=1)),
        base.mark_text(align="left", dx=5).encode(text="said:N"),
    ).properties(width="container", height=max(3, len(cards)) * BAR_PIXELS)


def _before_and_now(shares: Sequence[Share], f: Formats) -> "alt.TopLevelMixin":
    import altair as alt  # noqa: PLC0415

    names = {"learned": f.words("Learned from"), "newest": f.words("Newest")}
    values = [
        {
            "value": value_word(share.label, f),
            "leads": names[at],
            "share": getattr(share, at),
            "said": f.percent(getattr(share, at), 1),
        }
        for share in shares
        for at in names
    ]
    end = ROOM * max([LEAST_END, *(max(share.learned, share.newest) for share in shares)])
    ticks = [tick for tick in (0.0, 0.25, 0.5, 0.75, 1.0) if tick <= end] if end > QUARTERS_FROM else None
    axis = alt.Axis(format=".0%", tickCount=4) if ticks is None else alt.Axis(format=".0%", values=ticks)
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X(
            "share:Q", title=f.words("Share of the leads"), scale=alt.Scale(domain=[0, end], nice=False), axis=axis
        ),
        y=alt.Y("value:N", title=None, sort=None, axis=alt.Axis(labelLimit=LABEL_PIXELS, ticks=False)),
        yOffset=alt.YOffset("leads:N", sort=list(names.values())),
    )
    colours = dict(zip(names.values(), (QUIET, EXPECTED), strict=True))
    return alt.layer(
        base.mark_bar(cornerRadiusEnd=2).encode(**_told_apart("leads", colours, faint=0)),
        base.mark_text(align="left", dx=4).encode(text="said:N"),
    ).properties(width="container", height=max(1, len(shares)) * 2 * BAR_PIXELS)


def _told_apart(field: str, colours: Mapping[str, str], faint: int) -> dict[str, Any]:
    """Tell two kinds of bars apart, by colour and by outline: the `faint` one is pale inside."""
    import altair as alt  # noqa: PLC0415

    names, tones = list(colours), list(colours.values())
    legend = alt.Legend(orient="top", direction="vertical", title=None)
    scale = alt.Scale(domain=names, range=tones)
    fills = alt.Scale(domain=names, range=[PALE if at == faint else 1.0 for at in range(len(names))])
    return {
        "color": alt.Color(f"{field}:N", title=None, sort=names, scale=scale, legend=legend),
        "stroke": alt.Stroke(f"{field}:N", title=None, sort=names, scale=scale, legend=legend),
        "fillOpacity": alt.FillOpacity(f"{field}:N", title=None, sort=names, scale=fills, legend=legend),
    }
