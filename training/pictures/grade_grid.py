"""Fit against engagement: for each pair of grades, how many leads, how many became SQLs, and how many were expected."""

from collections.abc import Iterator
from dataclasses import dataclass

import altair as alt
import numpy as np

from features.wilson import wilson
from serving.model.grades import ENGAGEMENT_GRADES, FIT_GRADES
from serving.model.scored import ScoredTable
from training.measuring.metrics import Floats
from training.pictures.chart_style import INK, TEAL, Picture, finished, rows

CELL_PIXELS = 84
DARK = 0.65  # of the colour scale: above it, text must be white to be read


@dataclass(frozen=True)
class GridCell:
    """One pair of grades. `observed` is the share that became SQLs, `low` to `high` its 95 % interval (Wilson).

    Without leads `observed` and `expected` are NaN and the interval is 0 to 1.
    """

    fit: str
    engagement: str
    leads: int
    sqls: int
    expected: float
    observed: float
    low: float
    high: float


def grade_grid(scored: ScoredTable, y: Floats) -> tuple[GridCell, ...]:
    """Count the leads [n] of a scored table, and what became of them (`y` [n] of 1 and 0), by pair of grades."""
    return tuple(_cells(scored, y))


def _cells(scored: ScoredTable, y: Floats) -> Iterator[GridCell]:
    for fit_rank, fit in enumerate(FIT_GRADES):
        for engagement_rank, engagement in enumerate(ENGAGEMENT_GRADES):
            chosen = (scored.fit_rank == fit_rank) & (scored.engagement_rank == engagement_rank)
            leads, sqls = int(chosen.sum()), int(y[chosen].sum())
            expected = float(scored.probability[chosen].mean()) if leads else float("nan")
            observed = sqls / leads if leads else float("nan")
            yield GridCell(fit, engagement, leads, sqls, expected, observed, *wilson(sqls, leads))


def fit_against_engagement(cells: tuple[GridCell, ...]) -> Picture:
    """Draw the grid: the observed rate as colour and number, with its interval and the leads behind it."""
    shown = [_shown(cell) for cell in cells]
    top = max([0.01, *(cell.observed for cell in cells if cell.leads)])
    axis = alt.Axis(labelAngle=0, labelFontSize=13, labelColor=INK, ticks=False, domain=False, grid=False)
    base = alt.Chart(rows(shown)).encode(
        x=alt.X("engagement:N", title="Engagement: what the lead did", axis=axis, sort=list(ENGAGEMENT_GRADES)),
        y=alt.Y("fit:N", title="Fit: who the lead is", axis=axis, sort=list(FIT_GRADES)),
    )
    scale = alt.Scale(domain=[0, top], range=["#f0fdfa", TEAL])
    is_dark = alt.datum.observed > DARK * top
    ink = alt.condition(is_dark, alt.value("white"), alt.value(INK))
    return finished(
        [
            base.mark_rect(stroke="white", strokeWidth=3).encode(
                color=alt.Color("observed:Q", scale=scale, legend=None)
            ),
            base.mark_text(fontSize=17, fontWeight="bold", dy=-14).encode(text="rate:N", color=ink),
            base.mark_text(fontSize=11, dy=6).encode(text="interval:N", color=ink),
            base.mark_text(fontSize=11, dy=22).encode(text="count:N", color=ink),
        ],
        "Which leads became SQLs: fit against engagement",
        "Observed rate, its 95 % interval, and the SQLs and leads behind it",
        height=len(FIT_GRADES) * CELL_PIXELS,
    )


def _shown(cell: GridCell) -> dict[str, object]:
    rate = "" if np.isnan(cell.observed) else f"{cell.observed:.0%}"
    interval = f"{cell.low:.0%} to {cell.high:.0%}" if cell.leads else "no leads"
    count = f"{cell.sqls:,} of {cell.leads:,}" if cell.leads else ""
    observed = 0.0 if np.isnan(cell.observed) else cell.observed
    place = {"fit": cell.fit, "engagement": cell.engagement, "observed": observed}
    return place | {"rate": rate, "interval": interval, "count": count}
