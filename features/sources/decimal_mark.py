"""Whether 1,5 or 1.5 is one and a half in a CSV file."""

from dataclasses import dataclass

import polars as pl

from features.findings import Severity
from features.sources.journal import Journal

NUMBER_SHARE = 0.95  # of a column's filled cells must read as numbers for it to have a say
_WHOLE = r"^[+-]?\d+$"
_COMMA = r"^[+-]?(\d*|\d{1,3}(\.\d{3})+),\d+$"
_POINT = r"^[+-]?(\d*|\d{1,3}(,\d{3})+)\.\d+$"
_EITHER = r"^[+-]?[1-9]\d{0,2}(,\d{3})+$"


@dataclass(frozen=True)
class _Votes:
    """Names of columns that can only be read with a comma, only with a point, or with both."""

    comma: list[str]
    point: list[str]
    either: list[str]


def find_decimal_mark(frame: pl.DataFrame, file: str, journal: Journal) -> str:
    """Give "," or "." by what the columns of numbers can only mean; writes down a problem where it cannot tell."""
    with_comma = [name for name in frame.columns if frame[name].str.contains(",", literal=True).any()]
    if not with_comma:
        return "."
    votes = _count_votes(frame, with_comma)
    if not votes.comma and not votes.either:
        return "."
    if votes.comma:
        if votes.point:
            detail = (
                f"{file}: decimal comma in {', '.join(votes.comma)}, decimal point in {', '.join(votes.point)}; "
                'the comma is taken: say decimal = "." in leadsift.toml if that is wrong'
            )
            journal.finding("decimal", detail, severity=Severity.WARNING)
        else:
            journal.finding("decimal", f"{file}: numbers have a decimal comma, as in {votes.comma[0]}")
        return ","
    if not votes.point:
        values = frame[votes.either[0]].drop_nulls()
        example = values.filter(values.str.contains(_EITHER))[0]
        remedy = 'say decimal = "," or decimal = "." in leadsift.toml, in the section of this file'
        journal.problem("could have a decimal comma or not", remedy, file, column=votes.either[0], value=example)
    return "."


def _count_votes(frame: pl.DataFrame, with_comma: list[str]) -> _Votes:
    votes = _Votes([], [], [])
    for name in frame.columns:
        cells = frame[name].str.strip_chars()
        cells = cells.filter(cells != "")
        if name in with_comma and _share(cells, f"{_COMMA}|{_EITHER}|{_WHOLE}") > NUMBER_SHARE:
            only_comma = cells.str.contains(_COMMA) & ~cells.str.contains(_EITHER)
            (votes.comma if only_comma.any() else votes.either).append(name)
        elif _share(cells, _POINT) > 0 and _share(cells, f"{_POINT}|{_WHOLE}") > NUMBER_SHARE:
            votes.point.append(name)
    return votes


def _share(cells: pl.Series, pattern: str) -> float:
    return float(cells.str.contains(pattern).sum()) / max(len(cells), 1)
