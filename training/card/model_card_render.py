"""A model card as Markdown and as one HTML file that needs nothing else and runs no script."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from training.card.model_card import ModelCard

TEMPLATES = Path(__file__).parent / "templates"
_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def card_html(card: ModelCard) -> str:
    """Give the card as a page: self-contained, printable, its style pinned by hash and scripts forbidden."""
    style = (TEMPLATES / "model-card.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return _html().get_template("model-card.html").render(card=card, style=Markup(style), policy=policy)  # noqa: S704 - our own file


def card_markdown(card: ModelCard) -> str:
    """Give the card as Markdown; signs of Markdown in a column's name or a finding are shown, not obeyed."""
    return _markdown().get_template("model-card.md").render(card=card)


def escape_markdown(text: str) -> str:
    r"""Give text that Markdown shows as it is, also in a table's cell.

    >>> escape_markdown("nr_of | <b>leads</b>")
    'nr\\_of \\| \\<b\\>leads\\</b\\>'
    """
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))


@cache
def _html() -> Environment:
    return Environment(autoescape=True, **_common())


@cache
def _markdown() -> Environment:
    finalize = pass_context(_escaped)
    return Environment(autoescape=False, finalize=finalize, **_common())  # noqa: S701 - every value is escaped as Markdown


def _common() -> dict[str, Any]:
    return {
        "loader": FileSystemLoader(TEMPLATES),
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "keep_trailing_newline": True,
    }


def _escaped(_context: Context, value: object) -> object:
    """Escape each value of a template, but not the template's own text; with a context, Jinja2 never folds the two."""
    return escape_markdown(value) if isinstance(value, str) else value
