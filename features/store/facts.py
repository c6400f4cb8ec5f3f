"""What reports count of each lead that was handed over: kept up with every write, so that no page adds up the ledger.

`refresh_facts` belongs into the transaction of whatever changes a lead, its hand-over score, its outcomes or what it
did before its hand-over. `next_facts` makes the facts of a whole store, some leads at a time: after an import, and
where the rules have changed.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from features.exploration import draw_of
from features.store.fact_rules import FactRules
from features.store.insert_missing import insert_missing
from features.store.leads import UNDECIDED, StoredLead, stored_lead
from features.store.outcomes import Decision
from features.store.schema import events, lead_contents, lead_facts, leads, outcomes, read_models, scores

NAME = "facts"
SQL = "sql"
AT_ONCE = 500  # leads in one transaction of `next_facts`: others write between


@dataclass(frozen=True)
class HandOverScore:
    """The score of a lead as of its hand-over, as far as reports count it."""

    probability: float
    fit_grade: str
    engagement_grade: str
    engagement_points: float
    segment: str
    model_version: str


def refresh_facts(connection: Connection, lead_ids: Sequence[str], rules: FactRules) -> None:
    """Count some leads anew. A lead that is no longer handed over has no facts."""
    wanted = sorted(set(lead_ids))
    rows = connection.execute(select(leads).where(leads.c.lead_id.in_(wanted)).order_by(leads.c.lead_id)).all()
    found = [stored_lead(row) for row in rows]
    handed_over = [lead for lead in found if lead.handed_over_at is not None]
    away = [lead.lead_id for lead in found if lead.handed_over_at is None]
    if away:
        for table in (lead_facts, lead_contents):
            connection.execute(delete(table).where(table.c.lead_id.in_(away)))
    if not handed_over:
        return
    ids = [lead.lead_id for lead in handed_over]
    decided, scored, engaged = _decisions(connection, ids), _scores(connection, ids), _engaged(connection, ids)
    facts = [
        _facts(lead, decided.get(lead.lead_id, []), scored.get(lead.lead_id), engaged.get(lead.lead_id), rules)
        for lead in handed_over
    ]
    _upsert(connection, facts)


def refresh_contents(connection: Connection, lead_ids: Sequence[str]) -> None:
    """Note anew which contents some leads took before their hand-over."""
    wanted = sorted(set(lead_ids))
    connection.execute(delete(lead_contents).where(lead_contents.c.lead_id.in_(wanted)))
    before = and_(events.c.lead_id.in_(wanted), _is_before_hand_over(), events.c.content.is_not(None))
    joined = events.join(leads, leads.c.lead_id == events.c.lead_id)
    first = select(events.c.lead_id, events.c.content, func.min(events.c.occurred_at)).select_from(joined)
    taken = first.where(before).group_by(events.c.lead_id, events.c.content)
    connection.execute(insert(lead_contents).from_select(["lead_id", "content", "first_at"], taken))


def refresh_after_events(connection: Connection, occurred: Sequence[tuple[str, datetime]], rules: FactRules) -> None:
    """Count those leads anew that did something, learned only now, before their hand-over: lead ids and moments."""
    first: dict[str, datetime] = {}
    for lead_id, moment in occurred:
        first[lead_id] = min(moment, first.get(lead_id, moment))
    asked = select(lead_facts.c.lead_id, lead_facts.c.handed_over_at).where(lead_facts.c.lead_id.in_(sorted(first)))
    late = [row.lead_id for row in connection.execute(asked) if first[row.lead_id] <= row.handed_over_at]
    if late:
        refresh_contents(connection, late)
        refresh_facts(connection, late, rules)


def next_facts(connection: Connection, rules: FactRules, at_once: int = AT_ONCE) -> bool:
    """Count the next leads anew where facts do not follow the store and these rules; say whether there is more."""
    name = read_models.c.name == NAME
    begun = {"name": NAME, "digest": rules.digest, "last_lead_id": None, "is_whole": False}
    insert_missing(connection, read_models, [begun])
    state = connection.execute(select(read_models).where(name).with_for_update()).one()
    if state.digest == rules.digest and state.is_whole:
        return False
    last = state.last_lead_id if state.digest == rules.digest else None
    after: ColumnElement[bool] = leads.c.handed_over_at.is_not(None)
    if last is not None:
        after = and_(after, leads.c.lead_id > last)
    some = select(leads.c.lead_id).where(after).order_by(leads.c.lead_id).limit(at_once)
    ids = list(connection.execute(some.with_for_update(key_share=True)).scalars())
    if ids:
        refresh_contents(connection, ids)
        refresh_facts(connection, ids, rules)
    far = {"digest": rules.digest, "last_lead_id": ids[-1] if ids else None, "is_whole": not ids}
    connection.execute(update(read_models).where(name).values(far))
    return bool(ids)


def facts_outdated(connection: Connection) -> None:
    """Say that all facts are to be made anew: many leads have changed at once."""
    anew = {"last_lead_id": None, "is_whole": False}
    connection.execute(update(read_models).where(read_models.c.name == NAME).values(anew))


def are_facts_whole(connection: Connection, rules: FactRules) -> bool:
    """Say whether the facts follow the whole store, by these rules."""
    state = connection.execute(select(read_models).where(read_models.c.name == NAME)).one_or_none()
    return state is not None and state.is_whole and state.digest == rules.digest


def _facts(
    lead: StoredLead,
    decided: Sequence[Decision],
    score: HandOverScore | None,
    engaged_at: datetime | None,
    rules: FactRules,
) -> dict[str, Any]:
    handed_over_at = lead.handed_over_at
    assert handed_over_at is not None, "only called for leads that were handed over"
    all_judged = [each for each in decided if each.outcome != UNDECIDED]
    judged = [each for each in all_judged if each.decided_at >= handed_over_at]
    worked_at = _worked_at(lead, judged, is_again=len(judged) < len(all_judged))
    elapsed = rules.clock.elapsed
    newest = judged[-1] if judged else None
    return {
        "lead_id": lead.lead_id,
        "handed_over_at": handed_over_at,
        "week": rules.agreement.week_of(rules.agreement.delivered_at(handed_over_at)),
        "due_at": rules.agreement.due_at(handed_over_at),
        "worked_at": worked_at,
        "engaged_at": engaged_at,
        "speed_s": None if None in {worked_at, engaged_at} else _seconds(elapsed(engaged_at, worked_at)),  # type: ignore[arg-type]
        "wait_s": None if worked_at is None else _seconds(elapsed(handed_over_at, worked_at)),
        "owner": lead.owner,
        **rules.parts(lead.attributes),
        **(asdict(score) if score is not None else dict.fromkeys(HandOverScore.__dataclass_fields__)),
        "draw": draw_of(lead.lead_id),
        "is_judged": bool(judged),
        "is_sql": any(each.outcome == SQL and each.decided_at <= handed_over_at + rules.horizon for each in judged),
        "outcome": None if newest is None else newest.outcome,
        "reason": None if newest is None else newest.reason,
        "decided_at": None if newest is None else newest.decided_at,
    }


def _worked_at(lead: StoredLead, judged: Sequence[Decision], *, is_again: bool) -> datetime | None:
    """Give when sales first looked: its first touch, or its first decision where that is earlier or all there is.

    Of a lead that was judged and handed over again (`is_again`), a touch from before counts as that of the first time.
    """
    assert lead.handed_over_at is not None, "only called for leads that were handed over"
    touch = lead.first_touch_at
    touches = [] if touch is None or (is_again and touch < lead.handed_over_at) else [touch]
    moments = [*touches, *(each.decided_at for each in judged)]
    return max(min(moments), lead.handed_over_at) if moments else None


def _seconds(span: Any) -> int:
    return int(span.total_seconds())


def _decisions(connection: Connection, lead_ids: Sequence[str]) -> dict[str, list[Decision]]:
    """Give what was decided on each lead, oldest first."""
    columns = outcomes.c["lead_id", "outcome", "reason", "decided_at"]
    wanted = select(*columns).where(outcomes.c.lead_id.in_(lead_ids))
    by_lead: dict[str, list[Decision]] = {}
    for row in connection.execute(wanted.order_by(outcomes.c.decided_at, outcomes.c.id)):
        by_lead.setdefault(row.lead_id, []).append(Decision(*row))
    return by_lead


def _scores(connection: Connection, lead_ids: Sequence[str]) -> dict[str, HandOverScore]:
    """Give each lead's score as of its hand-over; of several, the one that came last."""
    columns = (scores.c[name] for name in HandOverScore.__dataclass_fields__)
    joined = scores.join(leads, and_(leads.c.lead_id == scores.c.lead_id, leads.c.handed_over_at == scores.c.as_of))
    wanted = select(scores.c.lead_id, *columns).select_from(joined)
    rows = connection.execute(wanted.where(scores.c.lead_id.in_(lead_ids), scores.c.at_hand_over).order_by(scores.c.id))
    return {row[0]: HandOverScore(*row[1:]) for row in rows}


def _engaged(connection: Connection, lead_ids: Sequence[str]) -> dict[str, datetime]:
    """Give when each lead last did something before its hand-over."""
    joined = events.join(leads, leads.c.lead_id == events.c.lead_id)
    last = select(events.c.lead_id, func.max(events.c.occurred_at)).select_from(joined)
    rows = connection.execute(
        last.where(events.c.lead_id.in_(lead_ids), _is_before_hand_over()).group_by(events.c.lead_id)
    )
    return {row[0]: row[1] for row in rows}


def _is_before_hand_over() -> ColumnElement[bool]:
    return events.c.occurred_at <= leads.c.handed_over_at


def _upsert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(lead_facts)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "lead_id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["lead_id"], set_=changed), rows)
