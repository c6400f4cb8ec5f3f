"""One problem of the user's input, said so that it can be mended: where, what, and the remedy."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHOWN_CHARACTERS = 60  # of a bad value: enough to recognise it, too little to flood a terminal


@dataclass(frozen=True)
class Problem:
    """What is wrong at one place. Everything but `what` and `remedy` is left out where it says nothing.

    `row` counts as a spreadsheet does: the header is row 1, the first lead is row 2.
    """

    what: str
    remedy: str
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def line(self) -> str:
        """Give the problem as one plain line.

        >>> Problem("is not a date", "write it as 2026-03-01", "leads.csv", 7, "mql_at", "soon").line()
        "leads.csv, row 7, column 'mql_at': 'soon' is not a date; write it as 2026-03-01"
        """
        places = [self.file, self.row and f"row {self.row}", self.column is not None and f"column {self.column!r}"]
        place = ", ".join(str(part) for part in places if part)
        value = "" if self.value is None else f"{shorten(self.value)!r} "
        return f"{place + ': ' if place else ''}{value}{self.what}; {self.remedy}"


def shorten(value: str) -> str:
    """Cut a value to what one line can show."""
    return value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Give the known name most like `name`, case aside; None where none is like it.

    >>> nearest("Handed over", ["handed_over", "sector"])
    'handed_over'
    """
    by_folded = {candidate.casefold(): candidate for candidate in known}
    found: Sequence[str] = difflib.get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=0.5)
    return by_folded[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Give "did you mean 'x'?" or, where nothing is near, the list of what is allowed."""
    names = list(known)
    like = nearest(name, names)
    if like is not None:
        return f"did you mean {like!r}?"
    return "known are: " + ", ".join(repr(each) for each in names[:20]) + (" …" if len(names) > 20 else "")
