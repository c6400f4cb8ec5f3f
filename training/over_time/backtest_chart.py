"""The picture of a backtest: what was promised for each period beside what came true."""

from collections.abc import Sequence
from pathlib import Path

import altair as alt

from features.errors import DataError
from features.problems import Problem
from training.over_time.backtest import Step
from training.over_time.backtest_figures import figures
from training.pictures.chart_style import GREY, INK, TEAL, Picture, finished, percent_axis, rows, save_png

ENDINGS = (".png", ".html")
SCORED, AS_FITTED, OBSERVED = "Promised", "Promised without recalibration", "Came true"
MOST_LABELS = 12  # more would lie on one another


def backtest_chart(steps: Sequence[Step]) -> Picture:
    """Draw mean probability and rate by period, the rate with its 95 % interval."""
    found = [figures(step.y, step.p) for step in steps]
    names = [step.period.name for step in steps]
    values = [
        {"period": name, "what": what, "rate": rate, "low": each.low, "high": each.high, "leads": each.leads}
        for name, step, each in zip(names, steps, found, strict=True)
        for what, rate in (
            (SCORED, each.predicted),
            (AS_FITTED, float(step.p_as_fitted.mean())),
            (OBSERVED, each.observed),
        )
    ]
    shown = names[:: -(-len(names) // MOST_LABELS)]
    x = alt.X(
        "period:O", sort=names, title=None, axis=alt.Axis(values=shown, labelAngle=-40, labelLimit=180, grid=False)
    )
    y = alt.Y("rate:Q", title="Share that becomes SQLs", axis=percent_axis())
    colours = alt.Scale(domain=[SCORED, AS_FITTED, OBSERVED], range=[TEAL, "#9ca3af", INK])
    tips = [alt.Tooltip("period:N", title="Period"), alt.Tooltip("what:N", title=" ")]
    tips += [alt.Tooltip("rate:Q", title="Rate", format=".1%"), alt.Tooltip("leads:Q", title="Leads", format=",d")]
    base = alt.Chart(rows(values)).encode(x=x)
    lines = base.encode(y=y, color=alt.Color("what:N", scale=colours, sort=None), tooltip=tips)
    is_observed = alt.datum.what == OBSERVED
    return finished(
        [
            base.transform_filter(is_observed)
            .mark_rule(color=GREY, opacity=0.5, strokeWidth=2)
            .encode(y=alt.Y("low:Q"), y2="high:Q"),
            lines.transform_filter(alt.datum.what != OBSERVED).mark_line(strokeWidth=2.5),
            lines.transform_filter(is_observed).mark_point(filled=True, size=60, opacity=1),
        ],
        "What was promised for each period, and what came true",
        f"{sum(each.leads for each in found):,} leads in {len(steps)} periods; bars are 95% intervals",
    )


def refuse_ending(path: Path) -> None:
    """Raise DataError where a file's name does not say which kind of picture is wanted."""
    if path.suffix.lower() not in ENDINGS:
        raise DataError([Problem("is no picture's name", f"let it end in {' or '.join(ENDINGS)}", value=str(path))])


def save_chart(chart: Picture, path: Path) -> None:
    """Write the picture as .png, or as .html to look at closely. Raises DataError where that cannot be."""
    refuse_ending(path)
    try:
        if path.suffix.lower() == ".png":
            save_png(chart, path)
        else:
            chart.save(str(path), inline=True)
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise DataError([Problem(what, "give another file to --chart", file=str(path))]) from error
