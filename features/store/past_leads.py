"""Leads from an export of the past, as they were when they were handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from features.store.insert_missing import insert_missing_returning
from features.store.leads import REMEMBERED, Attributes, change_lead, is_same, stored_lead
from features.store.schema import lead_changes, leads


@dataclass(frozen=True, slots=True)
class PastLead:
    """A lead as an export has it: what was known of it at its hand-over."""

    lead_id: str
    attributes: Attributes
    handed_over_at: datetime
    owner: str | None


@dataclass(frozen=True)
class PutCounts:
    """How many leads were new, were mended, were there just so, and are known better by what came later."""

    added: int = 0
    changed: int = 0
    same: int = 0
    newer: int = 0

    def plus(self, other: "PutCounts") -> "PutCounts":
        """Give the sums."""
        return PutCounts(
            self.added + other.added,
            self.changed + other.changed,
            self.same + other.same,
            self.newer + other.newer,
        )


def put_past_leads(connection: Connection, past: Sequence[PastLead], now: datetime) -> PutCounts:
    """Add those of the leads that are new, and mend those that nothing has changed since their hand-over.

    A lead that the CRM has changed after its hand-over stays as it is. No lead may be given twice.
    """
    rows = {
        each.lead_id: {
            "lead_id": each.lead_id,
            "attributes": each.attributes,
            "handed_over_at": each.handed_over_at,
            "owner": each.owner,
            "created_at": _known_at(each, now),
            "changed_at": _known_at(each, now),
        }
        for each in past
    }
    new = set(insert_missing_returning(connection, leads, list(rows.values()), leads.c.lead_id))
    changes = [{name: rows[each.lead_id][name] for name in REMEMBERED} for each in past if each.lead_id in new]
    if changes:
        connection.execute(insert(lead_changes), changes)
    old = [each for each in past if each.lead_id not in new]
    return PutCounts(added=len(new)).plus(_mend(connection, old, now))


def _mend(connection: Connection, past: Sequence[PastLead], now: datetime) -> PutCounts:
    held = select(leads).where(leads.c.lead_id.in_([each.lead_id for each in past])).order_by(leads.c.lead_id)
    before = {row.lead_id: stored_lead(row) for row in connection.execute(held.with_for_update(key_share=True))}
    changed, same, newer = 0, 0, 0
    for each in past:
        lead = before[each.lead_id]
        wanted = {"attributes": each.attributes, "handed_over_at": each.handed_over_at, "owner": each.owner}
        if is_same(lead, wanted):
            same += 1
        elif lead.changed_at > _known_at(each, now):
            newer += 1
        else:
            change_lead(connection, lead, wanted, _known_at(each, now))
            changed += 1
    return PutCounts(changed=changed, same=same, newer=newer)


def _known_at(each: PastLead, now: datetime) -> datetime:
    return min(each.handed_over_at, now)
