"""Leads that sales was to look at by now, and did not: each is announced once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from features.agreement import Agreement
from features.config import Sla
from features.store import Store
from features.store.ledger import held_leads
from features.store.outbox import Announcement, announce, event_id_of
from features.store.overdue import Untouched, untouched_leads
from features.topics import Subscriber, Topic

ANNOUNCED_FOR = timedelta(days=7)  # older ones are no news: a store filled for the first time is full of them
LONGEST_TO_DUE = timedelta(days=15)  # a week to the delivery, a week to the decision, a day for the clock's changes
AT_ONCE = 1_000


class BreachWatch:
    """Announces, to those who want to hear of it, leads that were left waiting longer than agreed in [sla]."""

    def __init__(self, store: Store, sla: Sla, zone: ZoneInfo, subscribers: Sequence[Subscriber]) -> None:
        self._store = store
        self._agreement = Agreement(sla, zone)
        self._subscribers = [each for each in subscribers if Topic.SLA_BREACHED in each.topics]

    def look(self, now: datetime) -> None:
        """Announce what became overdue. Raises StoreError where the store cannot be used."""
        if self._agreement.sla.qualify_by is None or not self._subscribers:
            return
        since = now - ANNOUNCED_FOR - LONGEST_TO_DUE
        with self._store.reading() as connection:
            waiting = untouched_leads(connection, since, now)
        overdue = [each for each in waiting if now - ANNOUNCED_FOR < self._due(each) <= now]
        for start in range(0, len(overdue), AT_ONCE):
            self._announce(overdue[start : start + AT_ONCE], now)

    def _announce(self, overdue: Sequence[Untouched], now: datetime) -> None:
        with self._store.writing() as connection:
            there = held_leads(connection, [each.lead_id for each in overdue])
            told = [self._announcement(each) for each in overdue if each.lead_id in there]
            announce(connection, self._subscribers, told, now)

    def _announcement(self, lead: Untouched) -> Announcement:
        due = self._due(lead)
        data = {"lead_id": lead.lead_id, "handed_over_at": lead.handed_over_at, "due_at": due}
        event_id = event_id_of(Topic.SLA_BREACHED, lead.lead_id, due.isoformat())
        return Announcement(Topic.SLA_BREACHED, data, lead.lead_id, event_id)

    def _due(self, lead: Untouched) -> datetime:
        due = self._agreement.due_at(lead.handed_over_at)
        assert due is not None, "only asked where it is agreed"
        return due
