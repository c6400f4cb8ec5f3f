"""Model cards as files: beside a version's record in MLflow, and where a person wants them."""

from pathlib import Path

from features.errors import DataError
from features.problems import Problem
from training.card.card_source import card_source
from training.card.model_card import ModelCard, model_card
from training.card.model_card_render import card_html, card_markdown
from training.records.registry import Registry
from training.records.tracking import open_client, said_plainly

RENDERERS = {".md": card_markdown, ".html": card_html}
CARD = "model-card"


def version_card(registry: Registry, name: str) -> ModelCard:
    """Give the card of a version, named by number or alias, as of now.

    Raises StoreError where the registry cannot be reached or has no such version, BundleError for an unsound bundle.
    """
    return model_card(card_source(registry, name))


def log_card(registry: Registry, number: str) -> None:
    """Keep a version's card, both ways, among the files of its run. Raises StoreError where MLflow refuses."""
    version = registry.version(number)
    card = version_card(registry, number)
    client = open_client(registry.tracking_uri)
    with said_plainly(registry.tracking_uri):
        for ending, render in RENDERERS.items():
            client.log_text(version.run_id, render(card), CARD + ending)


def check_ending(path: Path) -> None:
    """Raise DataError unless the file's ending says how to write a card."""
    if path.suffix.lower() not in RENDERERS:
        what = f"the ending {path.suffix!r} says neither Markdown nor HTML"
        raise DataError([Problem(what, "give -o a file that ends in .md or .html", file=str(path))])


def write_card(card: ModelCard, path: Path) -> None:
    """Write a card as the file's ending says. Raises DataError for another ending, or where it cannot be written."""
    check_ending(path)
    try:
        path.write_text(RENDERERS[path.suffix.lower()](card), encoding="utf-8")
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise DataError([Problem(what, "give another file to -o", file=str(path))]) from error
