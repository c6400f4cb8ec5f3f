"""By what reports part the leads that were handed over."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, select

from features.business_clock import first_shown
from features.store.schema import lead_facts

PARTS = ("sector", "size", "source", "campaign", "owner")  # columns of `lead_facts`
MOST_CHOICES = 200  # of one part: longer lists help nobody
MIDNIGHT = time(0)


@dataclass(frozen=True)
class LeadFilter:
    """Which leads to look at; what is None is not asked for. Days are the company's own, both ends included."""

    since: date | None = None
    until: date | None = None
    sector: str | None = None
    size: str | None = None
    source: str | None = None
    campaign: str | None = None
    owner: str | None = None

    @property
    def parts(self) -> Mapping[str, str]:
        """Give what is asked of the lead itself."""
        return {name: getattr(self, name) for name in PARTS if getattr(self, name) is not None}

    @property
    def is_empty(self) -> bool:
        """Say whether it asks for nothing."""
        return all(getattr(self, each.name) is None for each in fields(self))

    def conditions(self, zone: ZoneInfo) -> list[ColumnElement[bool]]:
        """Give it as conditions on `lead_facts`."""
        facts = lead_facts.c
        found: list[ColumnElement[bool]] = [facts[name] == value for name, value in self.parts.items()]
        if self.since is not None:
            found.append(facts.handed_over_at >= day_start(self.since, zone))
        if self.until is not None:
            found.append(facts.handed_over_at < day_start(self.until + timedelta(days=1), zone))
        return found

    def to_json(self) -> dict[str, str | None]:
        """Give the filter as plain JSON values."""
        return {name: None if value is None else str(value) for name, value in asdict(self).items()}


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Give the first moment of a day on the company's clock, in UTC."""
    return first_shown(day, MIDNIGHT, zone)


def choices(connection: Connection) -> dict[str, Sequence[str]]:
    """Give the values that each part of the leads has, and the reasons of decisions, in order of the alphabet."""
    return {name: _values(connection, lead_facts.c[name]) for name in (*PARTS, "reason")}


def _values(connection: Connection, column: ColumnElement[str]) -> Sequence[str]:
    distinct = connection.execute(
        select(column).distinct()
    ).scalars()  # sorted there, it takes SQLite four times as long
    return sorted(value for value in distinct if value is not None)[:MOST_CHOICES]
