"""What `leadsift recalibrate` prints: how far the calibration moved, whether that helps, and what became of it."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.table import Table

from training.over_time.recalibrate import CHAMPION, MODEL
from training.over_time.recalibrate_run import RecalibrationRun


def render_recalibration(run: RecalibrationRun) -> Iterable[RenderableType]:
    """Give the run as a person reads it on a terminal."""
    result, change = run.result, run.result.change
    yield (
        f"{change.leads:,} leads with a known outcome, {change.sqls:,} of them SQLs, are newer than all that version "
        f"{run.derived_from} learned from. They move the log-odds of a typical lead by {change.shift:+.2f}, and scale "
        f"the distances from it by {change.scale:.2f}. Ranking and grades stay as they are."
    )
    title = f"On {len(result.y):,} of these leads, each tenth recalibrated on those before it alone"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in ("", "log loss", "predicted", "observed"):
        table.add_column(column, justify="right" if column else "left")
    for name, words in ((MODEL, "recalibrated"), (CHAMPION, f"version {run.derived_from}")):
        found = result.evaluations[name]
        predicted = sum(tenth.leads * tenth.predicted for tenth in found.tenths) / found.leads
        observed = found.positives / found.leads
        table.add_row(words, f"{found.metrics['log_loss']:.4f}", f"{predicted:.1%}", f"{observed:.1%}")
    yield table
    state = "now champion" if run.decision.promote else "not promoted"
    yield f"Version {run.version}, derived from version {run.derived_from}, is {state}: {run.decision.why}."
