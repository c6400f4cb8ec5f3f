"""The figures on contents are those of a plain recount, in a store of each kind."""

import random
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from features.store import Store
from features.store.fact_rules import NOTHING_AGREED, size_band
from features.store.facts import next_facts
from features.store.schema import events, leads, outcomes, scores, useful_contents
from serving.reports.content.counts import band
from serving.reports.content.matched import Group, Matched, matched
from serving.reports.content.offer import Difference, Offer
from serving.reports.content.report import ContentReport, content_report, difference_of
from serving.reports.lead_filter import LeadFilter
from serving.reports.rates import Rate
from serving.reports.report import ReportContext

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = NOTHING_AGREED
MATURED_UNTIL = NOW - RULES.horizon
CONTENTS = ("guide", "webinar", "pricing", "tour", "late", "rare")
KINDS = {"guide": "download", "webinar": "webinar"}


@dataclass(frozen=True)
class Lead:
    """A lead of the sample with all that is known of it."""

    lead_id: str
    handed_over_at: datetime
    sector: str | None
    employees: int
    owner: str
    fit_grade: str | None
    points: float
    took: dict[str, datetime]  # before the hand-over
    decided: tuple[str, datetime] | None
    useful: tuple[str, ...]

    @property
    def week(self) -> date:
        return RULES.agreement.week_of(RULES.agreement.delivered_at(self.handed_over_at))

    @property
    def is_judged(self) -> bool:
        return self.decided is not None and self.handed_over_at <= MATURED_UNTIL

    @property
    def is_sql(self) -> bool:
        return self.is_judged and self.decided is not None and self.decided[0] == "sql"


def make(place: int, rng: random.Random) -> Lead:
    handed_over_at = NOW - rng.randrange(1, 360) * DAY - timedelta(hours=rng.randrange(9))
    likely = {"guide": 0.5, "webinar": 0.3, "pricing": 0.6, "tour": 0.2, "rare": 0.03}
    took = {
        content: handed_over_at - rng.randrange(60) * DAY for content, share in likely.items() if rng.random() < share
    }
    if handed_over_at > NOW - 200 * DAY and rng.random() < 0.5:
        took["late"] = handed_over_at - DAY
    outcome = rng.choices(["sql", "rejected", None], [3, 5, 2])[0]
    return Lead(
        f"lead-{place}",
        handed_over_at,
        rng.choice(["software", "retail", None]),
        rng.choice([5, 20, 300]),
        rng.choice(["Ada", "Bo"]),
        rng.choice(["A", "C", None]),
        rng.uniform(-20, 40),
        took,
        None if outcome is None else (outcome, min(handed_over_at + 5 * DAY, NOW)),
        tuple(rng.sample(sorted(took), 1)) if took and rng.random() < 0.2 else (),
    )


@pytest.fixture(scope="module")
def sample() -> list[Lead]:
    rng = random.Random(5)
    return [make(place, rng) for place in range(900)]


@pytest.fixture(scope="module")
def filled(shared_store: Store, sample: list[Lead]) -> Store:
    """Give a store with the sample, and with a lead that was never handed over and took what no other did."""
    others = [("idle", "lonely", "page_view", NOW - 300 * DAY), ("lead-0", "afterwards", "page_view", NOW)]
    rows = [
        (each.lead_id, content, KINDS.get(content, "page_view"), at)
        for each in sample
        for content, at in each.took.items()
    ]
    with shared_store.writing() as connection:
        connection.execute(insert(leads), [_lead_row(each) for each in sample] + [_idle("idle")])
        connection.execute(
            insert(events),
            [
                {
                    "event_id": f"e{place}",
                    "lead_id": lead_id,
                    "type": kind,
                    "occurred_at": at,
                    "content": content,
                    "received_at": at,
                }
                for place, (lead_id, content, kind, at) in enumerate([*rows, *others])
            ],
        )
        connection.execute(insert(outcomes), [_outcome_row(each) for each in sample if each.decided])
        connection.execute(insert(scores), [_score_row(each) for each in sample if each.fit_grade])
        useful = [(each.lead_id, content) for each in sample for content in each.useful] + [
            ("lead-0", "a case told by phone")
        ]
        connection.execute(
            insert(useful_contents), [{"lead_id": one, "content": content, "marked_at": NOW} for one, content in useful]
        )
        while next_facts(connection, RULES):
            pass
    return shared_store


@pytest.fixture
def report(filled: Store) -> Callable[..., ContentReport]:
    """Give what makes the report of some leads of the sample."""

    def make_it(kind: str | None = None, **asked: Any) -> ContentReport:
        with filled.reading() as connection:
            return content_report(ReportContext(connection, NOW, RULES), LeadFilter(**asked), kind)

    return make_it


def by_name(report: ContentReport) -> dict[str, Offer]:
    return {each.name: each for each in report.offers}


def rate(some: Sequence[Lead]) -> Rate:
    return Rate(sum(each.is_sql for each in some), sum(each.is_judged for each in some))


def test_leads_rates_and_points_are_those_of_a_recount(
    report: Callable[..., ContentReport], sample: list[Lead]
) -> None:
    found = report()
    assert (found.everyone.leads, found.takers) == (len(sample), sum(bool(each.took) for each in sample))
    assert found.everyone.rate == rate(sample)
    for content, offer in by_name(found).items():
        takers = [each for each in sample if content in each.took]
        matured = [each for each in takers if each.handed_over_at <= MATURED_UNTIL]
        assert offer.taken.leads == len(takers), content
        assert offer.taken.rate == rate(takers)
        assert offer.taken.pending == len(takers) - len(matured)
        assert offer.taken.unworked == sum(each.decided is None for each in matured)
        points = [each.points for each in takers if each.fit_grade]
        assert offer.taken.points == (pytest.approx(sum(points) / len(points)) if points else None)
        for parts, value_of in ((offer.sectors, sector_of), (offer.sizes, size_of)):
            expected = {value: [each for each in takers if value_of(each) == value] for value in map(value_of, takers)}
            assert {part.value: (part.leads, part.rate) for part in parts} == {
                value: (len(some), rate(some)) for value, some in expected.items()
            }
    assert [each.taken.leads for each in found.offers] == sorted(
        (each.taken.leads for each in found.offers), reverse=True
    )


def sector_of(lead: Lead) -> str | None:
    return lead.sector


def size_of(lead: Lead) -> str | None:
    return size_band(lead.employees)


def test_takers_are_compared_with_leads_alike_of_the_same_weeks(
    report: Callable[..., ContentReport], sample: list[Lead]
) -> None:
    offers = by_name(report())
    for content in ("guide", "webinar", "pricing", "tour", "late"):
        assert figures(offers[content].matched) == pytest.approx(figures(compared(content, sample))), content
    assert (offers["rare"].matched, offers["rare"].difference) == (None, Difference.FEW)


def compared(content: str, sample: Sequence[Lead]) -> Matched:
    weeks = [each.week for each in sample if content in each.took]
    groups: dict[tuple[Any, ...], list[Lead]] = {}
    for each in sample:
        if each.is_judged and min(weeks) <= each.week <= max(weeks):
            others = len(each.took) - (content in each.took)
            groups.setdefault((each.fit_grade, each.sector, band(others)), []).append(each)
    found = matched([_group(content, some) for some in groups.values()])
    assert found is not None
    return found


def _group(content: str, some: Sequence[Lead]) -> Group:
    took = [each for each in some if content in each.took]
    rest = [each for each in some if content not in each.took]
    return Group(sum(each.is_sql for each in took), len(took), sum(each.is_sql for each in rest), len(rest))


def figures(found: Matched | None) -> list[float]:
    """Give all figures of a comparison, in one row."""
    assert found is not None
    assert found.odds_ratio is not None
    counts = (found.groups, found.with_leads, found.without_leads, found.sqls)
    shares = (found.with_share, found.without_share, found.deviation)
    return [*counts, *shares, *astuple(found.difference), *astuple(found.odds_ratio)]


def test_a_filter_asks_for_the_leads_and_a_kind_for_the_contents(
    report: Callable[..., ContentReport], sample: list[Lead]
) -> None:
    day = NOW.date() - 200 * DAY
    found = report("download", since=day, sector="software", owner="Ada")
    some = [
        each
        for each in sample
        if each.handed_over_at.date() >= day and (each.sector, each.owner) == ("software", "Ada")
    ]
    assert found.everyone.leads == len(some)
    assert [each.name for each in found.offers] == ["guide"]
    assert found.offers[0].taken.rate == rate([each for each in some if "guide" in each.took])
    assert found.kinds == ["download", "page_view", "webinar"]


def test_what_sales_found_useful_is_counted_also_where_no_event_tells_of_it(
    report: Callable[..., ContentReport], sample: list[Lead]
) -> None:
    offers = by_name(report())
    for content in CONTENTS:
        assert offers[content].useful == sum(content in each.useful for each in sample)
    told = offers["a case told by phone"]
    assert (told.useful, told.kind, told.first_at, told.taken.leads) == (1, None, None, 0)
    assert "a case told by phone" not in by_name(report("download"))


def test_the_newest_come_first_and_what_nobody_took_lately_is_named(report: Callable[..., ContentReport]) -> None:
    found = report()
    assert [each.name for each in found.newest][:2] == ["afterwards", "late"]
    assert {each.name for each in found.unused} == {"afterwards", "lonely", "a case told by phone"}
    old = report(until=NOW.date() - 220 * DAY)
    assert "late" in {each.name for each in old.unused}
    assert by_name(old)["late"].last_week is None


def test_of_very_many_contents_the_ones_with_most_leads_are_looked_at(
    report: Callable[..., ContentReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serving.reports.content.report.MOST", 2)
    monkeypatch.setattr("serving.reports.content.report.NEWEST", 1)
    found = report()
    assert [each.name for each in found.offers if each.taken.leads] == ["pricing", "guide"]
    assert {"afterwards", "lonely"} <= by_name(found).keys()
    assert found.left_out == 4
    monkeypatch.setattr("serving.reports.content.report.MOST_KNOWN", 3)
    assert report().is_cut


def test_one_row_a_content_goes_into_a_spreadsheet(report: Callable[..., ContentReport]) -> None:
    found = report()
    table = found.table()
    assert all(len(row) == len(table.columns) for row in table.rows)
    guide = dict(zip(table.columns, table.rows[[row[0] for row in table.rows].index("guide")], strict=True))
    offer = by_name(found)["guide"]
    assert offer.matched is not None
    assert (guide["leads"], guide["sqls"]) == (offer.taken.leads, offer.taken.rate.positives)
    assert guide["difference_points"] == offer.matched.difference.value
    json = found.to_json()
    assert [each["content"] for each in json["contents"]] == [each.name for each in found.offers]


def test_an_empty_store_has_nothing_to_say(store: Store) -> None:
    with store.reading() as connection:
        found = content_report(ReportContext(connection, NOW, RULES), LeadFilter())
    assert (found.offers, found.everyone.leads, found.everyone.points, found.takers_share) == ([], 0, None, None)


def test_a_difference_must_be_clear_among_all_that_are_looked_at() -> None:
    found = matched([Group(60, 100, 40, 100)])
    assert found is not None
    assert found.difference.low > 0
    assert difference_of(found, 1) is Difference.BETTER
    assert difference_of(found, 50) is Difference.UNCLEAR
    worse = matched([Group(10, 100, 60, 100)])
    assert difference_of(worse, 50) is Difference.WORSE
    assert difference_of(None, 50) is Difference.FEW


def _lead_row(lead: Lead) -> dict[str, Any]:
    attributes = {"sector": lead.sector, "employees": lead.employees}
    return {
        "lead_id": lead.lead_id,
        "attributes": attributes,
        "handed_over_at": lead.handed_over_at,
        "owner": lead.owner,
        "created_at": NOW,
        "changed_at": NOW,
    }


def _idle(lead_id: str) -> dict[str, Any]:
    return {
        "lead_id": lead_id,
        "attributes": {},
        "handed_over_at": None,
        "owner": None,
        "created_at": NOW,
        "changed_at": NOW,
    }


def _outcome_row(lead: Lead) -> dict[str, Any]:
    assert lead.decided is not None
    outcome, at = lead.decided
    return {"lead_id": lead.lead_id, "outcome": outcome, "reason": None, "decided_at": at, "received_at": at}


def _score_row(lead: Lead) -> dict[str, Any]:
    return {
        "lead_id": lead.lead_id,
        "as_of": lead.handed_over_at,
        "recorded_at": NOW,
        "model_version": "1",
        "trigger": "hand_over",
        "at_hand_over": True,
        "probability": 0.3,
        "fit_points": 0.0,
        "fit_grade": lead.fit_grade,
        "engagement_points": lead.points,
        "engagement_grade": "2",
        "segment": "golden",
        "reasons": [],
        "inputs": b"",
    }
