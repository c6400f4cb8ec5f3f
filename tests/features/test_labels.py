"""What became of each lead: horizon, maturity, unworked."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.errors import DataError
from features.findings import Severity
from features.labels import label_leads
from features.tables import INSTANT, OUTCOMES_SCHEMA, Tables, no_events

START = datetime(2026, 1, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
HORIZON = 90
OLD = START + 365 * DAY

Decision = tuple[str, datetime | None, str]


def tables(
    handed_over: dict[str, datetime],
    decisions: Sequence[Decision],
    known_until: datetime = OLD,
    label: int | None = None,
) -> Tables:
    leads = pl.DataFrame(
        {
            "lead_id": list(handed_over),
            "as_of": pl.Series(list(handed_over.values()), dtype=INSTANT),
            "label": pl.Series([label] * len(handed_over), dtype=pl.Int8),
        }
    )
    rows = [(*decision, None) for decision in decisions]
    return Tables(leads, no_events(), pl.DataFrame(rows, OUTCOMES_SCHEMA, orient="row"), (), known_until)


def fate(*decisions: tuple[timedelta | None, str], known_until: datetime = OLD) -> str:
    """Give the fate of one lead handed over at START, with decisions so long after it."""
    made: list[Decision] = [("a", None if after is None else START + after, outcome) for after, outcome in decisions]
    return str(label_leads(tables({"a": START}, made, known_until), HORIZON).fate[0])


@pytest.mark.parametrize("after", [timedelta(0), SECOND, 89 * DAY, HORIZON * DAY])
def test_an_sql_from_hand_over_to_the_end_of_the_horizon_counts(after: timedelta) -> None:
    assert fate((after, "sql")) == "sql"


@pytest.mark.parametrize("after", [HORIZON * DAY + SECOND, 200 * DAY])
def test_an_sql_after_the_horizon_does_not_count(after: timedelta) -> None:
    assert fate((after, "sql")) == "not_sql"


@pytest.mark.parametrize("outcome", ["rejected", "recycled"])
@pytest.mark.parametrize("after", [timedelta(0), 5 * DAY, 200 * DAY])
def test_any_other_decision_is_no_sql(outcome: str, after: timedelta) -> None:
    assert fate((after, outcome)) == "not_sql"


def test_one_sql_within_the_horizon_decides_whatever_else_was_decided() -> None:
    assert fate((5 * DAY, "recycled"), (40 * DAY, "sql"), (60 * DAY, "rejected")) == "sql"


@pytest.mark.parametrize("decisions", [[], [(None, "unworked")], [(5 * DAY, "unworked")]])
def test_a_lead_that_sales_never_looked_at_is_unworked(decisions: list[tuple[timedelta | None, str]]) -> None:
    assert fate(*decisions) == "unworked"


def test_a_lead_first_left_alone_and_then_decided_is_worked() -> None:
    assert fate((1 * DAY, "unworked"), (9 * DAY, "rejected")) == "not_sql"


@pytest.mark.parametrize("outcome", ["sql", "rejected", "unworked"])
def test_a_lead_is_young_until_its_horizon_has_passed_even_when_decided(outcome: str) -> None:
    end = START + HORIZON * DAY
    assert fate((1 * DAY, outcome), known_until=end - SECOND) == "young"
    assert fate((1 * DAY, outcome), known_until=end) == {"sql": "sql", "rejected": "not_sql"}.get(outcome, "unworked")


def test_a_day_has_86400_seconds_where_clocks_change() -> None:
    before_summer_time = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    made = [("a", before_summer_time + 86_400 * SECOND, "sql"), ("b", before_summer_time + 86_401 * SECOND, "sql")]
    labels = label_leads(tables({"a": before_summer_time, "b": before_summer_time}, made), 1)
    assert labels.fate.to_list() == ["sql", "not_sql"]


def test_a_decision_from_before_the_hand_over_is_not_counted_and_said() -> None:
    made = [("a", START - SECOND, "sql"), ("a", START - DAY, "rejected"), ("b", START + DAY, "sql")]
    made += [("c", START + DAY, "rejected")]
    labels = label_leads(tables({"a": START, "b": START, "c": START}, made), HORIZON)
    assert labels.fate.to_list() == ["unworked", "sql", "not_sql"]
    assert [finding.detail for finding in labels.findings] == [
        "2 decisions of sales on 1 leads are from before the hand-over and are not counted"
    ]


def test_y_is_one_zero_or_nan_in_the_leads_order() -> None:
    made = [("c", START + DAY, "sql"), ("a", START + DAY, "rejected")]
    labels = label_leads(tables({"a": START, "b": START, "c": START}, made), HORIZON)
    np.testing.assert_array_equal(labels.y, [0.0, np.nan, 1.0])
    assert labels.y.dtype == np.float64


def test_the_summary_counts_every_fate() -> None:
    handed_over = dict.fromkeys("abcd", START) | {"young": OLD}
    made = [("a", START + DAY, "sql"), ("b", START + DAY, "rejected"), ("c", START + DAY, "rejected")]
    assert label_leads(tables(handed_over, made), HORIZON).summary == {
        "leads": 5,
        "known": 3,
        "sql": 1,
        "not_sql": 2,
        "young": 1,
        "unworked": 1,
        "unknown": 0,
        "rate": 1 / 3,
    }


def test_a_label_of_the_export_is_final_and_an_empty_one_not_known() -> None:
    leads = pl.DataFrame(
        {
            "lead_id": ["a", "b", "c"],
            "as_of": pl.Series([OLD, None, None], dtype=INSTANT),
            "label": pl.Series([1, 0, None], dtype=pl.Int8),
        }
    )
    labels = label_leads(Tables(leads, no_events(), None, (), OLD), HORIZON)
    assert labels.fate.to_list() == ["sql", "not_sql", "unknown"]
    assert labels.summary["unknown"] == 1


def test_a_label_of_the_export_wins_over_outcomes() -> None:
    made: list[Decision] = [("a", START + DAY, "rejected")]
    assert label_leads(tables({"a": START}, made, label=1), HORIZON).fate.to_list() == ["sql"]


@pytest.mark.parametrize("outcome", ["sql", "rejected", "unworked"])
def test_one_class_is_refused_with_what_became_of_the_leads(outcome: str) -> None:
    labels = label_leads(tables({"a": START, "b": OLD}, [("a", START + DAY, outcome)]), HORIZON)
    with pytest.raises(DataError, match=r"the label has one class: \d leads became SQLs and .*1 are too young"):
        labels.require_two_classes()


@pytest.mark.parametrize("outcome", ["sql", "rejected", "unworked"])
def test_one_class_is_warned_of_with_what_comes_of_it(outcome: str) -> None:
    (finding,) = label_leads(tables({"a": START, "b": OLD}, [("a", START + DAY, outcome)]), HORIZON).findings
    assert finding.severity is Severity.WARNING
    assert "so nothing can be learned yet; if there should be both, check the words for sql" in finding.detail


def test_two_classes_are_accepted() -> None:
    made = [("a", START + DAY, "sql"), ("b", START + DAY, "rejected")]
    labels = label_leads(tables({"a": START, "b": START}, made), HORIZON)
    labels.require_two_classes()
    assert labels.findings == ()


def fate_read_slowly(handed_over: datetime, decisions: list[tuple[datetime, str]], known_until: datetime) -> str:
    """Say the rules again, one lead and one decision at a time."""
    end = handed_over + HORIZON * DAY
    if end > known_until:
        return "young"
    worked = [(at, outcome) for at, outcome in decisions if at >= handed_over and outcome != "unworked"]
    if not worked:
        return "unworked"
    return "sql" if any(outcome == "sql" and at <= end for at, outcome in worked) else "not_sql"


DAYS = st.integers(-10, 200)
OUTCOME = st.sampled_from(["sql", "rejected", "recycled", "unworked"])


@settings(max_examples=150)
@given(
    leads=st.lists(st.integers(0, 150), min_size=1, max_size=6),
    decisions=st.lists(st.tuples(st.integers(0, 5), DAYS, OUTCOME), max_size=12),
    known_until=st.integers(80, 260),
    order=st.randoms(use_true_random=False),
)
def test_fates_are_what_the_rules_say_one_by_one(
    leads: list[int], decisions: list[tuple[int, int, str]], known_until: int, order: random.Random
) -> None:
    handed_over = {f"L{at}": START + day * DAY for at, day in enumerate(leads)}
    made: list[Decision] = [(f"L{at % len(leads)}", START + day * DAY, outcome) for at, day, outcome in decisions]
    order.shuffle(made)
    found = label_leads(tables(handed_over, made, START + known_until * DAY), HORIZON).fate.to_list()
    of_lead = {name: [(at, outcome) for lead, at, outcome in made if lead == name and at] for name in handed_over}
    assert found == [
        fate_read_slowly(moment, of_lead[name], START + known_until * DAY) for name, moment in handed_over.items()
    ]
