"""Each kind of leak, planted into the sample company, is found, named and told with its numbers."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from features.attributes import Kind
from features.findings import Severity
from tests.training.leak_guard.conftest import Sample

ERROR, WARNING = Severity.ERROR, Severity.WARNING
Plant = Callable[[Sample, np.random.Generator], Sample]


def category(values: NDArray[np.str_]) -> list[object]:
    return [None if value == "" else str(value) for value in values]


def duration_of_the_last_call(sample: Sample, chance: np.random.Generator) -> Sample:
    return sample.with_column(Kind.NUMBER, chance.lognormal(5 + 1.3 * sample.known, 0.9))


def score_of_another_tool_after_the_deal(sample: Sample, chance: np.random.Generator) -> Sample:
    return sample.with_column(Kind.NUMBER, sample.known + chance.normal(0, 0.2, len(sample.y)))


def label_in_other_words(sample: Sample, _: np.random.Generator) -> Sample:
    return sample.with_column(Kind.CATEGORY, category(np.where(sample.known == 1, "grün", "rot")))


def label_as_a_flag_with_gaps(sample: Sample, chance: np.random.Generator) -> Sample:
    return sample.with_column(Kind.FLAG, np.where(chance.random(len(sample.y)) < 0.5, np.nan, sample.known))


def stage_that_only_winners_reach(sample: Sample, chance: np.random.Generator) -> Sample:
    reached = (sample.known == 1) & (chance.random(len(sample.y)) < 0.4)
    return sample.with_column(Kind.CATEGORY, category(np.where(reached, "stage 5", "stage 1")))


def stage_with_a_slip_of_the_hand(sample: Sample, chance: np.random.Generator) -> Sample:
    reached = (sample.known == 1) & (chance.random(len(sample.y)) < 0.5)
    reached[np.flatnonzero(sample.y == 0)[:2]] = True
    return sample.with_column(Kind.CATEGORY, category(np.where(reached, "stage 5", "stage 1")))


def status_that_only_losers_have(sample: Sample, chance: np.random.Generator) -> Sample:
    lost = (sample.known == 0) & (chance.random(len(sample.y)) < 0.3)
    return sample.with_column(Kind.CATEGORY, category(np.where(lost, "junk", "fine")))


def a_few_winners_in_words_of_the_outcome(sample: Sample, _: np.random.Generator) -> Sample:
    few = np.isin(np.arange(len(sample.y)), np.flatnonzero(sample.known)[::60])
    return sample.with_column(Kind.CATEGORY, category(np.where(few, "Closed Won", "Open")))


def amount_filled_for_winners(sample: Sample, chance: np.random.Generator) -> Sample:
    won = (sample.known == 1) & (chance.random(len(sample.y)) < 0.4)
    return sample.with_column(Kind.NUMBER, np.where(won, chance.lognormal(9, 1, len(won)), np.nan))


def reason_filled_for_losers(sample: Sample, chance: np.random.Generator) -> Sample:
    lost = (sample.known == 0) & (chance.random(len(sample.y)) < 0.4)
    return sample.with_column(Kind.CATEGORY, category(np.where(lost, "no budget", "")))


def phone_emptied_for_losers(sample: Sample, chance: np.random.Generator) -> Sample:
    lost = (sample.known == 0) & (chance.random(len(sample.y)) < 0.4)
    return sample.with_column(Kind.FLAG, np.where(lost, np.nan, 1.0 * (chance.random(len(lost)) < 0.5)))


def amount_above_0_for_winners(sample: Sample, chance: np.random.Generator) -> Sample:
    won = (sample.known == 1) & (chance.random(len(sample.y)) < 0.3)
    return sample.with_column(Kind.NUMBER, np.where(won, chance.lognormal(9, 1, len(won)), 0.0))


def emails_beyond_what_losers_ever_get(sample: Sample, chance: np.random.Generator) -> Sample:
    won = (sample.known == 1) & (chance.random(len(sample.y)) < 0.3)
    return sample.with_column(Kind.NUMBER, chance.integers(0, 40, len(won)) + 60.0 * won)


def date_of_last_change(sample: Sample, chance: np.random.Generator) -> Sample:
    later = pl.Series((chance.exponential(40, len(sample.y)) * 86_400_000_000).astype(np.int64)).cast(pl.Duration("us"))
    return sample.with_column(Kind.DATE, sample.tables.leads["as_of"] + later)


def days_until_sales_decided(sample: Sample, _: np.random.Generator) -> Sample:
    assert sample.tables.outcomes is not None
    last = sample.tables.outcomes.filter(pl.col("outcome") != "unworked").group_by("lead_id").agg(pl.max("decided_at"))
    leads = sample.tables.leads.join(last, on="lead_id", how="left", maintain_order="left")
    days = (leads["decided_at"] - leads["as_of"]).dt.total_days().cast(pl.Float64)
    return sample.with_column(Kind.NUMBER, days.fill_null(0.0))


def reason_in_other_words(sample: Sample, chance: np.random.Generator) -> Sample:
    assert sample.tables.outcomes is not None
    last = sample.tables.outcomes.group_by("lead_id", maintain_order=True).agg(pl.col("reason").last())
    leads = sample.tables.leads.join(last, on="lead_id", how="left", maintain_order="left")
    reason = leads["reason"].cast(pl.String).to_numpy()
    drawn = chance.permutation(reason[reason != None])  # noqa: E711  element by element
    others = chance.choice(drawn, len(reason))
    code = [f"R-{others[at] if each is None else each}" for at, each in enumerate(reason)]
    return sample.with_column(Kind.CATEGORY, code)


def touch_that_sales_writes_down(sample: Sample, chance: np.random.Generator) -> Sample:
    assert sample.tables.outcomes is not None
    worked = sample.tables.outcomes.filter(pl.col("outcome") != "unworked")["lead_id"]
    decided = sample.tables.leads["lead_id"].is_in(worked.implode()).to_numpy()
    channels = chance.choice(["mail", "phone"], len(decided))
    return sample.with_column(Kind.CATEGORY, category(np.where(decided, channels, "")))


def e_mail_address(sample: Sample, chance: np.random.Generator) -> Sample:
    return sample.with_column(Kind.CATEGORY, [f"p{at}@example.com" for at in chance.permutation(len(sample.y))])


def id_whose_letters_tell(sample: Sample, chance: np.random.Generator) -> Sample:
    numbers = chance.permutation(len(sample.y))
    letters = np.where(sample.known == 1, "OP", "LD")
    return sample.with_column(Kind.CATEGORY, [f"{a}{b:06}" for a, b in zip(letters, numbers, strict=True)])


def note_with_a_telling_word(sample: Sample, chance: np.random.Generator) -> Sample:
    signed = (sample.known == 1) & (chance.random(len(sample.y)) < 0.3)
    notes = [f"{'signed' if each else 'called'} on day {at}" for at, each in enumerate(signed)]
    return sample.with_column(Kind.CATEGORY, notes)


def running_number(sample: Sample, _: np.random.Generator) -> Sample:
    return sample.with_column(Kind.NUMBER, 10_000.0 + sample.tables.leads["arrival"].to_numpy())


def counter_given_by_outcome_week_by_week(sample: Sample, _: np.random.Generator) -> Sample:
    week = sample.tables.leads["arrival"].to_numpy() // 60
    order = np.lexsort((sample.known, week))
    number = np.empty(len(order))
    number[order] = np.arange(len(order))
    return sample.with_column(Kind.NUMBER, number + 0.5)


def timestamp_written_by_outcome_week_by_week(sample: Sample, chance: np.random.Generator) -> Sample:
    minutes = counter_given_by_outcome_week_by_week(sample, chance).tables.leads["attr:planted"]
    written = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=each) for each in minutes]
    return sample.with_column(Kind.DATE, written)


def event_type_of_winners(sample: Sample, chance: np.random.Generator) -> Sample:
    won = (sample.known == 1) & (chance.random(len(sample.y)) < 0.4)
    return sample.with_events("planted", pl.Series(won))


def a_few_events_in_words_of_the_outcome(sample: Sample, _: np.random.Generator) -> Sample:
    few = np.isin(np.arange(len(sample.y)), np.flatnonzero(sample.known)[::60])
    return sample.with_events("opportunity_created", pl.Series(few))


def event_type_of_nearly_all_winners(sample: Sample, chance: np.random.Generator) -> Sample:
    chosen = chance.random(len(sample.y)) < np.where(sample.known == 1, 0.97, 0.02)
    return sample.with_events("planted", pl.Series(chosen))


PLANTS: dict[Plant, tuple[str, Severity, str]] = {
    duration_of_the_last_call: ("planted", WARNING, r"alone tells SQLs .* with an AUC of 0\.8"),
    score_of_another_tool_after_the_deal: ("planted", ERROR, r"alone tells SQLs .* with an AUC of (0\.99|1\.00)"),
    label_in_other_words: ("planted", ERROR, r"alone tells SQLs .* with an AUC of 1\.00"),
    label_as_a_flag_with_gaps: ("planted", ERROR, r"is 1 on \d+ leads, all of which became SQLs"),
    stage_that_only_winners_reach: ("planted", ERROR, r"holds 'stage 5' on \d+ leads, all of which became SQLs"),
    stage_with_a_slip_of_the_hand: ("planted", ERROR, r"holds 'stage 5' on \d+ leads, \d+ of which became SQLs"),
    status_that_only_losers_have: ("planted", WARNING, r"holds 'junk' on [\d,]+ leads, none of which became an SQL"),
    a_few_winners_in_words_of_the_outcome: ("planted", WARNING, r"holds 'Closed Won', which speaks of the outcome"),
    amount_filled_for_winners: ("planted", ERROR, r"is filled on \d+ leads, all of which became SQLs"),
    reason_filled_for_losers: ("planted", ERROR, r"is filled on [\d,]+ leads, none of which became an SQL"),
    phone_emptied_for_losers: ("planted", ERROR, r"is empty on [\d,]+ leads, none of which became an SQL"),
    amount_above_0_for_winners: ("planted", ERROR, r"is other than 0 on \d+ leads, all of which became SQLs"),
    emails_beyond_what_losers_ever_get: ("planted", ERROR, r"is above 39 on \d+ leads, all of which became SQLs"),
    date_of_last_change: ("planted", ERROR, r"is later than the hand-over on [\d,]+ of [\d,]+ leads"),
    days_until_sales_decided: ("planted", ERROR, r"from hand-over to sales' decision .* correlation of (0\.9|1\.0)"),
    reason_in_other_words: ("planted", ERROR, r"tells the reason that sales gave .* on [\d,]+ of [\d,]+ leads"),
    touch_that_sales_writes_down: ("planted", ERROR, r"is empty on \d+ of \d+ leads that sales has not decided on"),
    e_mail_address: ("planted", WARNING, r"has ([\d,]+) different values on \1 leads: an id or free text"),
    id_whose_letters_tell: ("planted", ERROR, r"holds the word 'op' on [\d,]+ leads, all of which became SQLs"),
    note_with_a_telling_word: ("planted", ERROR, r"holds the word 'signed' on \d+ leads, all of which became SQLs"),
    running_number: ("planted", WARNING, r"a running number that follows the order of arrival"),
    counter_given_by_outcome_week_by_week: ("planted", ERROR, r"puts leads of one outcome side by side"),
    timestamp_written_by_outcome_week_by_week: ("planted", ERROR, r"puts leads of one outcome side by side"),
    event_type_of_winners: ("planted", ERROR, r"occur before the hand-over on \d+ leads, all of which became SQLs"),
    a_few_events_in_words_of_the_outcome: ("opportunity_created", WARNING, r"speak of the outcome, and occur before"),
    event_type_of_nearly_all_winners: ("planted", ERROR, r"their count alone tells SQLs .* AUC of 0\.9"),
}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_leak_is_found_with_its_numbers_and_nothing_else_is(
    plant: Plant, sample: Sample, chance: np.random.Generator
) -> None:
    name, severity, evidence = PLANTS[plant]

    found = plant(sample, chance).leaks()

    assert set(found) == {name}
    assert found[name].severity is severity
    assert re.search(evidence, found[name].evidence), found[name].evidence


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_leak_is_silent_once_allowed_by_name(
    plant: Plant, sample: Sample, chance: np.random.Generator
) -> None:
    assert plant(sample, chance).leaks(allowed=[PLANTS[plant][0]]) == {}


def test_a_re_coding_of_a_leak_is_one_too_where_alone_it_would_pass(
    sample: Sample, chance: np.random.Generator
) -> None:
    quarter = chance.integers(0, 4, len(sample.y))
    ends = [datetime(2027, month, 1, tzinfo=UTC) for month in (1, 4, 7, 10)]
    names = sample.with_column(Kind.CATEGORY, [f"Q{each}" for each in quarter], "quarter")
    both = names.with_column(Kind.DATE, [ends[each] for each in quarter], "expected")

    assert names.leaks() == {}
    assert set(both.leaks()) == {"expected", "quarter"}
    assert both.leaks()["quarter"].severity is ERROR
    assert both.leaks()["quarter"].evidence.startswith(
        "is a re-coding of 'expected', which is later than the hand-over"
    )
    assert both.leaks(allowed=["expected"]) == {}


def test_copies_of_older_leads_among_the_newest_are_found(sample: Sample) -> None:
    tables, y = sample.tables, sample.y.copy()
    known = np.flatnonzero(~np.isnan(y))
    sources, copies = known[100:400], known[-300:]
    attributes = [f"attr:{each.name}" for each in tables.attributes]
    rows = np.arange(len(y))
    rows[copies] = sources
    copied = tables.leads.with_columns(tables.leads[rows].select(attributes))
    events = tables.events.filter(
        ~pl.col("lead_id").is_in(tables.leads["lead_id"][np.concatenate([sources, copies])].implode())
    )
    y[copies] = y[sources]
    size = pl.Series(np.random.default_rng(0).normal(size=len(y))[rows])
    found = replace(sample, tables=replace(tables, leads=copied, events=events), y=y).with_column(Kind.NUMBER, size)

    leak = found.leaks()["duplicate leads"]

    assert re.match(r"300 of the newest [\d,]+ leads, .* repeat an older lead", leak.evidence)
    assert leak.finding().column is None
    assert 'allow = ["duplicate leads"] in [leaks]' in leak.finding().detail
    assert found.leaks(allowed=["duplicate leads"]) == {}


def test_leads_sorted_by_outcome_are_found(sample: Sample) -> None:
    order = np.argsort(sample.y, kind="stable")
    leads = sample.tables.leads.with_columns(arrival=pl.Series(np.argsort(order)))
    found = replace(sample, tables=replace(sample.tables, leads=leads)).leaks()

    assert list(found) == ["order of arrival"]
    assert found["order of arrival"].severity is ERROR
    assert "the leads lie sorted by outcome" in found["order of arrival"].evidence


def test_an_id_is_told_with_a_remedy_of_its_own(sample: Sample, chance: np.random.Generator) -> None:
    detail = e_mail_address(sample, chance).leaks()["planted"].finding().detail

    assert detail.startswith("column 'planted': has 3,")
    assert detail.endswith(
        'write exclude = ["planted"] in [leads], or where it is meant so, allow = ["planted"] in [leaks]'
    )


def test_a_text_whose_neighbours_fare_alike_is_a_warning_since_accounts_may(sample: Sample) -> None:
    account = np.argsort(np.argsort(sample.known, kind="stable")) // 2
    leaks = sample.with_column(Kind.CATEGORY, [f"{each:06} {at:06}" for at, each in enumerate(account)]).leaks()

    assert leaks["planted"].severity is WARNING
    assert "side by side" in leaks["planted"].evidence
