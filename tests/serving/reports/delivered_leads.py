"""A company's leads of half a year, by chance, in a store; and what a plain recount of them gives."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from features.agreement import Agreement
from features.business_clock import BusinessClock
from features.config import Reports, Sla
from features.store import Store
from features.store.fact_rules import FactRules
from features.store.facts import next_facts
from features.store.schema import events, leads, outcomes, scores
from serving.reports.report import ReportContext

NOW = datetime(2026, 4, 21, 12, 0, tzinfo=UTC)  # a Tuesday; summer time began on March 29
MADRID = ZoneInfo("Europe/Madrid")
DAY, HORIZON = timedelta(days=1), timedelta(days=90)
AGREED = Sla.model_validate(
    {
        "weekly_leads": 22,
        "good_fit_share": 0.5,
        "deliver_by": "Mon 09:00",
        "qualify_by": "Wed 18:00",
        "business_hours": "Mon-Fri 09:00-18:00",
        "holidays": [date(2026, 1, 6), date(2026, 4, 3)],
    }
)


def rules_of(sla: Sla) -> FactRules:
    """Give the rules of a company in Madrid."""
    clock = BusinessClock(MADRID, sla.business_hours, frozenset(sla.holidays))
    return FactRules(clock, Agreement(sla, MADRID), HORIZON, Reports())


RULES = rules_of(AGREED)


@dataclass(frozen=True)
class Lead:
    """A lead with all that the reports count of it."""

    lead_id: str
    handed_over_at: datetime
    owner: str | None
    source: str
    fit_grade: str | None
    probability: float | None
    engaged_at: datetime | None
    touched_at: datetime | None
    decisions: tuple[tuple[str, datetime], ...]

    @property
    def delivered_at(self) -> datetime:
        """Give the first Monday, nine o'clock, from the hand-over on."""
        return _next(self.handed_over_at, 0, time(9))

    @property
    def week(self) -> date:
        """Give the Monday of the delivery."""
        return self.delivered_at.astimezone(MADRID).date()

    @property
    def due_at(self) -> datetime:
        """Give the first Wednesday, six o'clock, after the delivery."""
        return _next(self.delivered_at, 2, time(18))

    @property
    def decided(self) -> Sequence[tuple[str, datetime]]:
        """Give the decisions that count: those from the hand-over on."""
        return [(outcome, at) for outcome, at in self.decisions if at >= self.handed_over_at and outcome != "unworked"]

    @property
    def worked_at(self) -> datetime | None:
        """Give when sales first did something."""
        judged = [at for outcome, at in self.decisions if outcome != "unworked"]
        is_again = any(at < self.handed_over_at for at in judged)  # a touch from before it is then of the first time
        touched_at = self.touched_at
        touches = [] if touched_at is None or (is_again and touched_at < self.handed_over_at) else [touched_at]
        moments = [*touches, *(at for _, at in self.decided)]
        return max(min(moments), self.handed_over_at) if moments else None

    @property
    def is_matured(self) -> bool:
        """Say whether the horizon has passed."""
        return self.handed_over_at <= NOW - HORIZON

    @property
    def is_judged(self) -> bool:
        """Say whether it counts in rates."""
        return self.is_matured and bool(self.decided)

    @property
    def is_sql(self) -> bool:
        """Say whether it became an SQL in time."""
        return any(outcome == "sql" and at <= self.handed_over_at + HORIZON for outcome, at in self.decided)

    @property
    def is_breach(self) -> bool:
        """Say whether it was not worked in time."""
        return self.due_at <= NOW and (self.worked_at is None or self.worked_at > self.due_at)


def make_leads(count: int, seed: int) -> list[Lead]:
    """Make leads; some were decided on before they were handed over, some have no score, no owner, no touch."""
    rng = random.Random(seed)
    return [_make(place, rng) for place in range(count)]


def _make(place: int, rng: random.Random) -> Lead:
    handed_over_at = NOW - timedelta(minutes=rng.randrange(200 * 24 * 60))
    touched_at = handed_over_at + timedelta(minutes=rng.randrange(-600, 12_000))
    decided_at = touched_at + timedelta(minutes=rng.randrange(1, 40_000))
    outcome = rng.choices(["sql", "rejected", "recycled", "unworked"], [3, 5, 2, 1])[0]
    is_scored = rng.random() < 0.9
    return Lead(
        f"lead-{place:04}",
        handed_over_at,
        rng.choice(["Ada", "Bo", "Cy", None]),
        rng.choice(["ads", "webinar"]),
        rng.choice("ABCD") if is_scored else None,
        rng.uniform(0.05, 0.6) if is_scored else None,
        handed_over_at - timedelta(minutes=rng.randrange(5_000)) if rng.random() < 0.8 else None,
        touched_at if rng.random() < 0.7 and touched_at < NOW else None,
        (
            *([(outcome, decided_at)] if decided_at < NOW and rng.random() < 0.8 else []),
            *([("recycled", handed_over_at - 3 * DAY)] if rng.random() < 0.1 else []),
        ),
    )


def fill(store: Store, sample: Sequence[Lead], rules: FactRules = RULES) -> None:
    """Write the leads into a store, with all that reports read."""
    decided = [(each, *decision) for each in sample for decision in each.decisions]
    with store.writing() as connection:
        connection.execute(insert(leads), [_lead_row(each) for each in sample])
        connection.execute(
            insert(outcomes),
            [
                {"lead_id": lead.lead_id, "outcome": outcome, "decided_at": at, "received_at": at}
                for lead, outcome, at in decided
            ],
        )
        connection.execute(insert(events), [_event_row(each) for each in sample if each.engaged_at is not None])
        connection.execute(insert(scores), [_score_row(each) for each in sample if each.probability is not None])
        while next_facts(connection, rules):
            pass


def on(store: Store, make: Callable[[ReportContext], Any], rules: FactRules = RULES, now: datetime = NOW) -> Any:
    """Give what a report makes of a store."""
    with store.reading() as connection:
        return make(ReportContext(connection, now, rules))


def _next(moment: datetime, day: int, at: time) -> datetime:
    found = datetime.combine(moment.astimezone(MADRID).date(), at, MADRID)
    while found.weekday() != day or found.astimezone(UTC) < moment:
        found += DAY  # a day by the wall
    return found.astimezone(UTC)


def _lead_row(each: Lead) -> dict[str, Any]:
    newest = max(each.decisions, key=lambda decision: decision[1], default=(None, None))
    return {
        "lead_id": each.lead_id,
        "attributes": {"source": each.source},
        "handed_over_at": each.handed_over_at,
        "owner": each.owner,
        "created_at": each.handed_over_at,
        "changed_at": each.handed_over_at,
        "outcome": newest[0],
        "decided_at": newest[1],
        "first_touch_at": each.touched_at,
    }


def _event_row(each: Lead) -> dict[str, Any]:
    return {
        "event_id": f"of {each.lead_id}",
        "lead_id": each.lead_id,
        "type": "download",
        "occurred_at": each.engaged_at,
        "received_at": each.engaged_at,
    }


def _score_row(each: Lead) -> dict[str, Any]:
    return {
        "lead_id": each.lead_id,
        "as_of": each.handed_over_at,
        "recorded_at": each.handed_over_at,
        "model_version": "1",
        "trigger": "hand_over",
        "at_hand_over": True,
        "probability": each.probability,
        "fit_points": 0.0,
        "fit_grade": each.fit_grade,
        "engagement_points": 0.0,
        "engagement_grade": "2",
        "segment": "golden",
        "reasons": [],
        "inputs": b"",
    }
