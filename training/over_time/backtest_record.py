"""One backtest as a run in MLflow: settings, pooled figures, each period as a step, the picture and the JSON."""

import tempfile
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.over_time.backtest import Step
from training.over_time.backtest_chart import backtest_chart
from training.over_time.backtest_figures import Figures, backtest_json, figures, pool
from training.pictures.chart_style import save_json, save_png
from training.records.kind_of_run import run_of_kind
from training.records.record import Tracking
from training.terminal import dump

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Metric

METRICS = ("leads", "sqls", "log_loss", "roc_auc", "predicted", "observed")

_METRICS_PER_CALL = 1000  # MLflow refuses more


def record_backtest(tracking: Tracking, steps: Sequence[Step], settings: Mapping[str, Any], moment_ms: int) -> str:
    """Record a backtest and give the id of its run; `moment_ms` is the present, in milliseconds since 1970.

    Raises StoreError where MLflow cannot be reached or refuses.
    """
    with run_of_kind(tracking, "backtest", "backtest") as (client, run_id):
        _log(client, run_id, steps, settings, moment_ms)
    return run_id


def _log(
    client: "MlflowClient", run_id: str, steps: Sequence[Step], settings: Mapping[str, Any], moment_ms: int
) -> None:
    from mlflow.entities import Param  # noqa: PLC0415 - takes seconds, so only where it is used

    client.log_batch(run_id, params=[Param(key, str(value)) for key, value in settings.items()])
    metrics = _metrics(steps, moment_ms)
    for start in range(0, len(metrics), _METRICS_PER_CALL):
        client.log_batch(run_id, metrics=metrics[start : start + _METRICS_PER_CALL])
    with tempfile.TemporaryDirectory(prefix="leadsift-backtest-") as folder:
        _write_files(steps, Path(folder))
        client.log_artifacts(run_id, folder)


def _metrics(steps: Sequence[Step], moment_ms: int) -> list["Metric"]:
    """Give the pooled figures by name, and those of each period as `period/...` with its number as MLflow's step."""
    from mlflow.entities import Metric  # noqa: PLC0415 - takes seconds, so only where it is used

    pooled = pool(steps)
    found = _numbers(pooled.scored)
    for way in ("without_recalibration", "base_rate", "last_half"):
        found |= {f"{way}/{name}": value for name, value in _numbers(getattr(pooled, way)).items()}
    metrics = [Metric(name, value, moment_ms, 0) for name, value in found.items()]
    for at, step in enumerate(steps):
        numbers = _numbers(figures(step.y, step.p)) | {"shift": step.recalibration.shift}
        metrics += [Metric(f"period/{name}", value, moment_ms, at) for name, value in numbers.items()]
    return metrics


def _numbers(found: Figures) -> dict[str, float]:
    return {name: float(getattr(found, name)) for name in METRICS if isfinite(getattr(found, name))}


def _write_files(steps: Sequence[Step], folder: Path) -> None:
    chart = backtest_chart(steps)
    save_png(chart, folder / "backtest.png")
    save_json(chart, folder / "backtest.vl.json")
    (folder / "backtest.json").write_text(dump(backtest_json(steps)), encoding="utf-8")
