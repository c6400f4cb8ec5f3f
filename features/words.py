"""Machine words and numbers as a salesperson reads them."""

import re
from dataclasses import dataclass
from functools import lru_cache

_SEPARATOR = re.compile(r"[_\s]+|(?<=[^\W\d])[.:](?=[^\W\d])")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_IRREGULAR = {"person": "people", "child": "children", "quiz": "quizzes", "reply": "replies"}
_UNCOUNTED = {"feedback", "information", "news", "research", "traffic"}


@dataclass(frozen=True)
class Noun:
    """A thing that is counted: one download, many downloads, no downloads."""

    one: str
    many: str
    none: str

    def counted(self, count: float) -> str:
        """Give the number with the right form of the noun.

        >>> [noun_of("download").counted(count) for count in (0, 1, 1200)]
        ['no downloads', '1 download', '1,200 downloads']
        """
        if count == 0:
            return f"no {self.none}"
        shown = number(count)
        return f"{shown} {self.one if shown == '1' else self.many}"


ACTIVITY = Noun("activity", "activities", "activity")  # a thing done, of whatever type


@lru_cache(maxsize=1_024)
def noun_of(name: str) -> Noun:
    """Give the noun of an event type.

    >>> noun_of("page_view")
    Noun(one='page view', many='page views', none='page views')
    """
    one = words(name)
    many = plural(one)
    return Noun(one, many, many)


@lru_cache(maxsize=1_024)
def words(name: str) -> str:
    """Give a machine word, or a column's name, as plain words; acronyms and other scripts stay as they are.

    >>> [words(name) for name in ("page_view", "TotalVisits", "nr.employed", "CTA click", "país")]
    ['page view', 'total visits', 'nr employed', 'CTA click', 'país']
    """
    parts = _SEPARATOR.sub(" ", _CAMEL.sub(" ", name)).split()
    return " ".join(part if len(part) > 1 and part.isupper() else part.lower() for part in parts) or name


def plural(noun: str) -> str:
    """Give the plural of an English noun; what is not one, or is a plural already, stays as it is.

    >>> [plural(noun) for noun in ("page view", "form entry", "search", "reply", "email opened", "資料")]
    ['page views', 'form entries', 'searches', 'replies', 'email opened', '資料']
    """
    start, space, last = noun.rpartition(" ")
    return start + space + _plural_word(last)


def _plural_word(word: str) -> str:
    low = word.lower()
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if low in _UNCOUNTED or not re.search(r"[a-zA-Z]$", word) or re.search(r"(?<!e)ed$|[^su]s$", low):
        return word
    if re.search(r"(s|x|z|ch|sh)$", low):
        return word + "es"
    if re.search(r"[^aeiou]y$", low):
        return word[:-1] + "ies"
    return word + "s"


def number(value: float) -> str:
    """Give a number with commas, and one decimal where it has any; below 1, two digits that count.

    >>> [number(value) for value in (120.0, 1234567.0, 3.44, 0.034, -0.0)]
    ['120', '1,234,567', '3.4', '0.034', '0']
    """
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.1f}".removesuffix(".0") if abs(value) >= 1 else f"{value:.2g}"


def ago(days: float) -> str:
    """Say how long ago something was.

    >>> [ago(days) for days in (0.01, 0.2, 1.0, 2.5, 40.2)]
    ['less than an hour ago', '4 hours ago', '1 day ago', '2.5 days ago', '40 days ago']
    """
    hours = int(days * 24)
    if hours == 0:
        return "less than an hour ago"
    if days < 1:
        return f"{hours} hour{'s' * (hours > 1)} ago"
    shown = number(round(days) if days >= 10 else days)
    return f"{shown} day{'s' * (shown != '1')} ago"
