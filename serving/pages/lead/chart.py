"""How a lead's score went over time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from features.store.ledger import StoredScore
from serving.pages.charts.chart import Chart
from serving.pages.charts.colours import EXPECTED, OBSERVED
from serving.pages.wording.formats import Formats

if TYPE_CHECKING:
    import altair as alt

HEIGHT = 200


def score_chart(course: Sequence[StoredScore], f: Formats) -> Chart | None:
    """Draw the scores, oldest first; None where there are fewer than two."""
    if len(course) < 2:
        return None
    return Chart(
        id="course",
        says=f.words("The score over time: how many of 100 such leads become SQLs"),
        drawing=_drawing(course, f),
        columns=(f.words("As of"), f.words("Score"), f.words("Fit"), f.words("Engagement"), f.words("Model version")),
        rows=[
            (
                f.moment(each.as_of),
                f.number(round(100 * each.probability)),
                each.fit_grade,
                each.engagement_grade,
                each.model_version,
            )
            for each in course
        ],
    )


def _drawing(course: Sequence[StoredScore], f: Formats) -> "alt.TopLevelMixin":
    import altair as alt  # noqa: PLC0415 - slow to import

    data: list[dict[str, Any]] = [
        {
            "at": each.as_of.astimezone(f.zone).strftime("%Y-%m-%dT%H:%M:%S"),  # no zone: shown as it is
            "score": round(100 * each.probability, 2),
            "kind": f.words("at its hand-over") if each.at_hand_over else f.words("later"),
        }
        for each in course
    ]
    base = alt.Chart(alt.InlineData(values=data)).encode(
        x=alt.X("at:T", title=None, axis=alt.Axis(format="%Y-%m-%d", tickCount=5, labelOverlap=True)),
        y=alt.Y("score:Q", title=f.words("Score"), scale=alt.Scale(domainMin=0, nice=True), axis=alt.Axis(tickCount=4)),
    )
    kinds = [f.words("at its hand-over"), f.words("later")]
    marks = base.mark_point(filled=True, size=70, opacity=1).encode(
        color=alt.Color("kind:N", title=None, scale=alt.Scale(domain=kinds, range=[EXPECTED, OBSERVED])),
        shape=alt.Shape("kind:N", title=None, scale=alt.Scale(domain=kinds, range=["diamond", "circle"])),
    )
    line = base.mark_line(interpolate="step-after", color=OBSERVED, strokeWidth=2)
    return alt.layer(line, marks).properties(width="container", height=HEIGHT)
