"""The leads behind a number: those of one cell of the grid, rejected for one reason, drawn by lot ..."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from features.store.schema import lead_facts
from serving.reports.lead_filter import LeadFilter
from serving.reports.period import within_months
from serving.reports.report import ReportContext, Table

OPEN = "open"  # asked of an outcome: sales has not decided
ROWS = 50
ASKED_OF_LEADS = ("fit_grade", "engagement_grade", "segment", "outcome", "reason")  # columns of `lead_facts`


@dataclass(frozen=True)
class LeadsAsked:
    """Which leads to list: what a filter leaves and, where it is not None, with this grade, outcome or reason.

    by_lot: only those that the lot drew. page: the first is 1. rows: how many leads a page has.
    """

    asked: LeadFilter
    fit_grade: str | None = None
    engagement_grade: str | None = None
    segment: str | None = None
    outcome: str | None = None
    reason: str | None = None
    by_lot: bool = False
    page: int = 1
    rows: int = ROWS

    @property
    def more(self) -> dict[str, Any]:
        """Give what is asked beside the filter, the page apart, as it stands in an address."""
        named = {name: getattr(self, name) for name in ASKED_OF_LEADS}
        return named | ({"by_lot": "yes"} if self.by_lot else {})

    def conditions(self, context: ReportContext) -> list[ColumnElement[bool]]:
        """Give it as conditions on `lead_facts`."""
        facts = lead_facts.c
        found = self.asked.conditions(context.rules.agreement.zone)
        named = {name: getattr(self, name) for name in ASKED_OF_LEADS if getattr(self, name) is not None}
        if named.get("outcome") == OPEN:
            del named["outcome"]
            found.append(facts.outcome.is_(None))
        if self.by_lot:
            found.append(facts.draw < context.exploration)
        return found + [facts[name] == value for name, value in named.items()]


@dataclass(frozen=True)
class ListedLead:
    """A lead as lists show it. `probability` and grades: of its hand-over, None without a score; `by_lot`: drawn."""

    lead_id: str
    handed_over_at: datetime
    owner: str | None
    sector: str | None
    size: str | None
    source: str | None
    campaign: str | None
    probability: float | None
    fit_grade: str | None
    engagement_grade: str | None
    segment: str | None
    outcome: str | None
    reason: str | None
    decided_at: datetime | None
    by_lot: bool

    @property
    def score(self) -> int | None:
        """Give the probability as a score, 0 to 100."""
        return None if self.probability is None else round(100 * self.probability)

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        moments = {"handed_over_at": self.handed_over_at, "decided_at": self.decided_at}
        written = {name: None if moment is None else moment.isoformat() for name, moment in moments.items()}
        return asdict(self) | written | {"score": self.score}


COLUMNS = tuple(name for name in ListedLead.__dataclass_fields__ if name != "by_lot")


@dataclass(frozen=True)
class LeadList:
    """One page of the leads that were asked for, the newest hand-over first; `leads`: how many there are in all."""

    asked: LeadsAsked
    leads: int
    listed: tuple[ListedLead, ...]

    @property
    def pages(self) -> int:
        """Give how many pages there are, at least one."""
        return max(1, -(-self.leads // self.asked.rows))

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""
        where = {"filter": self.asked.asked.to_json() | self.asked.more, "page": self.asked.page, "pages": self.pages}
        return where | {"leads": self.leads, "listed": [each.to_json() for each in self.listed]}

    def table(self) -> Table:
        """Give the leads of this page, a row each."""
        columns = (*COLUMNS, "by_lot")
        return Table(columns, [[getattr(lead, name) for name in columns] for lead in self.listed])


def lead_list(context: ReportContext, asked: LeadsAsked) -> LeadList:
    """List leads; where no day is named, those of the last six months."""
    asked = replace(asked, asked=within_months(asked.asked, context.now, context.rules.agreement.zone))
    wanted = asked.conditions(context)
    facts = lead_facts.c
    leads = context.connection.execute(select(func.count()).select_from(lead_facts).where(*wanted)).scalar_one()
    some = listing(context).where(*wanted).order_by(facts.handed_over_at.desc(), facts.lead_id)
    page = some.limit(asked.rows).offset((asked.page - 1) * asked.rows)
    return LeadList(asked, leads, listed(context, page))


def listing(context: ReportContext) -> Any:
    """Give the selection of all that a list shows, to be narrowed, ordered and given to `listed`."""
    return select(*(lead_facts.c[name] for name in COLUMNS), (lead_facts.c.draw < context.exploration).label("by_lot"))


def listed(context: ReportContext, wanted: Any) -> tuple[ListedLead, ...]:
    """Give the leads of a selection that `listing` began."""
    rows = context.connection.execute(wanted)
    return tuple(ListedLead(*row) for row in rows)
