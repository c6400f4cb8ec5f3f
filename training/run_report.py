"""What `leadsift train` prints: what it learned from, how good it is beside baselines, and what became of it."""

from collections.abc import Iterable
from math import isnan

from rich.console import RenderableType
from rich.table import Table

from features.findings import Severity
from training.champion.grade_changes_report import render_grade_changes
from training.material import CLUSTER
from training.measuring.evaluation import Evaluation
from training.pipeline import Trained
from training.run import TrainingRun

METRICS = {
    "log_loss": "log loss (less is better)",
    "brier": "Brier score (less is better)",
    "expected_calibration_error": "calibration error (less is better)",
    "roc_auc": "ROC AUC",
    "average_precision": "average precision",
    "lift_top_tenth": "lift of the top tenth",
    "sqls_in_top_30_percent": "SQLs in the top 30 %",
}


def render_run(run: TrainingRun) -> Iterable[RenderableType]:
    """Give the run as a person reads it on a terminal."""
    label = run.trained.label_summary
    yield (
        f"Learned from {label['known']:,} leads with a known outcome, "
        f"{label['sql']:,} of them SQLs ({label['rate']:.1%}). "
        f"Left out: {label['young']:,} whose horizon has not passed, {label['unworked']:,} never worked, "
        f"{label['unknown']:,} without a label."
    )
    if run.trained.belief is None:
        yield _quality_table(run.trained)
        yield _tenths_table(run.trained.holdout)
    for finding in run.trained.findings:
        if finding.severity is not Severity.INFO:
            yield f"{finding.severity.value}: {finding.detail}"
    yield from (f"Note: {each.detail}." for each in run.trained.findings if each.kind == CLUSTER)
    if run.challenge.changes is not None:
        yield from render_grade_changes(run.challenge.changes)
    yield f"Version {run.version} is {'now champion' if run.decision.promote else 'not promoted'}: {run.decision.why}."


def _quality_table(trained: Trained) -> Table:
    title = f"On the newest {trained.holdout.leads:,} leads, scored once; 95 % intervals in brackets"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    evaluations = {"model": trained.holdout} | {
        name.replace("_", " "): each for name, each in trained.baselines.items()
    }
    table.add_column("")
    for name in evaluations:
        table.add_column(name, justify="right")
    for metric, words in METRICS.items():
        table.add_row(words, *(_interval(each, metric) for each in evaluations.values()))
    return table


def _interval(evaluation: Evaluation, metric: str) -> str:
    if isnan(evaluation.metrics[metric]):
        return "not defined"
    low, high = evaluation.intervals[metric]
    if isnan(low):
        return f"{evaluation.metrics[metric]:.3f}"
    return f"{evaluation.metrics[metric]:.3f} ({low:.3f} to {high:.3f})"


def _tenths_table(holdout: Evaluation) -> Table:
    table = Table(title="By tenth of score", title_justify="left", box=None, pad_edge=False)
    for column in ("tenth", "leads", "predicted", "observed", "95 % interval"):
        table.add_column(column, justify="right")
    for each in holdout.tenths:
        interval = f"{each.low:.1%} to {each.high:.1%}"
        table.add_row(str(each.tenth), f"{each.leads:,}", f"{each.predicted:.1%}", f"{each.observed:.1%}", interval)
    return table
