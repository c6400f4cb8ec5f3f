"""Commands on the models there are: list, show, promote, roll back."""

from pathlib import Path
from typing import Annotated

import typer

from command_line.options import DEFAULT_CONFIG, ConfigPath, JsonPath, Port
from features.config import load_config
from training.terminal import show

Why = Annotated[str, typer.Option(help="The reason, for the records.")]


def models(config: ConfigPath = DEFAULT_CONFIG, json: JsonPath = None) -> None:
    """List the versions in the registry, newest first."""
    from training.records.registry_report import render_versions, versions_json
    from training.records.scoring_model import registry_of

    versions = registry_of(load_config(config)).versions()
    show(render_versions(versions), versions_json(versions), json)


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


def promote(
    version: Annotated[str, typer.Argument(help="A version number, or challenger.")],
    why: Why = "by hand",
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Make a version the champion, which deploys it, and say who changes grade."""
    from training.champion.change_champion import promote_version, render_change

    change = promote_version(load_config(config), version, why)
    show(render_change(change), change.to_json(), json)


def rollback(
    why: Why = "by hand",
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Make the champion before this one the champion again, and say who changes grade."""
    from training.champion.change_champion import render_change, roll_back

    change = roll_back(load_config(config), why)
    show(render_change(change), change.to_json(), json)


def mlflow(
    port: Port = 5000,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Open MLflow's own pages on the records of this config."""
    from training.records.mlflow_pages import serve_mlflow_pages

    serve_mlflow_pages(load_config(config).mlflow.tracking_uri, port)
