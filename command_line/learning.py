"""Commands that learn: train, walk through time, watch for drift, train again."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from command_line.cluster import Scheduler, Workers, cluster_of, reader_of
from command_line.options import DEFAULT_CONFIG, ConfigPath, JsonPath, Promote
from features.config import load_config
from training.terminal import progress, show


def train(
    config: ConfigPath = DEFAULT_CONFIG,
    promote: Promote = None,
    tune: Annotated[
        float | None, typer.Option(help="Minutes to search for better tree settings first.", min=0, max=1_440)
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(help="Learn as if this day had just ended, from what was known then.", formats=["%Y-%m-%d"]),
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    json: JsonPath = None,
) -> None:
    """Train, evaluate forward in time, record in MLflow, and promote what passes the test."""
    from training.over_time.until import because_of, read_until
    from training.run import run_training
    from training.run_report import render_run

    settings = load_config(config)
    if until is not None and (scheduler is not None or workers is not None):
        raise typer.BadParameter("an earlier day is learned from on this machine alone", param_hint="--until")
    with cluster_of(scheduler, workers) as client, progress() as report:
        read = reader_of(client) if until is None else read_until(until.date())
        because = None if until is None else because_of(until.date())
        run = run_training(settings, promote, report, tune_minutes=tune, because=because, read=read)
    show(render_run(run), run.to_json(), json)


def backtest(
    every: Annotated[str, typer.Option(help="How long a period is: month, week, or a number of leads as in 600-rows.")],
    start: Annotated[
        str | None, typer.Option(help="First day, or the share of leads before it. Left out: the newest 30 %.")
    ] = None,
    retrain_every: Annotated[int, typer.Option(help="Retrain every so many periods; 0 is never.", min=0)] = 1,
    chart: Annotated[Path | None, typer.Option(help="Draw it into this file, .png or .html.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Walk forward through time as production would, retraining and recalibrating: a row per period."""
    from training.over_time.backtest_report import render_backtest
    from training.over_time.backtest_run import run_backtest

    with progress() as report:
        run = run_backtest(
            load_config(config), every=every, start=start, retrain_every=retrain_every, chart=chart, progress=report
        )
    show(render_backtest(run.steps), run.to_json(), json)


def drift(
    since: Annotated[
        datetime | None, typer.Option(help="Compare the leads handed over since this day.", formats=["%Y-%m-%d"])
    ] = None,
    leads: Annotated[Path | None, typer.Option(help="Compare the leads of this file, .csv or .parquet.")] = None,
    events: Annotated[Path | None, typer.Option(help="What the leads of --leads did, .csv or .parquet.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Draw it into this file: .png, .svg, .html or .json.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Compare the leads that the champion learned from with the newest, and name what drifted."""
    from training.drifting.drift_report import render_drift
    from training.drifting.drift_run import run_drift

    settings = load_config(config)
    with progress() as report:
        found = run_drift(
            settings,
            since=since,
            leads_file=leads,
            events_file=events,
            chart=chart,
            now=datetime.now(UTC),
            progress=report,
        )
    show(render_drift(found), found.to_json(), json)


def retrain(
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Only where drift, new outcomes or the model's age call for it.")
    ] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Train again and say why; with --if-needed, also why not."""
    from training.drifting.retrain import render_retraining
    from training.drifting.retrain import retrain as train_again

    with progress() as report:
        done = train_again(load_config(config), if_needed, datetime.now(UTC), report)
    show(render_retraining(done), done.to_json(), json)


def recalibrate(
    config: ConfigPath = DEFAULT_CONFIG,
    promote: Promote = None,
    json: JsonPath = None,
) -> None:
    """Shift and scale the champion's calibration by newly matured outcomes, without training again."""
    from training.over_time.recalibrate_report import render_recalibration
    from training.over_time.recalibrate_run import run_recalibration

    with progress() as report:
        run = run_recalibration(load_config(config), promote, report)
    show(render_recalibration(run), run.to_json(), json)
