"""Tables cut by lead into parts on disk, so that no work has to hold more than a part of them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from features.attributes import Attribute
from features.findings import Finding, Severity
from features.tables import Tables, no_events

LEADS, EVENTS, OUTCOMES = "leads.parquet", "events.parquet", "outcomes.parquet"
PLACE = "place"


@dataclass(frozen=True)
class Partitions:
    """Leads, what they did and what sales decided, typed and checked, in `parts` folders below `folder`.

    A lead is in one part, with all its events and outcomes, each in the file's order; which part that is depends on
    its id and on the number of parts alone. leads, events: how many there are in all. The rest is as in `Tables`.
    """

    folder: Path
    parts: int
    leads: int
    events: int
    attributes: tuple[Attribute, ...]
    known_until: datetime | None
    notes: tuple[Finding, ...] = ()
    excluded_event_types: tuple[str, ...] = ()

    def part(self, number: int) -> Path:
        """Give the folder of a part, numbered from 0."""
        return part_folder(self.folder, number)

    def read(self, number: int) -> Tables:
        """Read one part. Its leads have one more column, `place` (Int64): the lead's row in the file, the first is 0.

        `known_until` is that of all parts.
        """
        folder = self.part(number)
        events, outcomes = folder / EVENTS, folder / OUTCOMES
        return Tables(
            leads=pl.read_parquet(folder / LEADS),
            events=pl.read_parquet(events) if events.exists() else no_events(),
            outcomes=pl.read_parquet(outcomes) if outcomes.exists() else None,
            attributes=self.attributes,
            known_until=self.known_until,
            notes=self.notes,
            excluded_event_types=self.excluded_event_types,
        )

    def to_json(self) -> dict[str, Any]:
        """Give everything but the folder as plain JSON values."""
        return {
            "parts": self.parts,
            "leads": self.leads,
            "events": self.events,
            "attributes": [attribute.to_json() for attribute in self.attributes],
            "known_until": self.known_until and self.known_until.isoformat(),
            "notes": [note.to_json() for note in self.notes],
            "excluded_event_types": list(self.excluded_event_types),
        }

    @classmethod
    def from_json(cls, folder: Path, value: dict[str, Any]) -> "Partitions":
        """Read back what `to_json` gave."""
        until = value["known_until"]
        return cls(
            folder=folder,
            parts=value["parts"],
            leads=value["leads"],
            events=value["events"],
            attributes=tuple(Attribute.from_json(each) for each in value["attributes"]),
            known_until=datetime.fromisoformat(until) if until else None,
            notes=tuple(
                Finding(each["kind"], Severity(each["severity"]), each["column"], each["detail"])
                for each in value["notes"]
            ),
            excluded_event_types=tuple(value["excluded_event_types"]),
        )


def part_folder(folder: Path, number: int) -> Path:
    """Give the folder of a part.

    >>> part_folder(Path("x"), 7).as_posix()
    'x/part-00007'
    """
    return folder / f"part-{number:05d}"
