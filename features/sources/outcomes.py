"""The table of what sales decided."""

from zoneinfo import ZoneInfo

import polars as pl

from features.config import Outcomes
from features.problems import did_you_mean
from features.sources.cells import filled_text, is_filled
from features.sources.instants import Instants, read_instants
from features.sources.journal import SHOWN_ROWS, Journal
from features.sources.lead_ids import read_references, say_missing, say_unknown_leads
from features.sources.raw_table import RawTable

UNWORKED = "unworked"


def outcome_columns(said: Outcomes) -> frozenset[str]:
    """Give the columns that an outcomes file is read for."""
    named = (said.lead_id, said.decided_at, said.outcome, said.reason)
    return frozenset(each for each in named if each is not None)


def read_outcomes(
    said: Outcomes, raw: RawTable, zone: ZoneInfo, leads: pl.DataFrame | None, journal: Journal
) -> pl.DataFrame | None:
    """Give `Tables.outcomes` in the file's order; None, with problems, where a column that is named is not there.

    Only an unworked lead needs no time. A decision of which only the day is known, on the day of the hand-over, came
    with the hand-over, not at the midnight before it. `leads` is None where the leads could not be read.
    """
    ids = read_references(raw, said.lead_id, "[outcomes] lead_id", journal)
    decided = raw.column(said.decided_at, journal, "[outcomes] decided_at")
    words = raw.column(said.outcome, journal, "[outcomes] outcome")
    reasons = raw.column(said.reason, journal, "[outcomes] reason") if said.reason else None
    if ids is None or decided is None or words is None or (said.reason and reasons is None):
        return None
    if leads is not None:
        unknown = ~ids.is_in(leads["lead_id"].implode()) & ids.is_not_null()
        say_unknown_leads(raw, said.lead_id, unknown, "add the lead to the leads file, or take the row out", journal)
    outcome = _read_words(said, raw, journal)
    instants = read_instants(raw, said.decided_at, zone, journal)
    _say_missing_times(said, raw, outcome, journal)
    times = instants.values if leads is None else _not_before_handover_on_its_day(instants, ids, leads, zone)
    reason = pl.repeat(None, len(ids), dtype=pl.String, eager=True) if reasons is None else filled_text(reasons)
    return pl.DataFrame([ids, times.rename("decided_at"), outcome, reason.rename("reason")])


def _read_words(said: Outcomes, raw: RawTable, journal: Journal) -> pl.Series:
    """Give our word for each outcome; null, with a problem, where a cell is empty or a word that is not named."""
    text = filled_text(raw.frame[said.outcome], category=True)
    say_missing(raw, said.outcome, text.is_null(), "write the outcome, or take the row out", journal)
    meanings = said.values.outcome_of()
    outcome = text.str.to_lowercase().replace_strict(meanings, default=None, return_dtype=pl.String)
    unknown = text.is_not_null() & outcome.is_null()
    _say_unknown_words(said, raw, text.filter(unknown), raw.rows.filter(unknown), journal)
    return outcome.rename("outcome")


def _say_unknown_words(said: Outcomes, raw: RawTable, words: pl.Series, rows: pl.Series, journal: Journal) -> None:
    """Write down each unknown word once, with its first row: one word is usually on many."""
    frame = pl.DataFrame({"word": words, "row": rows})
    found = frame.group_by("word", maintain_order=True).agg(pl.first("row"), pl.len().alias("rows"))
    named = dict.fromkeys(word for each in type(said.values).model_fields for word in getattr(said.values, each))
    for word, row, count in found.head(SHOWN_ROWS).iter_rows():
        what = "is no outcome that [outcomes] values names" + (f" (on {count:,} rows)" if count > 1 else "")
        remedy = f"add it to sql, rejected, recycled or unworked there; {did_you_mean(word, named)}"
        journal.problem(what, remedy, raw.file, row=row, column=said.outcome, value=word)
    if found.height > SHOWN_ROWS:
        what = f"and {found.height - SHOWN_ROWS:,} more words like this"
        journal.problem(what, "add each to [outcomes] values", raw.file, column=said.outcome)


def _say_missing_times(said: Outcomes, raw: RawTable, outcome: pl.Series, journal: Journal) -> None:
    empty = ~is_filled(raw.frame[said.decided_at]) & (outcome != UNWORKED).fill_null(value=True)
    say_missing(raw, said.decided_at, empty, "write when sales decided, or take the row out", journal)


def _not_before_handover_on_its_day(
    decided: Instants, ids: pl.Series, leads: pl.DataFrame, zone: ZoneInfo
) -> pl.Series:
    """Give the decisions' times, those on the day of the hand-over without a time of day moved to the hand-over."""
    frame = pl.DataFrame([ids, decided.values.rename("decided_at"), decided.date_only.rename("date_only")])
    handed_over = leads.select("lead_id", "as_of").unique("lead_id")
    joined = frame.join(handed_over, on="lead_id", how="left", maintain_order="left")
    in_zone = (pl.col(name).dt.convert_time_zone(zone.key).dt.date() for name in ("decided_at", "as_of"))
    decision_day, handover_day = in_zone
    moved = pl.when(pl.col("date_only") & (decision_day == handover_day)).then(pl.col("as_of"))
    return joined.select(moved.otherwise(pl.col("decided_at"))).to_series()
