"""What was known of one lead at any moment: its attributes from the history of changes, its events by their arrival."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from features.store.events import StoredEvent
from features.store.leads import Attributes, LeadChange, changes_of
from features.store.schema import events


@dataclass(frozen=True)
class Known:
    """What was known of a lead at one moment: its attributes, and the events that had arrived."""

    attributes: Attributes
    events: tuple[StoredEvent, ...]


@dataclass(frozen=True)
class KnownThen:
    """All that arrived about a lead, with when. `arrivals` are its events, the oldest first."""

    changes: Sequence[LeadChange]
    arrivals: Sequence[tuple[datetime, StoredEvent]]

    def at(self, moment: datetime) -> Known:
        """Give what was known at a moment; before the first change, what that brought."""
        earlier = [change for change in self.changes if change.changed_at <= moment] or self.changes[:1]
        arrived = tuple(event for received_at, event in self.arrivals if received_at <= moment)
        return Known(earlier[-1].attributes, arrived)


def known_then(connection: Connection, lead_id: str) -> KnownThen:
    """Read all that arrived about a lead that is there."""
    table = events.c
    columns = (table.received_at, table.event_id, table.lead_id, table.type, table.occurred_at, table.content)
    of_lead = select(*columns).where(table.lead_id == lead_id).order_by(table.occurred_at, table.event_id)
    arrivals = [(received_at, StoredEvent(*event)) for received_at, *event in connection.execute(of_lead)]
    return KnownThen(changes_of(connection, lead_id), arrivals)
