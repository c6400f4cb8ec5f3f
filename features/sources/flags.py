"""Yes and no, in the words that exports use."""

import polars as pl

WORD_PAIRS = (("yes", "no"), ("true", "false"))  # what makes a column a flag by itself; 1 and 0 stay numbers
FLAG_WORDS = {
    "yes": 1.0,
    "y": 1.0,
    "true": 1.0,
    "t": 1.0,
    "1": 1.0,
    "no": 0.0,
    "n": 0.0,
    "false": 0.0,
    "f": 0.0,
    "0": 0.0,
}


def parse_flags(text: pl.Series) -> pl.Series:
    """Give 1.0 for yes and 0.0 for no, null where a cell is missing or neither; case does not matter.

    >>> parse_flags(pl.Series(["Yes", "FALSE", "perhaps"])).to_list()
    [1.0, 0.0, None]
    """
    return text.str.to_lowercase().replace_strict(FLAG_WORDS, default=None, return_dtype=pl.Float64)


def are_flags(text: pl.Series) -> bool:
    """Say whether all filled cells are of one pair of words: yes and no, or true and false."""
    words = set(text.drop_nulls().unique().str.to_lowercase())
    return bool(words) and any(words <= set(pair) for pair in WORD_PAIRS)
