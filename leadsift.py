"""The command line of leadsift: nothing but wiring.

What costs time to import (MLflow, LightGBM, the HTTP service) is imported by the command that needs it.
"""

import secrets
import sys
from datetime import UTC, datetime
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
    json: JsonPath = None,
) -> None:
    """Train, evaluate forward in time, record in MLflow, and promote what passes the test."""
    from training.run import run_training
    from training.run_report import render_run

    with progress() as report:
        run = run_training(load_config(config), promote, report)
    show(render_run(run), run.to_json(), json)


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
    from training.scoring_model import registered_model

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
    from training.mlflow_pages import serve_mlflow_pages

    serve_mlflow_pages(load_config(config).mlflow.tracking_uri, port)


@app.command()
def models(config: ConfigPath = DEFAULT_CONFIG, json: JsonPath = None) -> None:
    """List the versions in the registry, newest first."""
    from training.registry_report import render_versions, versions_json
    from training.scoring_model import registry_of

    versions = registry_of(load_config(config)).versions()
    show(render_versions(versions), versions_json(versions), json)


@app.command()
def promote(
    version: Annotated[str, typer.Argument(help="A version number, or challenger.")],
    why: Annotated[str, typer.Option(help="The reason, for the records.")] = "by hand",
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Make a version the champion, which deploys it."""
    from training.deploy import PUBLISHED, publish_champion
    from training.person import person
    from training.scoring_model import registry_of

    settings = load_config(config)
    promoted = registry_of(settings).promote(version, person(), why)
    publish_champion(registry_of(settings), settings.root / PUBLISHED)
    typer.echo(f"Version {promoted.number} is champion.")


@app.command()
def rollback(
    why: Annotated[str, typer.Option(help="The reason, for the records.")] = "by hand",
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Make the champion before this one the champion again."""
    from training.deploy import PUBLISHED, publish_champion
    from training.person import person
    from training.scoring_model import registry_of

    settings = load_config(config)
    back = registry_of(settings).rollback(person(), why)
    publish_champion(registry_of(settings), settings.root / PUBLISHED)
    typer.echo(f"Version {back.number} is champion again.")


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
    from training.deploy import PUBLISHED
    from training.watching import watching

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
