"""Which columns count people, by their name: such a number is never below zero."""

import re

_PEOPLE = {"employee", "employees", "employed", "headcount", "headcounts", "staff", "workforce", "fte", "ftes"}
_PHRASES = ("head count", "company size", "team size", "number of people")
_CHANGES = {"growth", "change", "delta", "difference", "trend", "rate"}  # of a head count: may well be negative
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def is_head_count(column: str) -> bool:
    """Say whether a column's name means a number of people.

    >>> [is_head_count(name) for name in ("employees", "NumberOfEmployees", "Employee growth", "income")]
    [True, True, False, False]
    """
    words = [word.lower() for word in _WORD.findall(column)]
    if _CHANGES.intersection(words):
        return False
    return bool(_PEOPLE.intersection(words)) or any(phrase in " ".join(words) for phrase in _PHRASES)
