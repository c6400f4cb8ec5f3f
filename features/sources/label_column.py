"""The label that an export itself carries."""

import polars as pl

from features.config import LabelColumn
from features.findings import Severity
from features.problems import did_you_mean
from features.sources.cells import filled_text
from features.sources.journal import Journal
from features.sources.raw_table import RawTable

SHOWN_WORDS = 8
ESCAPE = "or start without: say which rate to expect, as rate = 0.2 in [priors]"


def no_label(height: int) -> pl.Series:
    """Give the label of leads of which nothing is known yet."""
    return pl.repeat(None, height, dtype=pl.Int8, eager=True).rename("label")


def read_label(raw: RawTable, said: LabelColumn, journal: Journal, *, start_without: bool = False) -> pl.Series:
    """Give 1 for a positive word, 0 for any other, null for an empty cell (not known yet), Int8.

    Words are compared without regard to case, and 1.0 is the same as 1. Filled cells of one class become a problem,
    as wrong words look just so, unless the company means to `start_without` outcomes to learn from.
    """
    series = raw.column(said.column, journal, "[leads] label")
    if series is None:
        return no_label(raw.frame.height)
    words = _canonical(filled_text(series))
    positive = _canonical(pl.Series(said.positive, dtype=pl.String))
    label = words.is_in(positive.to_list()).cast(pl.Int8).rename("label")
    if _has_two_classes(raw, said, words, label, journal, may_lack=start_without):
        _say_unseen_words(raw, said, words, positive, journal)
    return label


def _canonical(words: pl.Series) -> pl.Series:
    """Give words in one spelling: case folded, and whole numbers without a fraction of zeros."""
    return words.str.to_lowercase().str.replace(r"^([+-]?\d+)\.0+$", "$1")


def _has_two_classes(
    raw: RawTable, said: LabelColumn, words: pl.Series, label: pl.Series, journal: Journal, *, may_lack: bool
) -> bool:
    """Write down how many leads are SQLs; one class is a problem unless nothing is known yet, or it is meant."""
    known, sql = label.count(), int(label.sum() or 0)
    if sql in (0, known):
        if known and not may_lack:
            found = ", ".join(repr(word) for word in _most_common(words)[:SHOWN_WORDS])
            what = f"has one class: {sql:,} of {known:,} filled cells are positive (found are {found})"
            remedy = f"training needs both; check positive = {list(said.positive)} in [leads] label, {ESCAPE}"
            journal.problem(what, remedy, raw.file, column=said.column)
        return False
    detail = f"{raw.file}: {sql:,} of {known:,} leads with a known outcome are SQLs"
    unknown = len(label) - known
    journal.finding("label", detail + (f"; {unknown:,} are not known yet" if unknown else ""), said.column)
    return True


def _say_unseen_words(
    raw: RawTable, said: LabelColumn, words: pl.Series, positive: pl.Series, journal: Journal
) -> None:
    """Warn of positive words that no cell holds: they may be misspelt."""
    seen = _most_common(words)
    for word in positive.filter(~positive.is_in(seen)).to_list():
        detail = f"{raw.file}: no cell is the positive word {word!r}: {did_you_mean(word, seen)}"
        journal.finding("label", detail, said.column, Severity.WARNING)


def _most_common(words: pl.Series) -> list[str]:
    counts = words.drop_nulls().value_counts(sort=True)
    return counts[words.name].to_list()
