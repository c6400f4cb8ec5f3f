"""What `leadsift drift` prints: which leads were compared, what moved and how far, and what came true."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from training.check import STYLES
from training.drifting.drift import Drift

STEADY_SHOWN = 5  # features that moved most where little moved


def render_drift(drift: Drift) -> Iterable[RenderableType]:
    """Give the drift as a person reads it on a terminal."""
    yield (
        f"{drift.leads:,} leads {drift.which}, against the {drift.learned:,} that version {drift.version} learned from "
        f"(trained {drift.trained_at:%Y-%m-%d})."
    )
    if not drift.leads:
        yield "There is nothing to compare yet: add newer leads to the data, or name some with --since or --leads."
        return
    if not drift.shifts:
        yield f"There is nothing to compare with: version {drift.version} had too few outcomes to learn from."
        return
    yield _matured(drift)
    for shift in drift.found:
        yield Text(f"{shift.severity.value}: {shift.detail}", style=STYLES[shift.severity])
    if not drift.found:
        yield f"Nothing drifted: {len(drift.shifts):,} comparisons, all small or within what chance does."
    yield _steady(drift)


def _matured(drift: Drift) -> str:
    if drift.matured is None:
        return "No outcome of them is known yet, so nothing can be said of base rate and calibration."
    came, low, high = drift.matured, drift.matured.expected_low, drift.matured.expected_high
    return (
        f"Of {came.leads:,} with a known outcome, {came.sqls:,} became SQLs; "
        f"{came.expected:,.0f} were foretold (95 %: {low:,.0f} to {high:,.0f})."
    )


def _steady(drift: Drift) -> Table:
    title = "Population stability"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in ("index", "learned", "newest"):
        table.add_column(column, justify="right")
    table.add_column("of")
    ranked = sorted((each for each in drift.shifts if each.kind in {"distribution", "score"}), key=lambda x: -x.measure)
    for shift in ranked[:STEADY_SHOWN]:
        means = ("" if mean is None else f"{mean:,.2f}" for mean in (shift.learned, shift.newest))
        table.add_row(f"{shift.measure:.2f}", *means, Text(shift.title))
    return table
