"""A chart of why sales rejects leads: a bar a reason."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from serving.pages.charts.chart import Chart
from serving.pages.charts.colours import EXPECTED
from serving.pages.wording.formats import Formats
from serving.pages.wording.terms import reason_word
from serving.reports.reasons import Rejected

if TYPE_CHECKING:
    import altair as alt

BAR_PIXELS = 28
SHOWN = 10  # reasons


def reasons_chart(id: str, says: str, rejected: Rejected, f: Formats) -> Chart:  # noqa: A002 - HTML's
    """Give the chart of the most common reasons."""
    shown = rejected.reasons[:SHOWN]
    shares = [rejected.share_of(each.reason).share for each in shown]
    rows = [
        (reason_word(each.reason, f.words), f.number(each.leads), f.percent(share))
        for each, share in zip(shown, shares, strict=True)
    ]
    columns = (f.words("Reason"), f.words("Leads"), f.words("Share of the rejected"))
    return Chart(id, says, _drawing(rows, [each.leads for each in shown]), columns, rows)


def _drawing(rows: Sequence[Sequence[str]], leads: Sequence[int]) -> "alt.TopLevelMixin":
    import altair as alt  # noqa: PLC0415 - slow, and needed by charts alone

    values = [
        {"reason": reason, "leads": count, "told": f"{written} · {share}"}
        for (reason, written, share), count in zip(rows, leads, strict=True)
    ]
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("leads:Q", title=None, axis=None, scale=alt.Scale(domainMax=1.5 * max(leads, default=1))),
        y=alt.Y("reason:N", title=None, sort=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=180)),
    )
    bars = base.mark_bar(color=EXPECTED, cornerRadiusEnd=3, height={"band": 0.65})
    told = base.mark_text(align="left", dx=6).encode(text="told:N")
    return alt.layer(bars, told).properties(width="container", height=max(1, len(rows)) * BAR_PIXELS)
