"""The three tables that everything else works on, whatever the export looked like."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from features.attributes import Attribute
from features.findings import Finding

INSTANT = pl.Datetime("us", "UTC")
ATTRIBUTE_PREFIX = "attr:"  # keeps a CRM's own column names, whatever they are, apart from ours

EVENTS_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "lead_id": pl.String,
    "occurred_at": INSTANT,
    "type": pl.String,
    "content": pl.String,
}
OUTCOMES_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "lead_id": pl.String,
    "decided_at": INSTANT,
    "outcome": pl.String,
    "reason": pl.String,
}


@dataclass(frozen=True)
class Tables:
    """Leads, events and outcomes, typed and checked.

    leads: a row per lead in the file's order. `lead_id` String, unique; `as_of` Datetime(us, UTC), null where
        only the order of arrival is known; `arrival` Int64, the place in the order of arrival (0 is the oldest,
        ties in the file's order); `label` Int8 (1, 0, null for not known yet; null throughout without
        `leads.label`); and `attr:<column>` per attribute, typed as `Kind` says.
    events: `lead_id`, `occurred_at` (UTC), `type`, `content` (null where unknown); repeats of one id are gone.
    outcomes: `lead_id`, `decided_at`, `outcome` (sql, rejected, recycled, unworked), `reason`; None without
        an [outcomes] part.
    known_until: the newest moment any table speaks of; None where no table has a time.
    excluded_event_types: those that the config leaves out; none of them is among the events.
    notes: what was found out rather than said (delimiter, encoding, kinds), and what was left out.
    """

    leads: pl.DataFrame
    events: pl.DataFrame
    outcomes: pl.DataFrame | None
    attributes: tuple[Attribute, ...]
    known_until: datetime | None
    notes: tuple[Finding, ...] = ()
    excluded_event_types: tuple[str, ...] = ()


def no_events() -> pl.DataFrame:
    """Give an events table without rows."""
    return pl.DataFrame(schema=EVENTS_SCHEMA)


def column_of(attribute: Attribute) -> str:
    """Give the name of an attribute's column in `Tables.leads`."""
    return ATTRIBUTE_PREFIX + attribute.name
