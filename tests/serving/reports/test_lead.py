"""Everything about one lead: reasons that add up, steps between scores, a timeline, what it took."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from features.attributes import Side
from features.errors import UnknownLeadError
from features.store import Store
from features.store.leads import find_lead
from features.store.ledger import scores_of
from features.store.outcomes import add_outcome
from serving.live.live_model import LiveModel
from serving.live.recorded import record_hand_over
from serving.live.stored_score import score_stored
from serving.reports.lead.report import LeadReport, lead_report
from serving.reports.lead.score import SideShown, shown_score
from serving.reports.lead.timeline import SHOWN, Kind
from serving.reports.report import ReportContext
from tests.serving.live.conftest import DAY, NOW, Happened, Put
from tests.serving.reports.fact_rows import MADRID, RULES

HOUR = timedelta(hours=1)


@pytest.fixture
def report(store: Store) -> Callable[..., LeadReport]:
    """Give what makes the report of a lead, with the models that are at hand."""

    def make(*models: LiveModel, lead_id: str = "a", now: datetime = NOW, exploration: float = 0.0) -> LeadReport:
        at_hand = {live.model.version: live for live in models}
        with store.reading() as connection:
            context = ReportContext(connection, now, RULES, exploration, model_of=at_hand.get)
            return lead_report(context, lead_id)

    return make


@pytest.fixture
def scored(store: Store, live: LiveModel, put: Put, did: Happened) -> Store:
    """Give a store with a lead that was scored at its hand-over, and a day later."""
    put(sector="software", employees=120)
    did("a", "download", NOW - DAY)
    with store.writing() as connection:
        lead = find_lead(connection, "a")
        assert lead is not None
        record_hand_over(connection, lead, live, NOW)
    did("a", "download", NOW + HOUR)
    did("a", "page_view", NOW + 2 * HOUR)
    score(store, live, NOW + DAY)
    return store


def score(store: Store, live: LiveModel, at: datetime) -> None:
    with store.writing() as connection:
        score_stored(connection, "a", live, 3, at)


def decide(store: Store, outcome: str, at: datetime, **members: Any) -> None:
    given = {"reason": None, "first_touch_at": None, "useful_content": []} | members
    with store.writing() as connection:
        add_outcome(connection, "a", outcome, decided_at=at, now=at, **given)


def check_adds_up(side: SideShown) -> None:
    total = 0.0
    for bar in side.bars:
        assert bar.before == pytest.approx(total, abs=1e-6)
        total += bar.points
        assert bar.after == pytest.approx(total, abs=1e-6)
    assert total == pytest.approx(side.points, abs=1e-6)


def test_every_reason_is_told_and_what_is_shown_adds_up(
    scored: Store, report: Callable[..., LeadReport], live: LiveModel
) -> None:
    shown = report(live).score
    assert shown is not None
    with scored.reading() as connection:
        stored = scores_of(connection, "a")[-1]
    assert shown.score == stored
    for side, points in ((shown.fit, stored.fit_points), (shown.engagement, stored.engagement_points)):
        check_adds_up(side)
        assert side.points == pytest.approx(points, abs=0.06)
        reasons = [bar.reason for bar in side.bars]
        assert None not in reasons
        assert sum(reason["points"] for reason in reasons if reason) == pytest.approx(points, abs=1e-6)
    assert shown.odds == pytest.approx(2 ** (stored.points / 20))
    assert shown.average is not None
    assert shown.odds == pytest.approx(
        stored.probability / (1 - stored.probability) / (shown.average / (1 - shown.average))
    )


@pytest.mark.usefixtures("scored")
def test_without_the_model_the_strongest_reasons_and_the_rest_still_add_up(report: Callable[..., LeadReport]) -> None:
    shown = report().score
    assert shown is not None
    assert (shown.average, shown.has_learned) == (None, None)
    bars = [*shown.fit.bars, *shown.engagement.bars]
    assert sum(bar.reason is not None for bar in bars) == 3
    assert any(bar.reason is None for bar in bars)
    for side in (shown.fit, shown.engagement):
        check_adds_up(side)


def test_a_side_without_any_reason_is_empty(scored: Store) -> None:
    with scored.reading() as connection:
        stored = scores_of(connection, "a")[-1]
    silent = shown_score(stored.__class__(**{**vars(stored), "fit_points": 0.0, "reasons": []}), None)
    assert (silent.fit.side, silent.fit.bars, silent.fit.points) == (Side.FIT, [], 0.0)


def test_reading_computes_and_writes_no_score(
    scored: Store, report: Callable[..., LeadReport], live: LiveModel
) -> None:
    made = report(live, now=NOW + 30 * DAY)
    assert made.score is not None
    assert made.score.score.as_of == NOW + DAY
    with scored.reading() as connection:
        assert len(scores_of(connection, "a")) == 2


@pytest.mark.usefixtures("scored")
def test_steps_say_what_changed_and_what_the_lead_did_in_between(
    report: Callable[..., LeadReport], live: LiveModel
) -> None:
    second, first = report(live).steps
    assert (first.change, first.did, first.attributes) == (None, {}, ())
    assert first.score.at_hand_over
    assert second.did == {"download": 1, "page_view": 1}
    assert second.change is not None
    assert second.change.points == pytest.approx(second.score.points - first.score.points)
    assert second.change.data + second.change.time == pytest.approx(second.change.points)
    assert abs(second.change.data) > 0.1


def test_what_a_lead_did_after_its_hand_over_is_new_even_where_the_hand_over_was_scored_later(
    store: Store, report: Callable[..., LeadReport], live: LiveModel, put: Put, did: Happened
) -> None:
    put(sector="software")
    did("a", "download", NOW + HOUR)
    with store.writing() as connection:
        lead = find_lead(connection, "a")
        assert lead is not None
        record_hand_over(connection, lead, live, NOW + 2 * HOUR)
    score(store, live, NOW + 3 * HOUR)
    newest = report(live).steps[0]
    assert newest.did == {"download": 1}
    assert newest.change is not None
    assert abs(newest.change.data) > abs(newest.change.time)


def test_changed_attributes_are_named_with_the_step(
    scored: Store, report: Callable[..., LeadReport], live: LiveModel, put: Put
) -> None:
    put(at=NOW + 2 * DAY, sector="retail", employees=120)
    score(scored, live, NOW + 3 * DAY)
    made = report(live)
    assert made.steps[0].attributes == ["sector"]
    assert [each.score.as_of for each in made.steps] == [NOW + 3 * DAY, NOW + DAY, NOW]
    (change,) = [each for each in made.timeline.happenings if each.kind is Kind.CHANGED]
    assert (change.at, change.what, change.before, change.detail) == (NOW + 2 * DAY, "sector", "software", "retail")


def test_the_timeline_has_everything_in_order_and_the_same_of_one_day_once(
    scored: Store, report: Callable[..., LeadReport], did: Happened
) -> None:
    for minutes in (1, 2, 3):
        did("a", "webinar", NOW + 3 * DAY + timedelta(minutes=minutes))
    decide(scored, "rejected", NOW + 5 * DAY, reason="role", first_touch_at=NOW + 4 * DAY)
    found = report().timeline.happenings
    assert [(each.kind, each.what, each.count) for each in found] == [
        (Kind.DECIDED, "rejected", 1),
        (Kind.TOUCHED, None, 1),
        (Kind.EVENT, "webinar", 3),
        (Kind.EVENT, "page_view", 1),
        (Kind.EVENT, "download", 1),
        (Kind.HANDED_OVER, None, 1),
        (Kind.EVENT, "download", 1),
    ]
    assert found[0].detail == "role"
    assert found[2].at == NOW + 3 * DAY + timedelta(minutes=3)


def test_days_of_the_timeline_are_the_companys(put: Put, did: Happened, report: Callable[..., LeadReport]) -> None:
    put()
    midnight = NOW.astimezone(MADRID).replace(hour=0)
    for moment in (midnight - HOUR, midnight + HOUR / 2, midnight + 2 * HOUR):
        did("a", "visit", moment)
    counts = [each.count for each in report().timeline.happenings if each.kind is Kind.EVENT]
    assert counts == [2, 1]


def test_a_long_timeline_is_cut_and_says_so(put: Put, did: Happened, report: Callable[..., LeadReport]) -> None:
    put()
    for days in range(SHOWN + 4):
        did("a", "visit", NOW - days * DAY)
    found = report().timeline
    assert (len(found.happenings), found.earlier) == (SHOWN, 5)


def test_an_open_lead_is_overdue_until_it_is_touched(store: Store, put: Put, report: Callable[..., LeadReport]) -> None:
    put()
    later = NOW + 20 * DAY
    assert report().due_at == RULES.agreement.due_at(NOW)
    assert [(each.is_open, each.is_overdue) for each in (report(), report(now=later))] == [(True, False), (True, True)]
    decide(store, "unworked", NOW + DAY, first_touch_at=NOW + DAY)
    touched = report(now=later)
    assert (touched.is_open, touched.is_overdue) == (True, False)


def test_a_decided_lead_is_neither_open_nor_overdue(store: Store, put: Put, report: Callable[..., LeadReport]) -> None:
    put()
    decide(store, "recycled", NOW + DAY, reason="bad timing")
    made = report(now=NOW + 20 * DAY)
    assert (made.is_open, made.is_overdue, made.reason) == (False, False, "bad timing")


def test_contents_come_once_each_with_what_sales_found_useful(
    store: Store, put: Put, did: Happened, report: Callable[..., LeadReport]
) -> None:
    put()
    for content, days in (("guide", 3), ("tour", 2), ("guide", 1)):
        did("a", "download", NOW - days * DAY, content=content)
    decide(store, "sql", NOW, useful_content=["tour"])
    found = [(each.name, each.last_at, each.is_useful) for each in report().contents]
    assert found == [("guide", NOW - DAY, False), ("tour", NOW - 2 * DAY, True)]


@pytest.mark.usefixtures("scored")
def test_json_and_rows_hold_the_same_scores(report: Callable[..., LeadReport], live: LiveModel) -> None:
    made = report(live)
    written, table = made.to_json(), made.table()
    assert [row[table.columns.index("probability")] for row in table.rows] == [
        each["probability"] for each in written["steps"]
    ]
    assert written["lead"]["attributes"] == {"sector": "software", "employees": 120}
    assert table.rows[-1][-5:] == [None] * 5


def test_a_lead_without_a_score_and_one_that_is_not_there(put: Put, report: Callable[..., LeadReport]) -> None:
    put(handed_over_at=None)
    made = report()
    assert (made.score, made.steps, made.course, made.due_at, made.is_open) == (None, [], [], None, False)
    assert made.to_json()["score"] is None
    with pytest.raises(UnknownLeadError):
        report(lead_id="nobody")
