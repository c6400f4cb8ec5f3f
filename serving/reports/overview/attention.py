"""What needs a person now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from features.store.schema import lead_facts
from serving.model.grades import Segment
from serving.reports.agreement.breaches import BreachState, is_breach
from serving.reports.agreement.delivery_weeks import delivery_conditions
from serving.reports.chance import Verdict
from serving.reports.grid.report import GridCell, grid_cells
from serving.reports.lead_filter import LeadFilter
from serving.reports.overview.this_week import Delivery
from serving.reports.period import within_months
from serving.reports.report import ReportContext

SURPRISES = {Verdict.MORE, Verdict.FEWER}


class Matter(StrEnum):
    """What may need attention."""

    BREACHES = "breaches"
    GOLDEN_WAITING = "golden waiting"
    FEW_DELIVERED = "few delivered"
    SURPRISE = "surprise"


@dataclass(frozen=True)
class Notice:
    """One matter. `leads`: how many it is of.

    since: since when the first of them waits. promised: how many leads were. cell: the one that surprises.
    """

    matter: Matter
    leads: int
    since: datetime | None = None
    promised: int | None = None
    cell: GridCell | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        told: dict[str, Any] = {"matter": self.matter.value, "leads": self.leads}
        if self.since is not None:
            told["since"] = self.since.isoformat()
        if self.promised is not None:
            told["promised"] = self.promised
        return told if self.cell is None else told | {"cell": self.cell.to_json()}


def attention(context: ReportContext, delivered: Delivery) -> Iterator[Notice]:
    """Give what needs attention, the most urgent first; `delivered` is the newest delivery that is whole.

    Leads wait as long as sales has neither touched nor decided on them. Breaches are those of the last 26 weeks, as the
    agreement's page lists them; golden leads those that can still become SQLs within the horizon. A cell surprises when
    what came of its leads of the last six months is not what their scores said.
    """
    yield from _breaches(context)
    yield from _golden_waiting(context)
    promised = context.rules.agreement.sla.weekly_leads
    if promised is not None and delivered.leads < promised:
        yield Notice(Matter.FEW_DELIVERED, delivered.leads, promised=promised)
    yield from _surprises(context)


def _breaches(context: ReportContext) -> Iterator[Notice]:
    waiting = is_breach(context.now, BreachState.WAITING)
    conditions = (*delivery_conditions(context, LeadFilter()), waiting)
    wanted = select(func.count(), func.min(lead_facts.c.due_at)).where(*conditions)
    yield from _if_any(Matter.BREACHES, context, wanted)


def _golden_waiting(context: ReportContext) -> Iterator[Notice]:
    facts = lead_facts.c
    wanted = select(func.count(), func.min(facts.handed_over_at)).where(
        facts.segment == Segment.GOLDEN.value,
        facts.worked_at.is_(None),
        facts.handed_over_at > context.matured_until,
        facts.handed_over_at <= context.now,
    )
    yield from _if_any(Matter.GOLDEN_WAITING, context, wanted)


def _if_any(matter: Matter, context: ReportContext, wanted: Any) -> Iterator[Notice]:
    leads, since = context.connection.execute(wanted).one()
    if leads:
        yield Notice(matter, leads, since=since)


def _surprises(context: ReportContext) -> Iterator[Notice]:
    asked = within_months(LeadFilter(), context.now, context.rules.agreement.zone)
    cells: Sequence[GridCell] = grid_cells(context, asked)
    for cell in cells:
        if cell.verdict in SURPRISES:
            yield Notice(Matter.SURPRISE, cell.counted.scored, cell=cell)
