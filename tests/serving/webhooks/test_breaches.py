"""A lead that sales was to look at by now, and did not, is announced once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from sqlalchemy import select

from features.agreement import Agreement
from features.config import Sla
from features.store import Store
from features.store.fact_rules import NOTHING_AGREED
from features.store.facts import refresh_facts
from features.store.leads import put_lead
from features.store.outcomes import add_outcome
from features.store.schema import outbox
from features.topics import Subscriber, Topic
from serving.webhooks.breaches import ANNOUNCED_FOR, BreachWatch

MADRID = ZoneInfo("Europe/Madrid")
AGREED = Sla.model_validate({"deliver_by": "Mon 09:00", "qualify_by": "Wed 18:00"})
THURSDAY = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 11, 17, 0, tzinfo=UTC)  # Wednesday 18:00 in Madrid
SECOND = timedelta(seconds=1)
CRM = Subscriber("crm", frozenset(Topic))


@pytest.fixture
def watch(store: Store) -> BreachWatch:
    return BreachWatch(store, AGREED, MADRID, [CRM])


def put(store: Store, lead_id: str = "a", handed_over_at: datetime | None = THURSDAY) -> None:
    with store.writing() as connection:
        put_lead(connection, lead_id, {}, handed_over_at=handed_over_at, owner="Ada", now=THURSDAY)
        refresh_facts(connection, [lead_id], NOTHING_AGREED)


def decide(store: Store, outcome: str, first_touch_at: datetime | None = None) -> None:
    with store.writing() as connection:
        add_outcome(
            connection,
            "a",
            outcome,
            reason=None,
            decided_at=THURSDAY,
            first_touch_at=first_touch_at,
            useful_content=[],
            now=THURSDAY,
        )
        refresh_facts(connection, ["a"], NOTHING_AGREED)


def told(store: Store) -> list[Any]:
    with store.reading() as connection:
        bodies = connection.execute(select(outbox.c.body).order_by(outbox.c.id)).scalars()
        return [orjson.loads(body)["data"] for body in bodies]


@pytest.mark.parametrize(
    ("handed_over_at", "due"),
    [
        (THURSDAY, DUE),
        (datetime(2026, 3, 9, 8, 0, tzinfo=UTC), DUE),  # Monday 9:00 on the dot is this week's
        (datetime(2026, 3, 9, 8, 0, 1, tzinfo=UTC), DUE + timedelta(days=7)),
        (datetime(2026, 3, 26, 12, 0, tzinfo=UTC), datetime(2026, 4, 1, 16, 0, tzinfo=UTC)),  # summer time has begun
    ],
)
def test_a_lead_is_due_on_the_wednesday_after_the_monday_it_is_delivered_by(
    handed_over_at: datetime, due: datetime
) -> None:
    assert Agreement(AGREED, MADRID).due_at(handed_over_at) == due


def test_without_a_delivery_the_week_begins_at_hand_over() -> None:
    sla = Sla.model_validate({"qualify_by": "Fri 12:00"})
    assert Agreement(sla, MADRID).due_at(THURSDAY) == datetime(2026, 3, 6, 11, 0, tzinfo=UTC)


def test_it_is_announced_when_its_time_has_passed_and_only_once(store: Store, watch: BreachWatch) -> None:
    put(store)
    watch.look(DUE - SECOND)
    assert told(store) == []
    for later in (timedelta(0), SECOND, timedelta(days=6)):
        watch.look(DUE + later)
    assert told(store) == [{"lead_id": "a", "handed_over_at": "2026-03-05T12:00:00Z", "due_at": "2026-03-11T17:00:00Z"}]


def test_two_services_that_see_it_at_once_announce_it_once(store: Store, watch: BreachWatch) -> None:
    put(store)
    watch.look(DUE)
    with store.writing() as connection:
        connection.execute(outbox.update().values(topic="unseen"))  # as for a service that looked a moment earlier
    watch.look(DUE)
    assert len(told(store)) == 1


def test_a_lead_that_is_handed_over_again_is_due_again(store: Store, watch: BreachWatch) -> None:
    put(store)
    watch.look(DUE)
    put(store, handed_over_at=DUE + SECOND)
    watch.look(DUE + timedelta(days=7))
    assert [each["due_at"] for each in told(store)] == ["2026-03-11T17:00:00Z", "2026-03-18T17:00:00Z"]


@pytest.mark.parametrize("outcome", ["sql", "rejected", "recycled"])
def test_a_lead_that_was_decided_on_is_not_announced(store: Store, watch: BreachWatch, outcome: str) -> None:
    put(store)
    decide(store, outcome)
    watch.look(DUE)
    assert told(store) == []


def test_a_lead_that_was_touched_is_not_announced(store: Store, watch: BreachWatch) -> None:
    put(store)
    decide(store, "unworked", first_touch_at=THURSDAY + SECOND)
    watch.look(DUE)
    assert told(store) == []


def test_a_lead_noted_as_unworked_is_announced(store: Store, watch: BreachWatch) -> None:
    put(store)
    decide(store, "unworked")
    watch.look(DUE)
    assert len(told(store)) == 1


def test_a_lead_that_was_not_handed_over_is_nobodys_to_look_at(store: Store, watch: BreachWatch) -> None:
    put(store, handed_over_at=None)
    watch.look(DUE)
    assert told(store) == []


def test_what_is_overdue_for_long_is_no_news(store: Store, watch: BreachWatch) -> None:
    put(store)
    watch.look(DUE + ANNOUNCED_FOR)
    assert told(store) == []
    watch.look(DUE + ANNOUNCED_FOR - SECOND)
    assert len(told(store)) == 1


def test_without_an_agreement_or_a_listener_nothing_is_announced(store: Store) -> None:
    put(store)
    deaf = Subscriber("crm", frozenset({Topic.GOLDEN}))
    for sla, subscriber in ((Sla(), CRM), (AGREED, deaf)):
        BreachWatch(store, sla, MADRID, [subscriber]).look(DUE)
    assert told(store) == []
