"""One lead's life, as a CRM tells it call by call, and what a store must hold of it then: that, and nothing twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import orjson
from sqlalchemy import Connection

from features.store.events import events_of
from features.store.leads import changes_of, find_lead
from features.store.ledger import scores_of
from features.store.outcomes import outcomes_of
from tests.faults.caller import Answer, Call, Caller

STARTED = datetime(2025, 1, 1, 10, tzinfo=UTC)
TYPES = ("download", "page_view", "webinar")
DECISIONS = ("sql", "rejected", "recycled", "unworked")
ERASED_SHARE, LATE_SHARE = 0.1, 0.3


@dataclass
class Tally:
    """How many writes were acknowledged.

    again: of these, those that had to be sent more than once. done_already: of those, the ones that had been done
    though nobody was told. late: acknowledged writes that came once more later on.
    """

    writes: int = 0
    again: int = 0
    done_already: int = 0
    late: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Give both together."""
        return Tally(
            self.writes + other.writes,
            self.again + other.again,
            self.done_already + other.done_already,
            self.late + other.late,
        )


@dataclass
class Life:
    """What was acknowledged of one lead; `live` tells it to a service, `check` looks for it in the store."""

    lead_id: str
    changes: list[dict[str, Any]] = field(default_factory=list)
    event_ids: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    handed_over: bool = False
    erased: bool = False

    def live(self, caller: Caller, chance: Random) -> Tally:
        """Live it through. Each answer must say that the write was done once, however often it was sent."""
        told, numbers, tally = list[tuple[Call, Answer]](), count(), Tally()

        def write(method: str, path: str, value: Any = None) -> Any:
            body = b"" if value is None else orjson.dumps(value)
            call = Call(method, path, body, key=f"{self.lead_id}.{next(numbers)}")
            answer = caller.ask(call)
            assert answer.status in {200, 201}, (call, answer)
            assert answer.sent > 1 or not answer.replayed, (call, answer)
            told.append((call, answer))
            again = answer.sent > 1
            nonlocal tally
            tally += Tally(1, again, again and answer.replayed)
            return answer.value

        steps: list[Callable[[], None]] = [
            lambda: self._put(write, chance),
            lambda: self._add_events(write, chance),
            lambda: self._decide(write),
            lambda: self._ask(caller),
        ]
        self._put(write, chance)
        for _ in range(chance.randint(2, 5)):
            chance.choice(steps)()
            if chance.random() < LATE_SHARE:
                _come_late(caller, *chance.choice(told))
                tally += Tally(late=1)
        if chance.random() < ERASED_SHARE:
            assert write("DELETE", f"/v1/leads/{self.lead_id}")["erased"] is True
            self.erased = True
        return tally

    def check(self, connection: Connection) -> None:
        """Assert that the store holds what was acknowledged, that alone, and each thing once."""
        lead = find_lead(connection, self.lead_id)
        if self.erased:
            assert lead is None, self
            return
        assert lead is not None, self
        assert lead.attributes == self.changes[-1], self
        assert [change.attributes for change in changes_of(connection, self.lead_id)] == self.changes, self
        assert [event.event_id for event in events_of(connection, self.lead_id)] == self.event_ids, self
        assert [each.outcome for each in outcomes_of(connection, self.lead_id)] == self.outcomes, self
        assert lead.outcome == (self.outcomes[-1] if self.outcomes else None), self
        ledger = scores_of(connection, self.lead_id)
        assert sum(score.at_hand_over for score in ledger) == self.handed_over, self
        assert {score.probability for score in ledger} >= set(self.scores), self

    def _put(self, write: Any, chance: Random) -> None:
        attributes = {"employees": chance.randint(1, 500), "step": len(self.changes)}
        hands_over = not self.handed_over and chance.random() < 0.5
        when = {"handed_over_at": (STARTED + timedelta(days=30)).isoformat()} if hands_over else {}
        answer = write("PUT", f"/v1/leads/{self.lead_id}", {"attributes": attributes} | when)
        assert (answer["created"], answer["changed"]) == (not self.changes, True), answer
        self.changes.append(attributes)
        self.handed_over = self.handed_over or hands_over

    def _add_events(self, write: Any, chance: Random) -> None:
        first = len(self.event_ids)
        new = [f"{self.lead_id}-{first + at:03}" for at in range(chance.randint(1, 5))]
        events = [
            {
                "event_id": event_id,
                "lead_id": self.lead_id,
                "type": chance.choice(TYPES),
                "occurred_at": (STARTED + timedelta(minutes=first + at)).isoformat(),
            }
            for at, event_id in enumerate(new)
        ]
        answer = write("POST", "/v1/events", {"events": events})
        assert answer == {"added": len(new), "repeated": 0, "refused": 0, "problems": []}
        self.event_ids += new

    def _decide(self, write: Any) -> None:
        outcome = DECISIONS[len(self.outcomes) % len(DECISIONS)]
        decided_at = STARTED + timedelta(days=40 + len(self.outcomes))
        sent = {"lead_id": self.lead_id, "outcome": outcome, "decided_at": decided_at.isoformat()}
        assert write("POST", "/v1/outcomes", sent)["added"] is True
        self.outcomes.append(outcome)

    def _ask(self, caller: Caller) -> None:
        answer = caller.ask(Call("GET", f"/v1/leads/{self.lead_id}/score"))
        assert answer.status == 200, answer
        self.scores.append(answer.value["probability"])


def _come_late(caller: Caller, call: Call, first: Answer) -> None:
    """Send an acknowledged write again, as a network does that kept a copy: it must get its answer and do nothing."""
    again = caller.ask(call)
    assert (again.status, again.body, again.replayed) == (first.status, first.body, True), (call, first, again)
