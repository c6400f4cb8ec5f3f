"""Commands that serve."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from command_line.options import DEFAULT_CONFIG, ConfigPath, Host, Port
from features.config import Config, load_config
from training.terminal import progress

DEMO_FOLDER = Path("demo-company")


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=64)] = 1,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Serve scores over HTTP, following the champion in MLflow."""
    start_service(load_config(config), host, port, workers)


def demo(
    leads: Annotated[int, typer.Option(help="How many leads.", min=500, max=1_000_000)] = 20_000,
    serve: Annotated[bool, typer.Option(help="Serve at the end.")] = True,
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Show it all on a sample company with half a year of history: simulate, train, register, score, serve."""
    from training.demo import run_demo

    config = run_demo(DEMO_FOLDER, leads, datetime.now(UTC), progress)
    if serve:
        start_service(config, host, port, workers=1)


def start_service(config: Config, host: str, port: int, workers: int) -> None:
    """Start the service, and beside it what follows the champion and what delivers webhooks; all end together."""
    from features.store import all_keys, open_store
    from serving.http.server import serve as serve_http
    from serving.http.settings import ServiceSettings
    from serving.webhooks.delivering import delivering
    from training.records.watching import watching

    token = None if all_keys(open_store(config.store.url)) else secrets.token_urlsafe(24)
    settings = ServiceSettings.of(config, host=host, port=port, workers=workers, one_time_token=token)

    def say_welcome() -> None:
        from serving.http.welcome import welcome

        typer.echo(welcome(settings))

    champion = watching(config, settings.published)
    with champion, delivering(config):
        serve_http(settings, say_welcome)
