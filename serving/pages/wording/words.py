"""The words of the pages, in each language: English stands in the templates, the others in the catalogue `wording`.

The catalogue has a folder a language, with a .po file a page. They are read as they are, so nothing needs to be
compiled. Where a text is missing, the English one shows; a test sees to it that none is.
"""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import negotiate_locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

WORDING = Path(__file__).parent
ENGLISH = "en"
LANGUAGES = (ENGLISH, *sorted({file.parent.name for file in WORDING.glob("*/*.po")}))
MOST_WANTED = 20  # of the languages that a browser may list


class Words:
    """Translates texts into one language; `words("Log out")`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.translations = _translations(language)

    def __call__(self, text: str) -> str:
        """Give a text in this language."""
        return str(self.translations.ugettext(text)) if text else ""

    def plural(self, one: str, many: str, count: int) -> str:
        """Give the text for so many."""
        return str(self.translations.ungettext(one, many, count))


@cache
def words_of(language: str) -> Words:
    """Give the words of one of LANGUAGES."""
    return Words(language)


def wanted_locale(accept_language: str) -> Locale:
    """Give the locale to write in: the first of a browser's languages that there are words for, else English.

    >>> str(wanted_locale("fr, es-MX;q=0.9, en;q=0.8")), str(wanted_locale("xx")), str(wanted_locale("en-GB"))
    ('es_MX', 'en', 'en_GB')
    """
    for wanted in _by_preference(accept_language):
        language = negotiate_locale([wanted.partition("-")[0]], LANGUAGES)
        if language is not None:
            return _locale(wanted, language)
    return Locale(ENGLISH)


def read_catalogue(file: Path) -> Catalog:
    """Give the texts of one .po file."""
    with file.open("rb") as opened:
        return read_po(opened, locale=file.parent.name, abort_invalid=True)


def _by_preference(accept_language: str) -> list[str]:
    weights: Mapping[str, float] = {
        name.strip(): _weight(more) for name, _, more in (each.partition(";") for each in accept_language.split(","))
    }
    named = [name for name in weights if name and weights[name] > 0]
    return sorted(named, key=lambda name: -weights[name])[:MOST_WANTED]


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0


def _locale(wanted: str, language: str) -> Locale:
    try:
        return Locale.parse(wanted, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale(language)


def _translations(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    whole = Catalog(locale=language)
    for file in sorted((WORDING / language).glob("*.po")):
        for message in read_catalogue(file):
            if message.id:
                whole[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return Translations(compiled)
