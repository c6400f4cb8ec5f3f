"""What `leadsift backtest` does, from the config to a run in MLflow: it only connects the steps."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from features.config import Config
from features.progress import Progress
from training.over_time.backtest import Step, backtest
from training.over_time.backtest_chart import backtest_chart, refuse_ending, save_chart
from training.over_time.backtest_figures import backtest_json
from training.over_time.backtest_record import record_backtest
from training.over_time.periods import parse_every, parse_start
from training.records.record import Tracking


@dataclass(frozen=True)
class BacktestRun:
    """A backtest and the run that holds it. `settings` are as they were asked for."""

    settings: dict[str, Any]
    steps: tuple[Step, ...]
    run_id: str

    def to_json(self) -> dict[str, Any]:
        """Give the backtest as plain JSON values."""
        return {**self.settings, "run_id": self.run_id, **backtest_json(self.steps)}


def run_backtest(
    config: Config, *, every: str, start: str | None, retrain_every: int, chart: Path | None, progress: Progress
) -> BacktestRun:
    """Walk forward, record it, and draw it into `chart`.

    Raises DataError where the request or the data is not acceptable; StoreError where MLflow cannot be reached.
    """
    if chart is not None:
        refuse_ending(chart)
    asked = None if start is None else parse_start(start)
    steps = backtest(config, parse_every(every), asked, retrain_every, lambda step, share: progress(step, 0.9 * share))
    progress("Recording in MLflow", 0.9)
    if chart is not None:
        save_chart(backtest_chart(steps), chart)
    settings = {"every": every, "start": start, "retrain_every": retrain_every}
    tracking = Tracking(config.mlflow.tracking_uri, config.mlflow.model_name, config.root)
    run_id = record_backtest(tracking, steps, settings, int(datetime.now(UTC).timestamp() * 1000))
    progress("Recorded", 1.0)
    return BacktestRun(settings, steps, run_id)
