"""Many calls at the same moment, to several workers: with one key they are one write, without none is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import partial
from threading import Barrier, Event
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, select

from features.store import Store
from features.store.events import events_of
from features.store.leads import changes_of, find_lead
from features.store.outcomes import outcomes_of, useful_contents_of
from features.store.schema import idempotency_keys
from tests.faults.caller import Answer, Call, Caller
from tests.faults.life import DECISIONS, STARTED
from tests.faults.reliability import Note
from tests.faults.running_service import RunningService
from tests.faults.scale import Scale
from tests.faults.sound_store import check_sound, count

AT_ONCE = 50
WRITERS = 8
BUSY, REFUSED = 409, 429


def at_once(callers: list[Caller], do: Callable[[Caller, int], Any]) -> list[Any]:
    """Let each caller do its part from the same moment on, and give what came of it."""
    ready = Barrier(len(callers))

    def part(number: int) -> Any:
        ready.wait()
        return do(callers[number], number)

    with ThreadPoolExecutor(len(callers)) as threads:
        return list(threads.map(part, range(len(callers))))


@pytest.mark.slow
def test_what_several_workers_are_told_at_once_is_done_once_and_not_lost(
    service: RunningService, secret: str, store: Store, scale: Scale, note: Note
) -> None:
    service.start(workers=scale.workers)
    service.wait()
    with ExitStack() as stack:
        made = (Caller(service.settings.port, secret, Event()) for _ in range(AT_ONCE))
        callers = [stack.enter_context(closing(caller)) for caller in made]
        assert callers[0].ask(Call("PUT", "/v1/leads/a", b"{}")).status == 201
        busy = sum(_one_key(callers, store, number) for number in range(scale.key_rounds))
        writes = _no_lost_update(callers[:WRITERS], store, scale)
    service.stop()
    with store.reading() as connection:
        check_sound(connection)
    note(
        what=f"{AT_ONCE} simultaneous calls with one Idempotency-Key",
        found=f"{scale.key_rounds} rounds: each one write, one row, one answer to the byte",
        bound="one row",
        how=f"{scale.workers} workers, PUT of one lead; {busy:,} calls came while the first was under way and got 409",
    )
    note(
        what="four processes writing to the same lead",
        found=f"{writes:,} writes acknowledged, 0 lost",
        bound="none lost",
        how=(
            f"{WRITERS} clients at once and {scale.workers} workers, one lead after the other: every change is "
            "remembered once and the last one stands, every event and decision is there, the newest decision and the "
            "first touch are the right ones, the useful contents are those of all"
        ),
    )


def _one_key(callers: list[Caller], store: Store, number: int) -> int:
    """Let all callers send one write with one key; give how many were told that it is under way."""
    call = Call("PUT", "/v1/leads/a", orjson.dumps({"attributes": {"round": number}}), key=f"round-{number}")
    answers: list[Answer | None] = at_once(callers, lambda caller, _: caller.try_once(call))
    answers += at_once(callers, lambda caller, _: caller.ask(call))
    assert None not in answers
    given = [answer for answer in answers if answer is not None]
    assert {answer.status for answer in given} <= {200, BUSY, REFUSED}
    done = [answer for answer in given if answer.status == 200]
    assert len({answer.body for answer in done}) == 1
    assert sum(not answer.replayed for answer in done) == 1
    with store.reading() as connection:
        changes = [dict(change.attributes) for change in changes_of(connection, "a")]
        assert changes == [{}, *({"round": each} for each in range(number + 1))]
        assert connection.execute(select(idempotency_keys.c.key)).scalars().all().count(call.key) == 1
        assert count(connection, idempotency_keys) == number + 1
    return sum(answer.status == BUSY for answer in given)


def _no_lost_update(callers: list[Caller], store: Store, scale: Scale) -> int:
    """Let writers change one lead after the other, all at the same moment; give how many writes were acknowledged."""
    rounds = max(1, scale.writes // len(callers))
    for number in range(rounds):
        lead_id = f"b-{number}"
        at_once(callers, partial(_change, lead_id))
        with store.reading() as connection:
            _check_all_there(connection, lead_id, writers=len(callers))
        scale.say(f"{number + 1} rounds of {len(callers)} writers")
    return 3 * len(callers) * rounds


def _change(lead_id: str, caller: Caller, writer: int) -> None:
    name, at = f"{lead_id}-{writer}", (STARTED + timedelta(hours=writer)).isoformat()
    lead = {"attributes": {"by": name}}
    event = {"event_id": name, "lead_id": lead_id, "type": "download", "occurred_at": at}
    outcome = {"lead_id": lead_id, "outcome": DECISIONS[writer % 4], "decided_at": at}
    more = {"first_touch_at": at, "useful_content": [name]}
    calls = [
        Call("PUT", f"/v1/leads/{lead_id}", orjson.dumps(lead), key=f"put-{name}"),
        Call("POST", "/v1/events", orjson.dumps({"events": [event]}), key=f"event-{name}"),
        Call("POST", "/v1/outcomes", orjson.dumps(outcome | more), key=f"outcome-{name}"),
    ]
    for call in calls:
        assert caller.ask(call).status in {200, 201}, call


def _check_all_there(connection: Connection, lead_id: str, writers: int) -> None:
    """Assert that the lead has what every writer said, the newest decision and the earliest touch."""
    names = {f"{lead_id}-{writer}" for writer in range(writers)}
    lead = find_lead(connection, lead_id)
    changes = [change.attributes["by"] for change in changes_of(connection, lead_id)]
    decided = outcomes_of(connection, lead_id)
    assert (sorted(map(str, changes)), len(decided)) == (sorted(names), writers)
    assert {event.event_id for event in events_of(connection, lead_id)} == names
    assert set(useful_contents_of(connection, lead_id)) == names
    assert lead is not None
    assert (lead.attributes["by"], lead.first_touch_at) == (changes[-1], STARTED)
    assert (lead.outcome, lead.decided_at) == (decided[-1].outcome, decided[-1].decided_at)
