"""Each lead that sales worked later than agreed, or was to have worked by now and did not."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from features.store.schema import lead_facts
from serving.reports.agreement.delivery_weeks import delivery_conditions
from serving.reports.lead_filter import LeadFilter
from serving.reports.report import ReportContext, Table


class BreachState(StrEnum):
    """What became of a lead that was not worked in time."""

    WAITING = "waiting"
    LATE = "late"


def is_in_time(now: datetime) -> ColumnElement[bool]:
    """Say, of a lead whose agreed time has passed, that sales worked it until then; the moment itself is in time."""
    return and_(lead_facts.c.due_at <= now, lead_facts.c.worked_at <= lead_facts.c.due_at)


def is_breach(now: datetime, state: BreachState | None = None) -> ColumnElement[bool]:
    """Say that a lead's agreed time has passed and that sales had not worked it by then."""
    facts = lead_facts.c
    states = {BreachState.WAITING: facts.worked_at.is_(None), BreachState.LATE: facts.worked_at > facts.due_at}
    return and_(facts.due_at <= now, or_(*states.values()) if state is None else states[state])


@dataclass(frozen=True)
class Breach:
    """One lead. `worked_at` is None while it waits; `over_s`: business seconds since it was due, until then or now."""

    lead_id: str
    owner: str | None
    source: str | None
    campaign: str | None
    week: date
    handed_over_at: datetime
    due_at: datetime
    worked_at: datetime | None
    over_s: int

    @property
    def state(self) -> BreachState:
        """Give what became of it."""
        return BreachState.WAITING if self.worked_at is None else BreachState.LATE

    def to_json(self) -> dict[str, Any]:
        """Give the breach as plain JSON values."""
        values = {name: getattr(self, name) for name in COLUMNS}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


COLUMNS = ("state", *Breach.__dataclass_fields__)


@dataclass(frozen=True)
class Breaches:
    """One page of the list: those that still wait first, then the newest; `total` is of all pages."""

    asked: LeadFilter
    state: BreachState | None
    page: int
    rows_a_page: int
    total: int
    listed: tuple[Breach, ...]

    @property
    def pages(self) -> int:
        """Give how many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.rows_a_page))

    @property
    def first(self) -> int:
        """Give the place of the page's first lead in the whole list, from 1 on."""
        return (self.page - 1) * self.rows_a_page + 1

    @property
    def last(self) -> int:
        """Give the place of the page's last lead in the whole list."""
        return self.first + len(self.listed) - 1

    def to_json(self) -> dict[str, Any]:
        """Give the list as plain JSON values."""
        return {
            "filter": self.asked.to_json(),
            "state": None if self.state is None else self.state.value,
            "page": self.page,
            "pages": self.pages,
            "rows_a_page": self.rows_a_page,
            "breaches": self.total,
            "listed": [each.to_json() for each in self.listed],
        }

    def table(self) -> Table:
        """Give a row a lead."""
        return Table(COLUMNS, [[getattr(each, name) for name in COLUMNS] for each in self.listed])


def breaches(context: ReportContext, asked: LeadFilter, state: BreachState | None, page: int, rows: int) -> Breaches:
    """Give one page, of so many rows, of the breaches in the deliveries that the filter asks for."""
    facts = lead_facts.c
    wanted = (*delivery_conditions(context, asked), is_breach(context.now, state))
    total = context.connection.execute(select(func.count()).select_from(lead_facts).where(*wanted)).scalar_one()
    columns = facts[
        "lead_id", "owner", "source", "campaign", "week", "handed_over_at", "due_at", "worked_at"
    ]  # fmt: skip
    order = (facts.worked_at.is_not(None), facts.due_at.desc(), facts.lead_id)
    some = select(*columns).where(*wanted).order_by(*order).limit(rows).offset((page - 1) * rows)
    clock = context.rules.clock
    found = tuple(
        Breach(**row, over_s=int(clock.elapsed(row.due_at, row.worked_at or context.now).total_seconds()))
        for row in context.connection.execute(some).mappings()
    )
    return Breaches(asked, state, page, rows, total, found)
