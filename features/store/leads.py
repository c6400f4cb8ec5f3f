"""The leads as they are now, and what was known of each and when."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, insert, select, update

from features.store.insert_missing import insert_missing
from features.store.schema import lead_changes, leads

_T = TypeVar("_T")
Attributes = Mapping[str, str | float | int | bool | None]  # by the CRM's own names; missing ones are left out
UNDECIDED = "unworked"  # an outcome that leaves a lead open: sales never looked
REMEMBERED = ("lead_id", "changed_at", "attributes", "handed_over_at", "owner")  # of a lead, with each change


class Keep(Enum):
    """Says that something stays as it is."""

    KEEP = "keep"


@dataclass(frozen=True)
class StoredLead:
    """A lead as it is now. `outcome` and `decided_at` are of the newest decision of sales; times are UTC."""

    lead_id: str
    attributes: Attributes
    handed_over_at: datetime | None
    owner: str | None
    created_at: datetime
    changed_at: datetime
    outcome: str | None
    decided_at: datetime | None
    first_touch_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Say whether it waits for a decision of sales; one from before its present hand-over is of an earlier one.

        `features.store.worklist.is_open` says the same in the database's words.
        """
        if self.handed_over_at is None:
            return False
        is_decided = self.outcome not in {None, UNDECIDED} and self.decided_at is not None
        return not is_decided or self.decided_at < self.handed_over_at  # type: ignore[operator]  # decided has a time

    @property
    def is_waiting(self) -> bool:
        """Say whether it is open and sales has not touched it; a touch of an earlier hand-over does not count."""
        if not self.is_open or self.first_touch_at is None:
            return self.is_open
        is_again = self.outcome not in {None, UNDECIDED}
        return is_again and self.handed_over_at is not None and self.first_touch_at < self.handed_over_at


@dataclass(frozen=True)
class LeadChange:
    """What was known of a lead from `changed_at` on."""

    changed_at: datetime
    attributes: Attributes
    handed_over_at: datetime | None
    owner: str | None


@dataclass(frozen=True)
class PutResult:
    """What became of a lead that was put: the lead as it is now, and what was new about it."""

    lead: StoredLead
    created: bool
    changed: bool
    handed_over: bool  # the hand-over was set or moved


def put_lead(
    connection: Connection,
    lead_id: str,
    attributes: Attributes,
    *,
    handed_over_at: datetime | Keep | None,
    owner: str | Keep | None,
    now: datetime,
) -> PutResult:
    """Make a lead, or replace what is known of it: attributes not given are not known from now on.

    A change is remembered whole, and only where something changed. On PostgreSQL the lead stays locked until the
    transaction ends, so that no update is lost.
    """
    known = {name: value for name, value in attributes.items() if value is not None}
    first = StoredLead(lead_id, known, _or_none(handed_over_at), _or_none(owner), now, now, None, None, None)
    if insert_missing(connection, leads, [asdict(first)]):
        _remember(connection, first)
        return PutResult(first, created=True, changed=True, handed_over=first.handed_over_at is not None)
    before = _locked(connection, lead_id)
    wanted = {
        "attributes": known,
        "handed_over_at": before.handed_over_at if isinstance(handed_over_at, Keep) else handed_over_at,
        "owner": before.owner if isinstance(owner, Keep) else owner,
    }
    if is_same(before, wanted):
        return PutResult(before, created=False, changed=False, handed_over=False)
    after = change_lead(connection, before, wanted, now)
    moved = after.handed_over_at not in {None, before.handed_over_at}
    return PutResult(after, created=False, changed=True, handed_over=moved)


def change_lead(connection: Connection, before: StoredLead, wanted: Mapping[str, Any], now: datetime) -> StoredLead:
    """Write attributes, hand-over and owner of a lead anew, and remember them; give the lead as it is then.

    A clock that went back does not put the change before the one it follows.
    """
    after = replace(before, changed_at=max(now, before.changed_at), **wanted)
    changed = {name: getattr(after, name) for name in (*wanted, "changed_at")}
    connection.execute(update(leads).where(leads.c.lead_id == before.lead_id).values(changed))
    _remember(connection, after)
    return after


def find_lead(connection: Connection, lead_id: str) -> StoredLead | None:
    """Give a lead as it is now; None where there is none of this id."""
    row = connection.execute(select(leads).where(leads.c.lead_id == lead_id)).one_or_none()
    return None if row is None else stored_lead(row)


def changes_of(connection: Connection, lead_id: str) -> list[LeadChange]:
    """Give what was known of a lead and since when, oldest first."""
    columns = (
        lead_changes.c.changed_at,
        lead_changes.c.attributes,
        lead_changes.c.handed_over_at,
        lead_changes.c.owner,
    )
    of_lead = select(*columns).where(lead_changes.c.lead_id == lead_id)
    rows = connection.execute(of_lead.order_by(lead_changes.c.changed_at, lead_changes.c.id))
    return [LeadChange(**row._mapping) for row in rows]


def stored_lead(row: Row[Any]) -> StoredLead:
    """Give the lead of a whole row of `leads`."""
    return StoredLead(**row._mapping)


def is_same(before: StoredLead, wanted: Mapping[str, Any]) -> bool:
    """Say whether a lead is known just so already. Yes and 1 are two things, though Python takes them for equal."""
    held, new = before.attributes, wanted["attributes"]
    return (
        before.handed_over_at == wanted["handed_over_at"]
        and before.owner == wanted["owner"]
        and held == new
        and all(isinstance(held[name], bool) == isinstance(new[name], bool) for name in held)
    )


def _locked(connection: Connection, lead_id: str) -> StoredLead:
    """Give a lead that is there, and that no one else changes until this transaction ends."""
    of_lead = select(leads).where(leads.c.lead_id == lead_id).with_for_update(key_share=True)
    return stored_lead(connection.execute(of_lead).one())


def _remember(connection: Connection, lead: StoredLead) -> None:
    known = {name: getattr(lead, name) for name in REMEMBERED}
    connection.execute(insert(lead_changes).values(known))


def _or_none(value: _T | Keep) -> _T | None:
    return None if isinstance(value, Keep) else value
