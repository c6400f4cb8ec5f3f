"""What reports count of leads, by chance and written straight into a store: a test recounts the same rows."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from features.agreement import Agreement
from features.business_clock import BusinessClock
from features.config import Reports, Sla
from features.store import Store
from features.store.fact_rules import FactRules
from features.store.schema import lead_facts, leads
from serving.reports.cells import segment_of
from serving.reports.report import ReportContext

NOW = datetime(2026, 4, 22, 12, 0, tzinfo=UTC)  # a Wednesday, 14:00 in Madrid
MADRID = ZoneInfo("Europe/Madrid")
DAY, HORIZON = timedelta(days=1), timedelta(days=90)
EXPLORATION = 0.2
SLA = Sla.model_validate(
    {"weekly_leads": 40, "good_fit_share": 0.5, "deliver_by": "Mon 09:00", "qualify_by": "Wed 12:00"}
)
RULES = FactRules(BusinessClock(MADRID), Agreement(SLA, MADRID), HORIZON, Reports())
Fact = dict[str, Any]


def context_of(connection: Connection, rules: FactRules = RULES, exploration: float = EXPLORATION) -> ReportContext:
    """Give what reports are made from."""
    return ReportContext(connection, NOW, rules, exploration)


def make_facts(count: int, seed: int, days: int = 300) -> list[Fact]:
    """Make the facts of leads handed over in so many days; some have no score, no owner, no reason, no decision."""
    rng = random.Random(seed)
    return [make_fact(f"lead-{place:05}", rng, days) for place in range(count)]


def make_fact(lead_id: str, rng: random.Random, days: int = 300, **members: Any) -> Fact:
    """Make the facts of one lead; `members` replace what chance says."""
    handed_over_at = NOW - timedelta(minutes=rng.randrange(days * 24 * 60))
    is_scored, is_judged = rng.random() < 0.9, rng.random() < 0.7
    fit, engagement = (rng.choice("ABCD"), rng.choice("1234")) if is_scored else (None, None)
    outcome = rng.choice(["sql", "rejected", "rejected", "recycled"]) if is_judged else None
    reasons = ["no need", "role", "bad timing", None, "precio = 0 ñ"]
    worked_at = handed_over_at + timedelta(minutes=rng.randrange(20_000))
    fact = {
        "lead_id": lead_id,
        "handed_over_at": handed_over_at,
        "due_at": RULES.agreement.due_at(handed_over_at),
        "worked_at": worked_at if worked_at <= NOW and (is_judged or rng.random() < 0.3) else None,
        "engaged_at": None,
        "speed_s": None,
        "wait_s": None,
        "owner": rng.choice(["Ada", "Bo", None]),
        "sector": rng.choice(["software", "retail"]),
        "size": rng.choice(["10-49", "50-249"]),
        "source": rng.choice(["ads", "webinar", "partner"]),
        "campaign": rng.choice(["spring", None]),
        "probability": rng.uniform(0.02, 0.8) if is_scored else None,
        "fit_grade": fit,
        "engagement_grade": engagement,
        "segment": segment_of(fit, engagement).value if fit and engagement else None,
        "model_version": "1" if is_scored else None,
        "engagement_points": None,
        "draw": rng.random(),
        "contents": 0,
        "is_judged": is_judged,
        "is_sql": outcome == "sql" or (outcome == "recycled" and rng.random() < 0.2),
        "outcome": outcome,
        "reason": rng.choice(reasons) if outcome in {"rejected", "recycled"} else None,
        "decided_at": worked_at if is_judged else None,
        **members,
    }
    agreement = RULES.agreement
    return {**fact, "week": agreement.week_of(agreement.delivered_at(fact["handed_over_at"]))}


def fill(store: Store, facts: Sequence[Fact]) -> None:
    """Write the facts, and the leads that they are of."""
    of_leads = [
        {"lead_id": fact["lead_id"], "attributes": {}, "created_at": NOW - 400 * DAY, "changed_at": NOW}
        for fact in facts
    ]
    with store.writing() as connection:
        connection.execute(insert(leads), of_leads)
        connection.execute(insert(lead_facts), list(facts))


def is_matured(fact: Fact) -> bool:
    """Say whether a lead has had its whole horizon."""
    return bool(fact["handed_over_at"] <= NOW - HORIZON)


def is_known(fact: Fact) -> bool:
    """Say whether what became of a lead counts in rates."""
    return is_matured(fact) and bool(fact["is_judged"])


def grade_of(fact: Fact) -> str | None:
    """Give the name of a lead's cell."""
    return None if fact["fit_grade"] is None else fact["fit_grade"] + fact["engagement_grade"]
