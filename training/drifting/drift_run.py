"""What `leadsift drift` does, from the config to a record in MLflow: it only connects the steps."""

from datetime import datetime
from pathlib import Path
from typing import Any

from features.config import Config
from features.errors import DataError
from features.problems import Problem
from features.progress import Progress
from features.sources import read_training_tables
from features.topics import Topic
from training.drifting.drift import Drift, find_drift
from training.drifting.drift_charts import check_chart_file, save_chart
from training.drifting.drift_record import record_drift
from training.drifting.newest_leads import newest_in_file, newest_of
from training.drifting.shown_drift import show_drift
from training.records.record import Tracking
from training.records.registry import CHAMPION
from training.records.scoring_model import registered_model
from training.telling import tell


def run_drift(
    config: Config,
    *,
    since: datetime | None,
    leads_file: Path | None,
    events_file: Path | None,
    chart: Path | None,
    now: datetime,
    progress: Progress,
) -> Drift:
    """Compare the champion's leads with the newest, record it, and write the overview to `chart`.

    `since` is a day on the company's clock. Raises DataError with all problems of the data and of what was asked
    for, NoModelError without a champion, StoreError where MLflow cannot be reached.
    """
    _refuse_contradictions(since, leads_file, events_file)
    if chart is not None:
        check_chart_file(chart)
    progress("Fetching the champion", 0.0)
    model = registered_model(config, CHAMPION)
    progress("Reading", 0.2)
    if leads_file is not None:
        newest = newest_in_file(config, model, leads_file, events_file, now)
    else:
        since = None if since is None else since.replace(tzinfo=config.company.zone)
        newest = newest_of(config, read_training_tables(config), model, since)
    progress("Comparing", 0.6)
    drift = find_drift(model, newest)
    progress("Recording in MLflow", 0.8)
    record_drift(Tracking(config.mlflow.tracking_uri, config.mlflow.model_name, config.root), drift, now)
    if leads_file is None:  # what a file of its own shows is its asker's business
        show_drift(config, drift, now)
    if drift.found:
        tell(config, Topic.DRIFT_FOUND, _told(drift))
    if chart is not None:
        save_chart(drift, chart)
    return drift


def _told(drift: Drift) -> dict[str, Any]:
    found = [{"kind": each.kind, "feature": each.feature, "severity": each.severity.value} for each in drift.found]
    return {"model_version": drift.version, "severity": drift.severity.value, "leads": drift.leads, "found": found}


def _refuse_contradictions(since: datetime | None, leads_file: Path | None, events_file: Path | None) -> None:
    problems = []
    if since is not None and leads_file is not None:
        problems.append(Problem("--since chooses from the config's leads, not from --leads", "leave one of them out"))
    if events_file is not None and leads_file is None:
        problems.append(Problem("--events says what the leads of --leads did", "give --leads as well"))
    if problems:
        raise DataError(problems)
