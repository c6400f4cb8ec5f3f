"""Four pictures of a model: is it honest, what does it gain, does it separate, and what moves it.

The same for notebooks, pages and MLflow. Each draws a few hundred rows at most, however many leads there were.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
from numpy.typing import NDArray

from features.attributes import Side
from training.measuring.evaluation import Tenth
from training.pictures.chart_style import GREY, INK, SIDE_COLOURS, TEAL, Picture, finished, percent_axis, rows

Floats = NDArray[np.float64]

CURVE_POINTS = 201
BINS = 32
MARKED_SHARE = 0.3  # of the leads: how many SQLs the best of them hold is what a sales team asks
FEATURES_SHOWN = 12

_BAR_PIXELS = 28
_SIDE_NAMES = {Side.FIT: "Fit: who the lead is", Side.ENGAGEMENT: "Engagement: what the lead did"}


@dataclass(frozen=True)
class Influence:
    """How far a feature moves scores: the mean distance from the average lead over many leads, in points.

    Labels tell the features apart, so each occurs once.
    """

    label: str
    points: float
    side: Side


def model_pictures(
    tenths: Sequence[Tenth], p: Floats, y: Floats, influences: Sequence[Influence]
) -> dict[str, Picture]:
    """Give all four by file name; `p` [n] are probabilities of leads not trained on, `y` [n] their outcomes, 1 or 0."""
    return {
        "calibration": calibration(tenths),
        "cumulative-gain": cumulative_gain(p, y),
        "score-distribution": score_distribution(p, y),
        "top-features": top_features(influences),
    }


def calibration(tenths: Sequence[Tenth]) -> Picture:
    """Draw what came true against what was predicted: a point per tenth of the leads, with its 95 % interval."""
    values = [vars(tenth) for tenth in tenths]
    end = min(1.0, 1.05 * max([0.05, *(max(tenth.predicted, tenth.high) for tenth in tenths)]))
    scale = alt.Scale(domain=[0, end], nice=False)
    x = alt.X(
        "predicted:Q", title="Predicted: mean probability of the tenth", scale=scale, axis=percent_axis(grid=False)
    )
    y = alt.Y("observed:Q", title="Observed: share that became SQLs", scale=scale, axis=percent_axis())
    tips = [
        _tip("tenth", "Tenth (1 is the best)", "d"),
        _tip("leads", "Leads", ",d"),
        _tip("predicted", "Predicted", ".1%"),
    ]
    tips += [_tip("observed", "Observed", ".1%"), _tip("low", "at least", ".1%"), _tip("high", "at most", ".1%")]
    ideal = alt.Chart(rows([{"predicted": 0, "observed": 0}, {"predicted": end, "observed": end}]))
    points = alt.Chart(rows(values)).encode(x=x, tooltip=tips)
    leads = sum(tenth.leads for tenth in tenths)
    return finished(
        [
            ideal.mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1.2).encode(x=x, y=y),
            points.mark_rule(color=TEAL, strokeWidth=3, opacity=0.35).encode(
                y=alt.Y("low:Q", scale=scale), y2="high:Q"
            ),
            points.mark_point(color=TEAL, fill=TEAL, size=75, opacity=1).encode(y=y),
        ],
        "On the dashed line, what was promised came true",
        f"Each point is a tenth of {leads:,} leads by score; its bar is the 95% interval",
    )


def cumulative_gain(p: Floats, y: Floats) -> Picture:
    """Draw the share of all SQLs among the best share of the leads, between pure chance and perfect foresight."""
    shares = np.linspace(0, 1, CURVE_POINTS)
    caught, rate = gain(p, y, shares), float(np.mean(y))
    marked = float(gain(p, y, np.array([MARKED_SHARE]))[0])
    x = alt.X("leads:Q", title="Share of leads, best score first", axis=percent_axis(grid=False))
    y_axis = alt.Y("sqls:Q", title="Share of all SQLs among them", scale=alt.Scale(domain=[0, 1]), axis=percent_axis())

    def line(xs: Floats, ys: Floats) -> alt.Chart:
        values = [{"leads": a, "sqls": b} for a, b in zip(xs.tolist(), ys.tolist(), strict=True)]
        return alt.Chart(rows(values)).encode(x=x, y=y_axis)

    def words(text: str, at: tuple[float, float]) -> alt.Chart:
        place = alt.Chart(rows([{"leads": at[0], "sqls": at[1], "text": text}])).encode(x=x, y=y_axis, text="text:N")
        text_mark: alt.Chart = place.mark_text(align="left", dx=8, dy=12, color=GREY, fontSize=12)
        return text_mark

    mark = line(np.array([MARKED_SHARE]), np.array([marked]))
    return finished(
        [
            line(np.array([0, rate, 1]), np.array([0, 1, 1])).mark_line(color=GREY, strokeWidth=1.2, strokeDash=[2, 3]),
            line(np.array([0, 1]), np.array([0, 1])).mark_line(color=GREY, strokeWidth=1.2, strokeDash=[5, 4]),
            words("by perfect foresight", (rate, 1.0)),
            words("by chance", (0.62, 0.62)),
            mark.mark_rule(color=INK, opacity=0.35).encode(y2=alt.Y2Datum(0)),
            line(shares, caught).mark_line(color=TEAL, strokeWidth=3),
            mark.mark_point(color=TEAL, fill=TEAL, size=75, opacity=1),
        ],
        f"The best {MARKED_SHARE:.0%} of leads hold {marked:.0%} of the SQLs",
        f"{len(y):,} leads, of which {rate:.1%} became SQLs; higher is better",
    )


def score_distribution(p: Floats, y: Floats) -> Picture:
    """Draw how the scores of leads that became SQLs lie, and those of the others, each as shares of its own."""
    names = {"Became an SQL": y == 1, "Did not": y == 0}
    end = max(5.0, float(np.ceil(100 * np.max(p, initial=0.0))))
    edges = np.linspace(0, end, BINS + 1)
    values = [
        {"outcome": name, "from": low, "to": high, "share": share}
        for name, chosen in names.items()
        for low, high, share in zip(edges[:-1], edges[1:], _shares(100 * p[chosen], edges), strict=True)
    ]
    x = alt.X("from:Q", title="Score: SQLs to expect of 100 such leads", scale=alt.Scale(domain=[0, end], nice=False))
    x = x.axis(grid=False)
    y_axis = alt.Y("share:Q", stack=None, title="Share of the leads with that outcome", axis=percent_axis())
    colour = alt.Color("outcome:N", sort=list(names), scale=alt.Scale(domain=list(names), range=[TEAL, "#9ca3af"]))
    tips = [_tip("outcome", "Leads", None), _tip("from", "Score from", ".0f"), _tip("to", "to", ".0f")]
    bars = alt.Chart(rows(values)).mark_bar(opacity=0.6, binSpacing=0)
    won, lost = (_median(100 * p[chosen]) for chosen in names.values())
    return finished(
        [
            bars.encode(
                x=x,
                x2="to:Q",
                y=y_axis,
                y2=alt.Y2Datum(0),
                color=colour,
                tooltip=[*tips, _tip("share", "Share", ".1%")],
            )
        ],
        f"Half of the SQLs scored above {won}, half of the others below {lost}",
        "The less the two hills overlap, the better the score tells the leads apart",
    )


def top_features(influences: Sequence[Influence]) -> Picture:
    """Draw the features that move scores most, the strongest first, coloured by side."""
    shown = sorted(influences, key=lambda influence: influence.points, reverse=True)[:FEATURES_SHOWN]
    values = [{"label": each.label, "points": each.points, "side": _SIDE_NAMES[each.side]} for each in shown]
    end = 1.1 * max([1.0, *(each.points for each in shown)])
    title = "Mean distance from the average lead, in points (20 points double the odds)"
    x = alt.X("points:Q", title=title, scale=alt.Scale(domain=[0, end], nice=False), axis=alt.Axis(tickCount=6))
    order = [each.label for each in shown]
    axis = alt.Axis(labelLimit=300, labelColor=INK, ticks=False, domain=False, grid=False, minExtent=140)
    sides = alt.Scale(domain=list(_SIDE_NAMES.values()), range=[SIDE_COLOURS[side] for side in _SIDE_NAMES])
    base = alt.Chart(rows(values)).encode(x=x, y=alt.Y("label:N", sort=order, title=None, axis=axis))
    tips = [_tip("label", "Feature", None), _tip("points", "Points", ".1f")]
    return finished(
        [
            base.mark_bar(cornerRadiusEnd=3, height={"band": 0.68}).encode(
                color=alt.Color("side:N", scale=sides), tooltip=tips
            ),
            base.mark_text(align="left", dx=5, color=INK, fontSize=12).encode(text=alt.Text("points:Q", format=".1f")),
        ],
        "What moves a score most",
        f"The {len(shown)} strongest of {len(influences)} features",
        height=max(3, len(shown)) * _BAR_PIXELS,
    )


def gain(p: Floats, y: Floats, shares: Floats) -> Floats:
    """Give the share of all SQLs among the best `shares` of leads; leads of equal probability are taken evenly.

    >>> gain(np.array([0.9, 0.5, 0.5, 0.1]), np.array([1.0, 1.0, 0.0, 0.0]), np.array([0.25, 0.5, 0.75])).tolist()
    [0.5, 0.75, 1.0]
    """
    order = np.argsort(-p, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(p[order])), len(p) - 1)
    caught = np.cumsum(y[order])[ends] / max(1.0, float(y.sum()))
    at: Floats = np.interp(shares, np.append(0, ends + 1) / len(p), np.append(0, caught))
    return at


def _tip(field: str, title: str, form: str | None) -> alt.Tooltip:
    if form is None:
        return alt.Tooltip(f"{field}:N", title=title)
    return alt.Tooltip(f"{field}:Q", title=title, format=form)


def _shares(scores: Floats, edges: Floats) -> Floats:
    counts, _ = np.histogram(scores, edges)
    return counts / max(1, len(scores))


def _median(scores: Floats) -> str:
    return f"{np.median(scores):.0f}" if len(scores) else "-"
