"""Turns a page object into HTML, in the reader's language."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from serving.pages.wording.formats import Formats
from serving.pages.wording.words import Words, words_of

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
STATIC_PATH = "/static"


@dataclass(frozen=True)
class Entry:
    """A page in the navigation."""

    address: str
    title: str
    is_current: bool


@dataclass(frozen=True)
class Frame:
    """What stands around every page.

    data_address: where the page's figures are as JSON, with its filters; None where it has none.
    is_up_to_date: whether what reports count follows the whole store.
    """

    title: str
    navigation: tuple[Entry, ...]
    who: str
    form_token: str
    model_version: str | None
    now: datetime
    data_address: str | None = None
    is_up_to_date: bool = True


def formats_of(locale: Locale, zone: tzinfo) -> Formats:
    """Give how a reader with this locale sees figures; a language without words is an error of the caller."""
    return Formats(locale, zone, words_of(locale.language))


def render(template: str, frame: Frame, formats: Formats, shown: Mapping[str, Any]) -> str:
    """Give a page as HTML: `shown` are the names that its template knows."""
    environment = environment_of(formats.language)
    return environment.get_template(template).render(frame=frame, f=formats, **shown)


@cache
def environment_of(language: str) -> Environment:
    """Give the templates in one language."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words: Words = words_of(language)
    environment.install_gettext_translations(words.translations, newstyle=True)  # type: ignore[attr-defined]  # i18n's
    environment.globals["static"] = static_address
    return environment


@cache
def static_address(name: str) -> str:
    """Give the address of a static file; another content has another address, so browsers may keep it for ever."""
    file = STATIC / name
    if not file.exists():  # made by a program, of a version that never changes
        return f"{STATIC_PATH}/{name}"
    return f"{STATIC_PATH}/{name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
