"""Which sign separates the cells of a CSV file."""

import csv
import itertools

from features.sources.journal import Journal

DELIMITERS = (",", ";", "\t", "|")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
LOOKED_AT_CHARACTERS = 200_000
LOOKED_AT_RECORDS = 200


def find_delimiter(text: str, file: str, journal: Journal) -> str:
    r"""Give the sign that cuts the first records into the most cells of which every record has the same number.

    >>> find_delimiter("name;size\n'a, b';3\n", "leads.csv", Journal())
    ';'
    """
    delimiter = max(DELIMITERS, key=lambda each: _evenness(text[:LOOKED_AT_CHARACTERS], each))
    journal.finding("delimiter", f"{file}: cells are separated by {NAMES[delimiter]}")
    return delimiter


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """Rank a delimiter by (share of records as wide as the header, width); no cut at all ranks last."""
    records = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        widths = [len(record) for record in itertools.islice(records, LOOKED_AT_RECORDS) if record]
    except csv.Error:  # a cell of many pages, or a quote in the wrong place
        return 0.0, 0
    if not widths or widths[0] == 1:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]
