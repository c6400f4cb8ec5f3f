"""Parts of a text that only winners or only losers have: a word in a note, the letters before an id's number."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from features.attributes import Kind
from features.findings import Severity
from features.problems import shorten
from training.leak_guard.alone import DECIDING_AUC
from training.leak_guard.column_auc import column_auc
from training.leak_guard.leak import Leak
from training.leak_guard.one_sided import EXCEPTIONS, LEAST_LEADS, one_sided
from training.leak_guard.searched import Column, Searched
from training.measuring.metrics import Floats

MANY_LEVELS = 30  # of fewer, each is looked at whole
MOST_CHARACTERS = 2_000  # of a text


def search_parts(searched: Searched) -> Iterator[Leak]:
    """Look at the words and the first sign of each text that takes many values."""
    for column in searched.columns:
        if column.kind is Kind.CATEGORY and len(column.levels) > MANY_LEVELS:
            yield from _words(column, searched.y)
            yield from _starts(column, searched.y)


def _words(column: Column, y: Floats) -> Iterator[Leak]:
    levels = column.levels.cast(pl.String).str.slice(0, MOST_CHARACTERS).str.to_lowercase()
    words = levels.str.extract_all(r"\p{L}+").list.unique(maintain_order=True)
    parts = pl.DataFrame({"code": np.arange(len(levels)), "word": words}).explode("word").drop_nulls()
    per_level = pl.DataFrame(
        {
            "code": np.arange(len(levels)),
            "leads": np.bincount(column.codes[column.filled], minlength=len(levels)),
            "won": np.bincount(column.codes[column.filled], weights=y[column.filled], minlength=len(levels)),
        }
    )
    pure = (pl.col("won") == 0) | (pl.col("won") >= (1 - EXCEPTIONS) * pl.col("leads"))
    words_found = (
        parts.join(per_level, on="code", maintain_order="left")
        .group_by("word", maintain_order=True)
        .agg(pl.col("leads", "won").sum(), "code")
        .filter((pl.col("leads") >= LEAST_LEADS) & pure)
        .filter(pl.col("code").list.len() > 1)
    )
    for word, codes in words_found.select("word", "code").iter_rows():
        found = one_sided(np.isin(column.codes, codes), y)
        if found:
            severity = found.severity if found.won else Severity.WARNING
            yield Leak(column.name, severity, f"holds the word {shorten(word)!r} on {found.say()}")


def _starts(column: Column, y: Floats) -> Iterator[Leak]:
    auc = column_auc(column.values.cast(pl.String).str.slice(0, 1), y)
    if auc >= DECIDING_AUC:
        said = f"by its first sign alone tells SQLs from other leads of the same time with an AUC of {auc:.2f}"
        yield Leak(column.name, Severity.ERROR, said)
