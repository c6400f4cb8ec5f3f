"""Compares leads that took a content with similar leads that did not.

Similar: of the same fit grade and sector, handed over between the first and the last delivery that had a taker, and
with as many other contents, in bands. Engagement itself is not held equal, because to take a content is engagement.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate

from serving.reports.content.counts import Cell, TakerRow, WeekRow
from serving.reports.content.matched import Group, Matched, matched

ENOUGH_LEADS = 30  # on either side; fewer are not compared
ENOUGH_OF_EACH = 5  # SQLs, and leads that are none, on both sides together

Sums = tuple[int, int]  # judged leads, and SQLs among them


class LeadsByWeek:
    """The judged leads of each cell, quick to add up over any span of weeks."""

    def __init__(self, rows: Sequence[WeekRow]) -> None:
        self._weeks = sorted({row.week for row in rows})
        places = {week: place for place, week in enumerate(self._weeks)}
        by_cell: dict[Cell, list[Sums]] = defaultdict(lambda: [(0, 0)] * len(places))
        for row in rows:
            by_cell[row.cell][places[row.week]] = (row.counts.judged, row.counts.sqls)
        self._up_to = {cell: list(accumulate(sums, _plus, initial=(0, 0))) for cell, sums in by_cell.items()}

    def between(self, cell: Cell, first: date, last: date) -> Sums:
        """Give the leads of a cell that were delivered from one week to another, both included."""
        up_to = self._up_to.get(cell)
        if up_to is None:
            return 0, 0
        return _minus(up_to[bisect_right(self._weeks, last)], up_to[bisect_left(self._weeks, first)])


def comparison(takers: Sequence[TakerRow], everyone: LeadsByWeek) -> Matched | None:
    """Compare the leads that took a content with similar ones; None where there are too few."""
    found = matched(list(_groups(takers, everyone)))
    if found is None or min(found.with_leads, found.without_leads) < ENOUGH_LEADS:
        return None
    others = found.with_leads + found.without_leads - found.sqls
    return found if min(found.sqls, others) >= ENOUGH_OF_EACH else None


def _groups(takers: Sequence[TakerRow], everyone: LeadsByWeek) -> Iterable[Group]:
    first, last = min(row.first_week for row in takers), max(row.last_week for row in takers)
    in_cell: dict[Cell, Sums] = defaultdict(lambda: (0, 0))  # takers, by the band of all their contents
    in_group: dict[Cell, Sums] = defaultdict(lambda: (0, 0))  # and by the band of the others
    for row in takers:
        judged = (row.counts.judged, row.counts.sqls)
        in_cell[row.cell] = _plus(in_cell[row.cell], judged)
        group = row.cell._replace(band=row.others)
        in_group[group] = _plus(in_group[group], judged)
    for group, (leads, sqls) in in_group.items():
        rest = _minus(everyone.between(group, first, last), in_cell.get(group, (0, 0)))
        yield Group(with_sqls=sqls, with_leads=leads, without_sqls=rest[1], without_leads=rest[0])


def _plus(one: Sums, other: Sums) -> Sums:
    return one[0] + other[0], one[1] + other[1]


def _minus(one: Sums, other: Sums) -> Sums:
    return one[0] - other[0], one[1] - other[1]
