"""Commands that score outside the service."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from command_line.cluster import Scheduler, Workers, cluster_of, parts_on
from command_line.options import DEFAULT_CONFIG, ConfigPath, JsonPath, Model
from features.config import load_config
from training.terminal import progress, show


def score(
    leads: Annotated[Path, typer.Option(help="Leads to score, .csv or .parquet.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the scores go, .csv or .parquet.")],
    events: Annotated[Path | None, typer.Option(help="What these leads did, .csv or .parquet.")] = None,
    model: Model = "champion",
    reasons: Annotated[int, typer.Option(help="How many reasons a lead.", min=0, max=100)] = 3,
    workers: Workers = None,
    scheduler: Scheduler = None,
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Score a file: a row per lead, in the file's order."""
    from serving.score_file import render_scored, score_file
    from training.records.scoring_model import registered_model

    settings = load_config(config)
    with cluster_of(scheduler, workers) as client, progress() as report:
        report("Fetching the model", 0.0)
        scored = score_file(
            settings,
            registered_model(settings, model),
            leads_file=leads,
            events_file=events,
            out=out,
            reasons=reasons,
            now=datetime.now(UTC),
            progress=report,
            **parts_on(client),
        )
    show(render_scored(scored), scored.to_json(), json)
