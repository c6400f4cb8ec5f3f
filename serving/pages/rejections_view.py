"""What the page of rejections shows, ready to be written out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from serving.pages.addresses import address
from serving.pages.charts.chart import Chart
from serving.pages.charts.reasons import reasons_chart
from serving.pages.filters import TITLES, FilterForm, filter_form
from serving.pages.grid_view import LEADS, REJECTIONS
from serving.pages.leads_view import LeadRow, lead_rows
from serving.pages.wording.formats import Formats
from serving.pages.wording.marked import N_
from serving.pages.wording.terms import reason_word
from serving.reports.counted import REJECTED
from serving.reports.lead_filter import LeadFilter
from serving.reports.rates import Rate
from serving.reports.reasons import Reason, Rejected
from serving.reports.rejections import CELL, RejectedGroup, Rejections

SHOWN_GROUPS = 16  # of one part: all cells
EVERY = ""  # reason
COLUMNS = 6  # reasons with a column of their own; the others share one
PART_TITLES = TITLES | {CELL: N_("Cell")}


@dataclass(frozen=True)
class ReasonCell:
    """How many of a group's rejected leads have one reason; `address`: of these leads, None where none can be given."""

    rate: Rate
    address: str | None


@dataclass(frozen=True)
class GroupRow:
    """A source, say. `address`: of its rejected leads, None where none can be given."""

    name: str
    address: str | None
    rejected: Rate
    reasons: Sequence[ReasonCell]


@dataclass(frozen=True)
class PartView:
    """A table by source, say. `left_out`: how many groups it does not show."""

    title: str
    rows: Sequence[GroupRow]
    left_out: int


@dataclass(frozen=True)
class RejectionsView:
    """The page. `columns`: the reasons in words; the last column is of all others."""

    report: Rejections
    form: FilterForm
    chart: Chart | None
    columns: Sequence[str]
    parts: Sequence[PartView]
    high: Sequence[LeadRow]
    low: Sequence[LeadRow]


def rejections_view(
    report: Rejections, asked: LeadFilter, options: Mapping[str, Sequence[str]], f: Formats
) -> RejectionsView:
    """Make the page. `asked`: the filter as the reader sent it; `options`: what there is to choose from."""
    named, has_others = report.whole.reasons[:COLUMNS], len(report.whole.reasons) > COLUMNS
    says = f.words("Why sales rejected leads, the most common reason first.")
    form = filter_form(REJECTIONS, report.asked, options, f.words)
    return RejectionsView(
        report=report,
        form=replace(form, is_filtered=not asked.is_empty),
        chart=reasons_chart("reasons", says, report.whole, f) if named else None,
        columns=[*(reason_word(each.reason, f.words) for each in named), *([f.words("others")] * has_others)],
        parts=[
            PartView(
                f.words(PART_TITLES[name]),
                [_row(group, name, named, report, f) for group in part.groups[:SHOWN_GROUPS]],
                part.of_groups - len(part.groups[:SHOWN_GROUPS]),
            )
            for name, part in report.parts.items()
            if any(group.name is not None for group in part.groups)
        ],
        high=lead_rows(report.high, f),
        low=lead_rows(report.low, f),
    )


def _row(group: RejectedGroup, part: str, named: Sequence[Reason], report: Rejections, f: Formats) -> GroupRow:
    cells = [
        ReasonCell(group.rejected.share_of(each.reason), _address(group, part, report, each.reason)) for each in named
    ]
    if len(report.whole.reasons) > len(named):
        cells.append(ReasonCell(_others(group.rejected, named), None))
    unknown = f.words("not scored") if part == CELL else f.words("not known")
    where = _address(group, part, report)
    return GroupRow(group.name or unknown, where, group.rejected.rate, cells)


def _others(rejected: Rejected, named: Sequence[Reason]) -> Rate:
    known = {each.reason for each in named}
    leads = sum(each.leads for each in rejected.reasons if each.reason not in known)
    return Rate(leads, rejected.rate.positives)


def _address(group: RejectedGroup, part: str, report: Rejections, reason: str | None = EVERY) -> str | None:
    """Give the address of the group's rejected leads; None where its name, or the reason, is none to ask for."""
    name = group.name
    if name is None or reason is None:
        return None
    more = {"outcome": REJECTED} | ({"reason": reason} if reason != EVERY else {})
    if part == CELL:
        return address(LEADS, report.asked, fit_grade=name[0], engagement_grade=name[1], **more)
    of_part: Any = {part: name}
    return address(LEADS, replace(report.asked, **of_part), **more)
