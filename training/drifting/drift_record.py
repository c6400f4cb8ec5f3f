"""One comparison with the newest leads as a run in MLflow: the figures, the sentences and the pictures."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from training.drifting.drift import Drift
from training.drifting.drift_charts import drift_pictures
from training.pictures.chart_style import save_json, save_png
from training.records.kind_of_run import run_of_kind
from training.records.record import Tracking
from training.terminal import dump

if TYPE_CHECKING:
    from mlflow.entities import Metric


def record_drift(tracking: Tracking, drift: Drift, now: datetime) -> str:
    """Record a comparison and give the id of its run. Raises StoreError where MLflow cannot be reached or refuses."""
    title, tags = f"drift {now:%Y-%m-%d %H:%M}", {"severity": drift.severity.value}
    with run_of_kind(tracking, "drift", title, tags) as (client, run_id):
        from mlflow.entities import Param  # noqa: PLC0415 - takes seconds, so only where it is used

        params = [Param("version", drift.version), Param("leads_compared", drift.which)]
        client.log_batch(run_id, params=params, metrics=_metrics(drift, int(now.timestamp() * 1000)))
        with tempfile.TemporaryDirectory(prefix="leadsift-drift-") as folder:
            _write_files(drift, Path(folder))
            client.log_artifacts(run_id, folder)
    return run_id


def _metrics(drift: Drift, moment_ms: int) -> list["Metric"]:
    """Give how much was found, and the measures of what is not about one feature; drift.json has those of features."""
    from mlflow.entities import Metric  # noqa: PLC0415 - takes seconds, so only where it is used

    values = {"leads": float(drift.leads), "errors": float(len(drift.errors)), "found": float(len(drift.found))}
    values |= {shift.kind: shift.measure for shift in drift.shifts if shift.feature is None}
    if drift.matured is not None:
        values |= {"sqls": float(drift.matured.sqls), "sqls_expected": drift.matured.expected}
    return [Metric(name, value, moment_ms, 0) for name, value in values.items()]


def _write_files(drift: Drift, folder: Path) -> None:
    (folder / "drift.json").write_text(dump(drift.to_json()), encoding="utf-8")
    (folder / "pictures").mkdir()
    for name, picture in drift_pictures(drift).items():
        save_png(picture, folder / "pictures" / f"{name}.png")
        save_json(picture, folder / "pictures" / f"{name}.vl.json")
