"""What `leadsift backtest` prints: a row per period, and the pooled figures beside those of simpler ways."""

from collections.abc import Iterable, Sequence
from math import isnan

from rich.console import RenderableType
from rich.table import Table

from training.over_time.backtest import Step
from training.over_time.backtest_figures import Figures, figures, pool

UNDEFINED = "-"
PERIOD_COLUMNS = (
    "leads",
    "SQLs",
    "log loss",
    "ROC AUC",
    "predicted",
    "observed",
    "95 % interval",
    "level shift",
    "from",
)


def render_backtest(steps: Sequence[Step]) -> Iterable[RenderableType]:
    """Give the backtest as a person reads it on a terminal."""
    yield _periods_table(steps)
    pooled = pool(steps)
    ways = {
        "as scored": pooled.scored,
        "without recalibration": pooled.without_recalibration,
        "base rate known by then": pooled.base_rate,
        "as scored, last half": pooled.last_half,
    }
    table = _table("All periods together", ("", "leads", "log loss", "ROC AUC", "predicted", "observed"))
    for name, each in ways.items():
        auc = UNDEFINED if name.startswith("base") else _auc(each)
        table.add_row(
            name, f"{each.leads:,}", f"{each.log_loss:.4f}", auc, f"{each.predicted:.1%}", f"{each.observed:.1%}"
        )
    yield table


def _periods_table(steps: Sequence[Step]) -> Table:
    title = (
        "Each period scored by what was known when it began; "
        "the level shift is in log-odds, learned from so many outcomes of earlier periods"
    )
    table = _table(title, ("period", *PERIOD_COLUMNS))
    for step in steps:
        found = figures(step.y, step.p)
        table.add_row(
            step.period.name,
            f"{found.leads:,}",
            f"{found.sqls:,}",
            f"{found.log_loss:.3f}",
            _auc(found),
            f"{found.predicted:.1%}",
            f"{found.observed:.1%}",
            f"{found.low:.1%} to {found.high:.1%}",
            f"{step.recalibration.shift:+.2f}",
            f"{step.recalibration.leads:,}",
        )
    return table


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for at, column in enumerate(columns):
        table.add_column(column, justify="right" if at else "left", no_wrap=True)
    return table


def _auc(found: Figures) -> str:
    return UNDEFINED if isnan(found.roc_auc) else f"{found.roc_auc:.3f}"
