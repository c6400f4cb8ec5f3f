"""Fills the store from the files of the past. Done twice, the second time changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl

from features.attributes import Attribute, Kind
from features.findings import Finding
from features.progress import Progress, share_of
from features.sources.event_ids import made_id
from features.sources.files_to_import import FilesToImport
from features.store.engine import Store
from features.store.erased import digest_of_erased, erased_digests, erasure_secret
from features.store.events import AddedEvents, StoredEvent, add_events
from features.store.fact_rules import NOTHING_AGREED, FactRules
from features.store.facts import AT_ONCE, facts_outdated, next_facts
from features.store.outcomes import Decision, add_decisions, note_first_touches
from features.store.past_leads import PastLead, PutCounts, put_past_leads
from features.tables import column_of

LEADS_AT_ONCE, EVENTS_AT_ONCE, OUTCOMES_AT_ONCE = 2_000, 20_000, 5_000  # in one transaction: others may write between
AFTER_LEADS, AFTER_EVENTS, AFTER_OUTCOMES = 0.1, 0.85, 0.9  # shares of the time


@dataclass(frozen=True)
class Imported:
    """What an import did, in rows of the files; erased: those of leads that were erased, which stay out."""

    leads: PutCounts
    events_added: int
    events_repeated: int
    outcomes_added: int
    outcomes_repeated: int
    erased_leads: int
    notes: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the import as plain JSON values."""
        return {
            "leads": asdict(self.leads) | {"erased": self.erased_leads},
            "events": {"added": self.events_added, "repeated": self.events_repeated},
            "outcomes": {"added": self.outcomes_added, "repeated": self.outcomes_repeated},
            "findings": [note.to_json() for note in self.notes],
        }

    def lines(self) -> list[str]:
        """Give the import as a person reads it."""
        leads = self.leads
        said = [
            f"leads: {leads.added:,} new, {leads.changed:,} mended, {leads.same:,} as they were",
            f"events: {self.events_added:,} new, {self.events_repeated:,} there already or repeated",
            f"outcomes: {self.outcomes_added:,} new, {self.outcomes_repeated:,} there already or repeated",
        ]
        if leads.newer:
            said.append(f"{leads.newer:,} leads stay as the CRM changed them after their hand-over")
        if self.erased_leads:
            said.append(f"{self.erased_leads:,} leads were erased and stay out, with what they did")
        return said


def import_tables(
    store: Store, files: FilesToImport, now: datetime, progress: Progress, rules: FactRules = NOTHING_AGREED
) -> Imported:
    """Write leads, events and outcomes into the store; an import that was cut short is done by starting it again.

    What the CRM changed after a lead's hand-over stays as it is, and erased leads stay out. At the end, what reports
    count is brought up to date by `rules`.
    """
    erased = _erased(store, files.leads["lead_id"])
    kept = files.leads.filter(~pl.col("lead_id").is_in(erased))
    leads = _put_leads(store, kept, files.attributes, now, share_of(progress, 0.0, AFTER_LEADS))
    events = files.events.filter(~pl.col("lead_id").is_in(erased))
    added = _add_events(store, events, now, share_of(progress, AFTER_LEADS, AFTER_EVENTS))
    outcomes = files.outcomes.filter(~pl.col("lead_id").is_in(erased))
    decided = _add_outcomes(store, outcomes, now, share_of(progress, AFTER_EVENTS, AFTER_OUTCOMES))
    _count(store, rules, kept.height, share_of(progress, AFTER_OUTCOMES, 1.0))
    return Imported(
        leads=leads,
        events_added=added,
        events_repeated=events.height - added,
        outcomes_added=decided,
        outcomes_repeated=outcomes.height - decided,
        erased_leads=len(erased),
        notes=files.notes,
    )


def _erased(store: Store, lead_ids: pl.Series) -> list[str]:
    """Give those of the leads that were erased."""
    with store.reading() as connection:
        secret, digests = erasure_secret(connection), erased_digests(connection)
    if secret is None or not digests:
        return []
    return [lead_id for lead_id in lead_ids if digest_of_erased(secret, lead_id) in digests]


def _put_leads(
    store: Store, leads: pl.DataFrame, attributes: tuple[Attribute, ...], now: datetime, progress: Progress
) -> PutCounts:
    counts = PutCounts()
    for part in _parts(leads, LEADS_AT_ONCE, "Importing leads", progress):
        known = _stored_attributes(part, attributes)
        columns = zip(part["lead_id"], known, part["as_of"], part["owner"], strict=True)
        touches = part.select("lead_id", "first_touch_at").drop_nulls()
        with store.writing() as connection:
            put = put_past_leads(connection, [PastLead(*row) for row in columns], now)
            touched = note_first_touches(connection, dict(touches.iter_rows()))
            if put.added or put.changed or touched:
                facts_outdated(connection)
        counts = counts.plus(put)
    return counts


def _stored_attributes(leads: pl.DataFrame, attributes: tuple[Attribute, ...]) -> list[dict[str, Any]]:
    """Give each lead's attributes as the CRM would send them: what is missing is left out."""
    columns = {
        each.name: [_TO_JSON[each.kind](value) if value is not None else None for value in leads[column_of(each)]]
        for each in attributes
    }
    rows = zip(*columns.values(), strict=True) if columns else ((),) * leads.height
    return [{name: value for name, value in zip(columns, row, strict=True) if value is not None} for row in rows]


def _number(value: float) -> float | int:
    return int(value) if value.is_integer() else value


_TO_JSON: dict[Kind, Callable[[Any], str | float | int | bool]] = {
    Kind.NUMBER: _number,
    Kind.CATEGORY: str,
    Kind.FLAG: bool,
    Kind.DATE: datetime.isoformat,
}


def _add_events(store: Store, events: pl.DataFrame, now: datetime, progress: Progress) -> int:
    added = 0
    for part in _parts(events, EVENTS_AT_ONCE, "Importing events", progress):
        rows = part.select("event_id", "lead_id", "type", "occurred_at", "content").iter_rows()
        happened = [StoredEvent(*row) for row in rows]
        with store.writing() as connection:
            result = add_events(connection, happened, now)
            again = add_events(connection, _under_other_ids(happened, result), now)
            if result.added or again.added:
                facts_outdated(connection)
        added += result.added + again.added
    return added


def _under_other_ids(events: list[StoredEvent], result: AddedEvents) -> list[StoredEvent]:
    """Give the events whose id is that of another lead's event: an export counts ids by lead, the store does not."""
    taken = (events[place] for place in result.taken)
    return [replace(event, event_id=made_id(event.lead_id, event.event_id)) for event in taken]


def _add_outcomes(store: Store, outcomes: pl.DataFrame, now: datetime, progress: Progress) -> int:
    added = 0
    for part in _parts(outcomes, OUTCOMES_AT_ONCE, "Importing outcomes", progress):
        rows = part.select("lead_id", "outcome", "reason", "decided_at").iter_rows()
        with store.writing() as connection:
            new = add_decisions(connection, [Decision(*row) for row in rows], now)
            if new:
                facts_outdated(connection)
        added += new
    return added


def _count(store: Store, rules: FactRules, leads: int, progress: Progress) -> None:
    done, more = 0, True
    while more:
        progress("Counting leads for the reports", min(1.0, done / max(leads, 1)))
        with store.writing() as connection:
            more = next_facts(connection, rules)
        done += AT_ONCE


def _parts(table: pl.DataFrame, rows: int, step: str, progress: Progress) -> Iterator[pl.DataFrame]:
    for start in range(0, table.height, rows):
        progress(step, start / table.height)
        yield table.slice(start, rows)
