"""The id of each event of a file, also where the file gives none."""

from hashlib import blake2b

import polars as pl

from features.sources.cells import filled_text
from features.sources.raw_table import as_text
from features.store.schema import ID_CHARACTERS

MADE = "import-"  # how the ids begin that are made here
_SAME = ("lead_id", "occurred_at", "type", "content")


def with_event_ids(events: pl.DataFrame, cells: pl.Series | None) -> pl.DataFrame:
    """Give the events with `event_id`: from `cells`, or made from what happened, so that it is the same each time.

    Of events that are alike in everything and have no id, the first gets one id, the second another, and so on.
    """
    ids = _own_ids(events.height, cells)
    without = ids.is_null()
    if without.any():
        ids = ids.scatter(without.arg_true(), _made_ids(events.filter(without)))
    return events.with_columns(ids.alias("event_id"))


def made_id(*parts: str) -> str:
    r"""Give an id that stands for some words, and for no others.

    >>> made_id("L1", "e-7")
    'import-c19b6467d20b87f3577518f1211c6d10'
    """
    return MADE + blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _own_ids(height: int, cells: pl.Series | None) -> pl.Series:
    if cells is None:
        return pl.repeat(None, height, dtype=pl.String, eager=True)
    ids = filled_text(as_text(cells), category=True)
    too_long = (ids.str.len_chars() > ID_CHARACTERS).fill_null(value=False)
    return ids.scatter(too_long.arg_true(), [made_id(each) for each in ids.filter(too_long)])


def _made_ids(events: pl.DataFrame) -> list[str]:
    moment = pl.col("occurred_at").dt.epoch("us").cast(pl.String)
    repeat = pl.int_range(pl.len()).over(_SAME).cast(pl.String)
    words = events.select("lead_id", moment, "type", pl.col("content").fill_null(""), repeat.alias("repeat"))
    return [made_id(*row) for row in words.iter_rows()]
