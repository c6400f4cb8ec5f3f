"""The worklist as a report: parted by what reports count of leads, and valued for other capacities."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from features.store import Store
from features.store.facts import refresh_facts
from features.store.leads import put_lead
from features.store.ledger import StoredScore, add_scores
from features.store.outcomes import add_outcome
from serving.reports.lead_filter import LeadFilter
from serving.reports.worklist import COMPARED, WorklistAsked, WorklistReport, worklist_report
from tests.serving.reports.fact_rows import DAY, NOW, RULES, context_of

LEADS = 120
MIDNIGHT = datetime(2026, 3, 31, 22, 0, tzinfo=UTC)  # the first of April in Madrid


def lead(place: int, rng: random.Random) -> dict[str, Any]:
    handed_over_at = NOW - timedelta(minutes=rng.randrange(60 * 24 * 60))
    return {
        "lead_id": f"lead-{place}",
        "handed_over_at": handed_over_at,
        "owner": rng.choice(["Ada", "Bo", None]),
        "sector": rng.choice(["software", "retail"]),
        "employees": rng.choice([5, 20, 4000]),
        "probability": round(rng.random(), 6),
        "fit_grade": rng.choice("ABCD"),
        "engagement_grade": rng.choice("1234"),
        "outcome": rng.choice([None, None, None, "rejected", "unworked"]),
    }


def is_open(row: dict[str, Any]) -> bool:
    return row["outcome"] in {None, "unworked"}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """Give leads with a score each."""
    rng = random.Random(5)
    return [lead(place, rng) for place in range(LEADS)]


@pytest.fixture(scope="module")
def filled(shared_store: Store, rows: list[dict[str, Any]]) -> Store:
    """Give a store with these leads."""
    fill(shared_store, rows)
    return shared_store


def fill(store: Store, rows: list[dict[str, Any]]) -> None:
    with store.writing() as connection:
        for row in rows:
            add_lead(connection, row)
        refresh_facts(connection, [row["lead_id"] for row in rows], RULES)


def add_lead(connection: Any, row: dict[str, Any]) -> None:
    attributes = {"sector": row["sector"], "employees": row["employees"]}
    put_lead(connection, row["lead_id"], attributes, handed_over_at=row["handed_over_at"], owner=row["owner"], now=NOW)
    grades = (row["fit_grade"], 2.0, row["engagement_grade"])
    reasons = [{"label": "role is boss", "points": 13.6}, {"label": "no visits so far", "points": -2.2}]
    score = StoredScore(
        row["lead_id"], NOW, NOW, "7", "rescore", False, row["probability"], 1.0, *grades, "golden", reasons, b""
    )  # fmt: skip
    add_scores(connection, [score])
    if row["outcome"] is not None:
        add_outcome(
            connection,
            row["lead_id"],
            row["outcome"],
            reason=None,
            decided_at=NOW,
            first_touch_at=None,
            useful_content=[],
            now=NOW,
        )


def report(store: Store, exploration: float = 0.0, **asked: Any) -> WorklistReport:
    with store.reading() as connection:
        return worklist_report(context_of(connection, RULES, exploration), WorklistAsked(**asked))


def ids(made: WorklistReport) -> list[str]:
    return [each.lead.score.lead_id for each in made.worklist.leads]


def best(rows: list[dict[str, Any]]) -> list[str]:
    return [row["lead_id"] for row in sorted(rows, key=lambda row: -row["probability"]) if is_open(row)]


@pytest.mark.parametrize("capacity", [1, 17, 300])
def test_it_has_the_best_open_leads_and_says_what_they_are_worth(
    filled: Store, rows: list[dict[str, Any]], capacity: int
) -> None:
    made = report(filled, capacity=capacity)
    assert ids(made) == best(rows)[:capacity]
    chance = {row["lead_id"]: row["probability"] for row in rows}
    expected = sum(chance[lead_id] for lead_id in ids(made))
    assert made.worklist.worth.expected_sqls == pytest.approx(expected)
    assert made.worklist.worth.share_of_sqls == pytest.approx(expected / sum(chance[each] for each in best(rows)))
    assert [each.capacity for each in made.worklist.compared] == list(COMPARED)


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        (LeadFilter(sector="retail"), lambda row: row["sector"] == "retail"),
        (LeadFilter(size="10-49", owner="Ada"), lambda row: row["employees"] == 20 and row["owner"] == "Ada"),
        (LeadFilter(since=date(2026, 4, 1)), lambda row: row["handed_over_at"] >= MIDNIGHT),
        (LeadFilter(until=date(2026, 3, 31)), lambda row: row["handed_over_at"] < MIDNIGHT),
    ],
)
def test_it_is_parted_like_the_other_reports(
    filled: Store, rows: list[dict[str, Any]], asked: LeadFilter, fits: Any
) -> None:
    made = report(filled, capacity=200, asked=asked)
    assert 0 < len(ids(made)) < len(best(rows))
    assert ids(made) == best([row for row in rows if fits(row)])
    assert made.worklist.open_leads == len(ids(made))


def test_grades_of_the_newest_score_part_it_too(filled: Store, rows: list[dict[str, Any]]) -> None:
    made = report(filled, capacity=200, fit_grade="A", asked=LeadFilter(sector="software"))
    assert ids(made) == best([row for row in rows if row["fit_grade"] == "A" and row["sector"] == "software"])


def test_a_lead_carries_when_it_is_due_and_when_it_was_touched(store: Store, rows: list[dict[str, Any]]) -> None:
    some = rows[:10]
    fill(store, some)
    lead_id = best(some)[0]
    with store.writing() as connection:
        touched = NOW - DAY
        add_outcome(
            connection,
            lead_id,
            "unworked",
            reason=None,
            decided_at=NOW,
            first_touch_at=touched,
            useful_content=[],
            now=NOW,
        )
        refresh_facts(connection, [lead_id], RULES)
    first = report(store, capacity=1).worklist.leads[0].lead
    assert first.score.lead_id == lead_id
    assert first.first_touch_at == touched
    assert first.due_at == RULES.agreement.due_at(first.handed_over_at)


def test_its_rows_are_for_a_spreadsheet_and_its_json_holds_the_same(filled: Store) -> None:
    made = report(filled, exploration=0.2, capacity=10)
    table, written = made.table(), made.to_json()
    assert [row[table.columns.index("lead_id")] for row in table.rows] == [each["lead_id"] for each in written["leads"]]
    assert [row[table.columns.index("by_lot")] for row in table.rows] == [False] * 8 + [True] * 2
    assert table.rows[0][table.columns.index("reasons")] == "role is boss: +14; no visits so far: -2"
    assert written["expected_sqls"] == made.worklist.worth.expected_sqls
    assert [each["capacity"] for each in written["compared"]] == list(COMPARED)
    assert written["filter"]["segment"] is None


def test_an_empty_store_makes_an_empty_list(store: Store) -> None:
    made = report(store)
    assert (ids(made), made.table().rows, made.to_json()["share_of_sqls"]) == ([], [], None)
