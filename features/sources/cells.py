"""Which cells are empty.

An empty cell is missing, and so are the words that spreadsheets and programs leave where nothing is known. "NA" is
one of them except in a category, where it may be Namibia or North America. "unknown" and "none" are ordinary
levels: someone wrote them.
"""

import polars as pl

from features.cell_values import MISSING_WORDS
from features.sources.raw_table import as_text

NOT_AVAILABLE = "NA"


def filled_text(series: pl.Series, *, category: bool = False) -> pl.Series:
    """Give the cells as trimmed text, null where missing.

    >>> filled_text(pl.Series([" a ", "", "N/A", "NA"])).to_list()
    ['a', None, None, None]
    >>> filled_text(pl.Series(["NA"]), category=True).to_list()
    ['NA']
    """
    text = as_text(series).str.strip_chars()
    words = ["", *MISSING_WORDS] if category else ["", *MISSING_WORDS, NOT_AVAILABLE]
    return text.set(text.is_in(words), None)


def is_filled(series: pl.Series) -> pl.Series:
    """Say which cells are not missing, without making text of what is typed.

    >>> is_filled(pl.Series([7, None])).to_list()
    [True, False]
    """
    return filled_text(series).is_not_null() if series.dtype == pl.String else series.is_not_null()
