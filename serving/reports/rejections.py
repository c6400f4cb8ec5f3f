"""Why sales rejects leads, by where they came from, whose they are and how they scored; and the leads to talk about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from features.store.schema import lead_facts
from serving.reports.counted import REJECTED
from serving.reports.lead_filter import LeadFilter
from serving.reports.lead_list import ListedLead, listed, listing
from serving.reports.period import within_months
from serving.reports.reasons import Rejected, rejected_by
from serving.reports.report import Cell, ReportContext, Table

MOST_GROUPS = 1_000  # of one part
TO_TALK_ABOUT = 10
CELL = "cell"
PARTED_BY = ("source", "campaign", CELL, "owner")
NOTHING = Rejected()


@dataclass(frozen=True)
class RejectedGroup:
    """What sales rejected of one source, say. `name`: None where it is not known; a cell is called A1 to D4."""

    name: str | None
    rejected: Rejected

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {"name": self.name, **self.rejected.to_json()}


@dataclass(frozen=True)
class RejectedPart:
    """All leads parted by source, say: the `groups` with most rejections, the first first, of so many (`of_groups`)."""

    groups: tuple[RejectedGroup, ...]
    of_groups: int

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {"groups": [each.to_json() for each in self.groups], "of_groups": self.of_groups}


@dataclass(frozen=True)
class Rejections:
    """What sales rejected of the leads that `asked` leaves, whether their horizon has passed or not.

    parts: by source, campaign, cell and owner. high: those rejected at the highest scores; low: those accepted at the
    lowest.
    """

    asked: LeadFilter
    whole: Rejected
    parts: Mapping[str, RejectedPart]
    high: tuple[ListedLead, ...]
    low: tuple[ListedLead, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""
        return {
            "filter": self.asked.to_json(),
            "whole": self.whole.to_json(),
            "parts": {name: part.to_json() for name, part in self.parts.items()},
            "rejected_at_high_score": [each.to_json() for each in self.high],
            "accepted_at_low_score": [each.to_json() for each in self.low],
        }

    def table(self) -> Table:
        """Give a row for each reason of each group."""
        columns = ("part", "name", "decided", "rejected", "rejected_share", "reason", "leads", "share_of_rejected")
        return Table(columns, list(self._rows()))

    def _rows(self) -> Iterator[Sequence[Cell]]:
        yield from _rows_of("all", None, self.whole)
        for name, part in self.parts.items():
            for group in part.groups:
                yield from _rows_of(name, group.name, group.rejected)


def rejections(context: ReportContext, asked: LeadFilter) -> Rejections:
    """Count what sales rejected, and why; where the filter names no day, of the last six months."""
    asked = within_months(asked, context.now, context.rules.agreement.zone)
    facts = lead_facts.c
    by_part = {part: _groups(context, asked, part) for part in PARTED_BY}
    return Rejections(
        asked,
        sum((group.rejected for group in by_part[CELL]), NOTHING),
        {part: RejectedPart(groups[:MOST_GROUPS], len(groups)) for part, groups in by_part.items()},
        _extreme(context, asked, facts.outcome == REJECTED, facts.probability.desc()),
        _extreme(context, asked, facts.is_sql, facts.probability.asc()),
    )


def _groups(context: ReportContext, asked: LeadFilter, part: str) -> tuple[RejectedGroup, ...]:
    facts = lead_facts.c
    column: ColumnElement[Any] = facts.fit_grade + facts.engagement_grade if part == CELL else facts[part]
    found = rejected_by(context, asked, [column])
    groups = [RejectedGroup(name, rejected) for (name,), rejected in found.items()]
    return tuple(sorted(groups, key=lambda each: (-each.rejected.rate.positives, each.name or "")))


def _extreme(
    context: ReportContext, asked: LeadFilter, which: ColumnElement[bool], order: Any
) -> tuple[ListedLead, ...]:
    facts = lead_facts.c
    conditions = (*asked.conditions(context.rules.agreement.zone), which, facts.probability.is_not(None))
    return listed(context, listing(context).where(*conditions).order_by(order, facts.lead_id).limit(TO_TALK_ABOUT))


def _rows_of(part: str, name: str | None, rejected: Rejected) -> Iterator[Sequence[Cell]]:
    of_group = (rejected.decided, rejected.rate.positives, rejected.rate.share)
    for each in rejected.reasons:
        yield (part, name, *of_group, each.reason, each.leads, rejected.share_of(each.reason).share)
