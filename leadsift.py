"""The command line of leadsift: nothing but wiring.

What costs time to import (MLflow, LightGBM, the HTTP service) is imported by the command that needs it.
"""

import secrets
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from features.config import Config, load_config
from features.errors import LeadsiftError
from serving.access import Role
from training.terminal import progress, show

app = typer.Typer(
    help="Learns from past leads which MQLs become SQLs, and scores new ones with reasons that add up.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(help="API keys of the service: create, list, revoke.", no_args_is_help=True)
app.add_typer(keys, name="keys")

ConfigPath = Annotated[Path, typer.Option("-c", "--config", help="What the company's data looks like.")]
JsonPath = Annotated[str | None, typer.Option("--json", help="Write the result as JSON to this file; - is the screen.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Model = Annotated[str, typer.Option(help="champion, challenger or a version number.")]


class ReportName(StrEnum):
    """The reports there are."""

    WORKED = "worked"


DEFAULT_CONFIG = Path("leadsift.toml")
DEMO_FOLDER = Path("demo-company")


def main() -> None:
    """Run the command line: exit code 0 done, 1 not acceptable (said in plain lines), 2 wrong usage."""
    try:
        app()
    except LeadsiftError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None


@app.command()
def simulate(
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write into.")],
    leads: Annotated[int, typer.Option(help="How many leads.", min=1, max=10_000_000)] = 20_000,
    events_per_lead: Annotated[float, typer.Option(help="Events of a lead, on average.", min=0, max=1_000)] = 20,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.", min=0)] = 7,
    end: Annotated[datetime | None, typer.Option(help="Last day of the history.", formats=["%Y-%m-%d"])] = None,
) -> None:
    """Make up a sample company: leads, events, outcomes, and each lead's true probability."""
    from features.simulation import DEFAULT_END, simulate, write_company

    company = simulate(leads, events_per_lead, seed, end.date() if end else DEFAULT_END)
    write_company(company, out)
    typer.echo(f"{leads:,} leads with {company.events.height:,} events are in {out}.")
    typer.echo(f"Next: leadsift check -c {out / 'leadsift.toml'}")


@app.command()
def check(config: ConfigPath = DEFAULT_CONFIG, json: JsonPath = None) -> None:
    """Read config and data; say what was understood, and every problem."""
    from training.check import check_data, render_check

    found = check_data(load_config(config))
    show(render_check(found), found.to_json(), json)
    if not found.acceptable:
        raise typer.Exit(1)


@app.command()
def train(
    config: ConfigPath = DEFAULT_CONFIG,
    promote: Annotated[
        bool | None, typer.Option("--promote/--no-promote", help="Make it champion whatever the test says, or never.")
    ] = None,
    tune: Annotated[
        float | None, typer.Option(help="Minutes to search for better tree settings first.", min=0, max=1_440)
    ] = None,
    json: JsonPath = None,
) -> None:
    """Train, evaluate forward in time, record in MLflow, and promote what passes the test."""
    from training.run import run_training
    from training.run_report import render_run

    with progress() as report:
        run = run_training(load_config(config), promote, report, tune)
    show(render_run(run), run.to_json(), json)


@app.command()
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


@app.command()
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


@app.command()
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


@app.command()
def recalibrate(
    config: ConfigPath = DEFAULT_CONFIG,
    promote: Annotated[
        bool | None, typer.Option("--promote/--no-promote", help="Make it champion whatever the test says, or never.")
    ] = None,
    json: JsonPath = None,
) -> None:
    """Shift and scale the champion's calibration by newly matured outcomes, without training again."""
    from training.over_time.recalibrate_report import render_recalibration
    from training.over_time.recalibrate_run import run_recalibration

    with progress() as report:
        run = run_recalibration(load_config(config), promote, report)
    show(render_recalibration(run), run.to_json(), json)


@app.command()
def score(
    leads: Annotated[Path, typer.Option(help="Leads to score, .csv or .parquet.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the scores go, .csv or .parquet.")],
    events: Annotated[Path | None, typer.Option(help="What these leads did, .csv or .parquet.")] = None,
    model: Model = "champion",
    reasons: Annotated[int, typer.Option(help="How many reasons a lead.", min=0, max=100)] = 3,
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Score a file: a row per lead, in the file's order."""
    from serving.score_file import render_scored, score_file
    from training.records.scoring_model import registered_model

    settings = load_config(config)
    with progress() as report:
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
        )
    show(render_scored(scored), scored.to_json(), json)


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=64)] = 1,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Serve scores over HTTP, following the champion in MLflow."""
    start_service(load_config(config), host, port, workers)


@app.command()
def demo(
    leads: Annotated[int, typer.Option(help="How many leads.", min=500, max=1_000_000)] = 20_000,
    serve: Annotated[bool, typer.Option(help="Serve at the end.")] = True,
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Show it all on a sample company: simulate, train, register, score, serve."""
    from training.demo import run_demo

    config = run_demo(DEMO_FOLDER, leads, datetime.now(UTC), progress)
    if serve:
        start_service(config, host, port, workers=1)


@app.command()
def mlflow(
    port: Port = 5000,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Open MLflow's own pages on the records of this config."""
    from training.records.mlflow_pages import serve_mlflow_pages

    serve_mlflow_pages(load_config(config).mlflow.tracking_uri, port)


@app.command()
def models(config: ConfigPath = DEFAULT_CONFIG, json: JsonPath = None) -> None:
    """List the versions in the registry, newest first."""
    from training.records.registry_report import render_versions, versions_json
    from training.records.scoring_model import registry_of

    versions = registry_of(load_config(config)).versions()
    show(render_versions(versions), versions_json(versions), json)


@app.command()
def card(
    version: Annotated[str, typer.Argument(help="champion, challenger or a version number.")] = "champion",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="A file, .md or .html; else the screen.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Show a version's model card: what it learned from, how good it is, each feature's points, its limits."""
    from training.card.card_files import check_ending, version_card, write_card
    from training.card.model_card_render import card_markdown
    from training.records.scoring_model import registry_of

    if out is not None:
        check_ending(out)
    found = version_card(registry_of(load_config(config)), version)
    if out is None:
        typer.echo(card_markdown(found), nl=False)
    else:
        write_card(found, out)
        typer.echo(f"The card of version {found.version} is in {out}.")


@app.command()
def report(
    name: Annotated[ReportName, typer.Argument(help="worked: worked leads beside those that sales never looked at.")],
    model: Model = "champion",
    csv: Annotated[Path | None, typer.Option(help="Write the figures as CSV to this file.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Print a report on past leads."""
    from training.records.scoring_model import registered_model
    from training.worked_report import worked_report
    from training.worked_report_render import render_worked, write_rows

    assert name is ReportName.WORKED, "the only report yet"
    settings = load_config(config)
    found = worked_report(settings, registered_model(settings, model))
    if csv is not None:
        write_rows(found, csv)
    show(render_worked(found), found.to_json(), json)


@app.command()
def promote(
    version: Annotated[str, typer.Argument(help="A version number, or challenger.")],
    why: Annotated[str, typer.Option(help="The reason, for the records.")] = "by hand",
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Make a version the champion, which deploys it, and say who changes grade."""
    from training.champion.change_champion import promote_version, render_change

    change = promote_version(load_config(config), version, why)
    show(render_change(change), change.to_json(), json)


@app.command()
def rollback(
    why: Annotated[str, typer.Option(help="The reason, for the records.")] = "by hand",
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Make the champion before this one the champion again, and say who changes grade."""
    from training.champion.change_champion import render_change, roll_back

    change = roll_back(load_config(config), why)
    show(render_change(change), change.to_json(), json)


@keys.command("create")
def create(
    role: Annotated[Role, typer.Option(help="What the key may do.")],
    name: Annotated[str, typer.Option(help="Who will use it.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Make a key; it is shown once, as the last word."""
    from features.store import open_store
    from serving.access import create_key

    made = create_key(open_store(load_config(config).store.url), role.value, name, datetime.now(UTC))
    typer.echo(f"Key {made.id} for {name}, role {role.value}. It is shown this once: {made.secret}")


@keys.command("list")
def list_keys(config: ConfigPath = DEFAULT_CONFIG, json: JsonPath = None) -> None:
    """List the keys, without their secrets."""
    from features.store import all_keys, open_store
    from serving.keys_report import keys_json, render_keys

    found = all_keys(open_store(load_config(config).store.url))
    show(render_keys(found), keys_json(found), json)


@keys.command("revoke")
def revoke(
    key_id: Annotated[int, typer.Argument(help="The key's number, see: leadsift keys list.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Make a key useless from now on."""
    from features.store import open_store, revoke_key

    revoke_key(open_store(load_config(config).store.url), key_id, datetime.now(UTC))
    typer.echo(f"Key {key_id} is revoked.")


def start_service(config: Config, host: str, port: int, workers: int) -> None:
    """Start the watcher that follows the champion, and the service beside it; both end together."""
    from features.store import all_keys, open_store
    from serving.http.server import serve as serve_http
    from serving.http.settings import ServiceSettings
    from serving.http.welcome import welcome
    from training.records.deploy import PUBLISHED
    from training.records.watching import watching

    token = None if all_keys(open_store(config.store.url)) else secrets.token_urlsafe(24)
    settings = ServiceSettings(
        published=config.root / PUBLISHED,
        store_url=config.store.url,
        host=host,
        port=port,
        workers=workers,
        one_time_token=token,
        timezone=config.company.timezone,
    )
    with watching(config.mlflow.tracking_uri, config.mlflow.model_name, settings.published):
        typer.echo(welcome(settings))
        serve_http(settings)


if __name__ == "__main__":
    main()
