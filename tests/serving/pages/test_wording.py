"""Every text of the pages stands in every catalogue, with the same gaps to fill, and is used."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir

import serving
from serving.pages.wording.words import ENGLISH, LANGUAGES, WORDING, read_catalogue, wanted_locale, words_of

SERVING = Path(serving.__file__).parent
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "N_": None,
    "words": None,
    "plural": (1, 2),
}
HOW = [("pages/templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
GAP = re.compile(r"%\((\w+)\)s")
OTHERS = [language for language in LANGUAGES if language != ENGLISH]


def used() -> Iterator[str]:
    options = {"pages/templates/**.html": {"extensions": "jinja2.ext.i18n", "silent": "false"}}
    for _, _, message, _, _ in extract_from_dir(SERVING, HOW, options, KEYWORDS):
        yield message if isinstance(message, str) else message[0]


def catalogue(language: str) -> list[Message]:
    parts = [read_catalogue(file) for file in sorted((WORDING / language).glob("*.po"))]
    return [message for part in parts for message in part if message.id]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_and_every_translation_used(language: str) -> None:
    texts = [_key(message.id) for message in catalogue(language)]
    there = set(texts)
    assert len(texts) == len(there), f"twice: {sorted(text for text in there if texts.count(text) > 1)}"
    wanted = {text for text in used() if text}
    assert sorted(wanted - there) == []
    assert sorted(there - wanted) == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_have_the_same_gaps_and_none_is_empty(language: str) -> None:
    for message in catalogue(language):
        texts = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        for text in texts:
            assert text, f"{message.id} has no translation"
            assert set(GAP.findall(text)) == set(GAP.findall(_key(message.id))), message.id


def test_every_language_that_a_browser_names_gets_its_words_or_english() -> None:
    assert str(wanted_locale("de;q=0.9, es-AR;q=0.8, en;q=0.5")) == "es_AR"
    assert str(wanted_locale("")) == "en"
    assert str(wanted_locale("*")) == "en"
    assert str(wanted_locale("en;q=0, es")) == "es"
    assert str(wanted_locale("es-XX-nonsense;q=x,,;;q=, en-US")) == "en_US"


def test_words_are_those_of_the_catalogue() -> None:
    assert words_of("es")("Log out") == "Cerrar sesión"
    assert words_of("en")("Log out") == "Log out"
    assert words_of("es").plural("%(days)s day", "%(days)s days", 2) == "%(days)s días"


def _key(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]
