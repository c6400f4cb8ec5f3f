"""Fit against engagement: each pair of grades with its leads, what became of them, and what was expected."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, not_, select

from features.store.schema import lead_facts
from serving.model.grades import SEGMENTS, Segment
from serving.reports.cells import CELLS, segment_of
from serving.reports.chance import Verdict
from serving.reports.counted import Counted, counted, counting
from serving.reports.grid.pool import Pool, pool
from serving.reports.lead_filter import LeadFilter
from serving.reports.period import within_months
from serving.reports.reasons import Key, Reason, reasons_by
from serving.reports.report import Cell, ReportContext, Table

NOTHING = Counted()
Counts = Mapping[tuple[str | None, str | None, bool], Counted]  # by fit grade, engagement grade, whether by lot


@dataclass(frozen=True)
class GridCell:
    """One pair of grades. `verdict`: whether its scores held; `reasons`: why sales rejects it, most common first."""

    fit_grade: str
    engagement_grade: str
    counted: Counted
    verdict: Verdict
    reasons: tuple[Reason, ...]

    @property
    def name(self) -> str:
        """Give the name of the cell, A1 to D4."""
        return self.fit_grade + self.engagement_grade

    @property
    def segment(self) -> Segment:
        """Give the segment that it is part of."""
        return segment_of(self.fit_grade, self.engagement_grade)

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {
            "fit_grade": self.fit_grade,
            "engagement_grade": self.engagement_grade,
            "segment": self.segment.value,
            **self.counted.to_json(),
            "verdict": self.verdict.value,
            "rejected_for": [each.to_json() for each in self.reasons],
        }


@dataclass(frozen=True)
class SegmentByLot:
    """A segment's leads that the lot put on worklists whatever their score, beside those that it did not."""

    segment: Segment
    drawn: Counted
    verdict: Verdict
    others: Counted

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {
            "segment": self.segment.value,
            "by_lot": self.drawn.to_json(),
            "verdict": self.verdict.value,
            "others": self.others.to_json(),
        }


@dataclass(frozen=True)
class Grid:
    """The grid of the leads that `asked` leaves.

    matured_until: what became of leads handed over later is not known yet. cells: all pairs of grades, A1 first.
    unscored: leads without a score, which are in no cell. exploration: the share of leads that the lot draws.
    """

    asked: LeadFilter
    matured_until: datetime
    cells: tuple[GridCell, ...]
    unscored: Counted
    exploration: float
    by_lot: tuple[SegmentByLot, ...]
    pool: Pool

    @property
    def whole(self) -> Counted:
        """Give the counts of all cells together."""
        return sum((cell.counted for cell in self.cells), NOTHING)

    @property
    def drawn(self) -> Counted:
        """Give the counts of all leads that the lot drew."""
        return sum((each.drawn for each in self.by_lot), NOTHING)

    @property
    def others(self) -> Counted:
        """Give the counts of all leads that it did not draw."""
        return sum((each.others for each in self.by_lot), NOTHING)

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""
        return {
            "filter": self.asked.to_json(),
            "matured_until": self.matured_until.isoformat(),
            "cells": [cell.to_json() for cell in self.cells],
            "whole": self.whole.to_json(),
            "unscored": self.unscored.to_json(),
            "exploration": self.exploration,
            "by_lot": [each.to_json() for each in self.by_lot],
            "pool": self.pool.to_json(),
        }

    def table(self) -> Table:
        """Give the cells, a row each."""
        return Table(COLUMNS, [_row(cell) for cell in self.cells])


COLUMNS = (
    "fit_grade", "engagement_grade", "segment", "leads", "pending", "unworked", "judged", "sqls", "rate", "rate_low",
    "rate_high", "expected_sqls", "expected_rate", "verdict", "decided", "rejected", "most_common_reason",
)  # fmt: skip


def grid(context: ReportContext, asked: LeadFilter) -> Grid:
    """Count the leads that a filter leaves; where it names no day, those of the last six months."""
    asked = within_months(asked, context.now, context.rules.agreement.zone)
    counts = _counts(context, asked)
    facts = lead_facts.c
    reasons = reasons_by(context, asked, (facts.fit_grade, facts.engagement_grade))
    return Grid(
        asked,
        context.matured_until,
        tuple(_cells(counts, reasons)),
        _sum(counts, {(None, None)}),
        context.exploration,
        tuple(_by_lot(counts)) if context.exploration else (),
        pool(context, asked),
    )


def grid_cells(context: ReportContext, asked: LeadFilter) -> tuple[GridCell, ...]:
    """Count the cells alone, without why sales rejects them."""
    return tuple(_cells(_counts(context, asked), {}))


def _cells(counts: Counts, reasons: Mapping[Key, tuple[Reason, ...]]) -> Iterator[GridCell]:
    for cell in CELLS:
        of_cell = _sum(counts, {cell})
        yield GridCell(*cell, of_cell, of_cell.verdict(len(CELLS)), reasons.get(cell, ()))


def _counts(context: ReportContext, asked: LeadFilter) -> Counts:
    if not context.exploration:
        return _counts_where(context, asked, is_drawn=False)
    is_drawn = lead_facts.c.draw < context.exploration
    drawn = _counts_where(context, asked, is_drawn, is_drawn=True)
    return {**drawn, **_counts_where(context, asked, not_(is_drawn), is_drawn=False)}


def _counts_where(
    context: ReportContext, asked: LeadFilter, *conditions: ColumnElement[bool], is_drawn: bool
) -> dict[tuple[str | None, str | None, bool], Counted]:
    """Count by cell alone: SQLite groups by what leads its index without sorting, and by nothing else."""
    facts = lead_facts.c
    wanted = select(facts.fit_grade, facts.engagement_grade, *counting(context))
    wanted = wanted.where(*asked.conditions(context.rules.agreement.zone), *conditions)
    rows = context.connection.execute(wanted.group_by(facts.fit_grade, facts.engagement_grade))
    return {(row.fit_grade, row.engagement_grade, is_drawn): counted(row) for row in rows}


def _by_lot(counts: Counts) -> Iterator[SegmentByLot]:
    for segment in SEGMENTS:
        cells = {cell for cell in CELLS if segment_of(*cell) is segment}
        drawn = _sum(counts, cells, is_drawn=True)
        yield SegmentByLot(segment, drawn, drawn.verdict(len(SEGMENTS)), _sum(counts, cells, is_drawn=False))


def _sum(counts: Counts, cells: set[tuple[Any, Any]], *, is_drawn: bool | None = None) -> Counted:
    wanted = (
        found for (*cell, drawn), found in counts.items() if tuple(cell) in cells and is_drawn in {None, drawn}
    )  # fmt: skip
    return sum(wanted, NOTHING)


def _row(cell: GridCell) -> list[Cell]:
    found, rate = cell.counted, cell.counted.scored_rate
    interval = (rate.low, rate.high) if rate.leads else (None, None)
    return [
        cell.fit_grade, cell.engagement_grade, cell.segment.value, found.leads, found.pending, found.unworked,
        rate.leads, rate.positives, rate.share, *interval, rate.expected, rate.expected_share, cell.verdict.value,
        found.decided, found.rejected, cell.reasons[0].reason if cell.reasons else None,
    ]  # fmt: skip
