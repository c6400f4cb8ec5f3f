"""What the page of fit against engagement shows, ready to be written out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from serving.pages.addresses import address
from serving.pages.charts.chart import Chart
from serving.pages.charts.rates import rates_chart
from serving.pages.filters import FilterForm, filter_form
from serving.pages.wording.formats import Formats
from serving.pages.wording.terms import reason_word, segment_word, verdict_word
from serving.reports.chance import Verdict
from serving.reports.counted import Counted
from serving.reports.grid.pool import Shift
from serving.reports.grid.report import Grid, GridCell
from serving.reports.lead_filter import LeadFilter

T = TypeVar("T")

PAGE, LEADS, REJECTIONS = "/grid", "/grid/leads", "/rejections"
SHADES = 5  # of a cell's colour, the darkest for the highest rate
LEAST_SHADED = 10  # leads: with fewer, a rate says too little to be coloured
SHOWN_REASONS = 3
MARKS = {Verdict.MORE: "▲", Verdict.FEWER: "▼", Verdict.WITHIN: "", Verdict.FEW: ""}


@dataclass(frozen=True)
class CellView:
    """A cell. `shade`: 0 (none) to 5; `mark` and `verdict`: whether its scores held; `address`: of its leads."""

    cell: GridCell
    address: str
    shade: int
    segment: str
    mark: str
    verdict: str


@dataclass(frozen=True)
class RejectedCell:
    """A cell of which sales rejected some, and why."""

    name: str
    address: str
    counted: Counted
    reasons: str


@dataclass(frozen=True)
class LotRow:
    """A segment's leads that were drawn by lot beside the others; `verdict` is of the drawn."""

    name: str
    drawn: Counted
    verdict: str
    others: Counted


@dataclass(frozen=True)
class GridView:
    """The page. `rows`: by fit grade; `moves`: the same for how the pool moved; `lot`: by segment, all last, if any."""

    report: Grid
    form: FilterForm
    rows: Sequence[tuple[str, Sequence[CellView]]]
    chart: Chart | None
    rejected: Sequence[RejectedCell]
    moves: Sequence[tuple[str, Sequence[Shift]]]
    lot: Sequence[LotRow]
    lot_address: str
    rejections_address: str
    surprises: int

    @property
    def is_empty(self) -> bool:
        """Say whether no lead is left."""
        return self.report.whole.leads + self.report.unscored.leads == 0


def grid_view(report: Grid, asked: LeadFilter, options: Mapping[str, Sequence[str]], f: Formats) -> GridView:
    """Make the page. `asked`: the filter as the reader sent it; `options`: what there is to choose from."""
    cells = [_cell(cell, report, f) for cell in report.cells]
    form = filter_form(PAGE, report.asked, options, f.words)
    return GridView(
        report=report,
        form=replace(form, is_filtered=not asked.is_empty),
        rows=_by_fit(cells, [each.cell.fit_grade for each in cells]),
        chart=_chart(report, f) if report.whole.scored else None,
        rejected=list(_rejected(report, f)),
        moves=_by_fit(report.pool.shifts, [each.fit_grade for each in report.pool.shifts]),
        lot=list(_lot(report, f)),
        lot_address=address(LEADS, report.asked, by_lot="yes"),
        rejections_address=address(REJECTIONS, report.asked),
        surprises=sum(bool(each.mark) for each in cells),
    )


def _cell(cell: GridCell, report: Grid, f: Formats) -> CellView:
    return CellView(
        cell,
        _address(cell, report.asked),
        _shade(cell, report),
        segment_word(cell.segment, f.words),
        MARKS[cell.verdict],
        verdict_word(cell.verdict, f.words),
    )


def _address(cell: GridCell, asked: LeadFilter, **more: str) -> str:
    grades = {"fit_grade": cell.fit_grade, "engagement_grade": cell.engagement_grade}
    return address(LEADS, asked, **grades, **more)


def _shade(cell: GridCell, report: Grid) -> int:
    shares = [_share(each) for each in report.cells]
    highest, own = max(shares), _share(cell)
    return 0 if own < 0 or highest <= 0 else max(1, round(SHADES * own / highest))


def _share(cell: GridCell) -> float:
    rate = cell.counted.scored_rate
    return -1.0 if rate.share is None or rate.leads < LEAST_SHADED else rate.share


def _by_fit(cells: Sequence[T], fits: Sequence[str]) -> Sequence[tuple[str, Sequence[T]]]:
    grades = dict.fromkeys(fits)
    return [(grade, [each for each, fit in zip(cells, fits, strict=True) if fit == grade]) for grade in grades]


def _rejected(report: Grid, f: Formats) -> Iterator[RejectedCell]:
    found = [cell for cell in report.cells if cell.counted.rejected]
    for cell in sorted(found, key=lambda each: -(each.counted.rejected_rate.share or 0)):
        told = [f"{reason_word(each.reason, f.words)} {f.number(each.leads)}" for each in cell.reasons[:SHOWN_REASONS]]
        where = _address(cell, report.asked, outcome="rejected")
        yield RejectedCell(cell.name, where, cell.counted, " · ".join(told))


def _lot(report: Grid, f: Formats) -> Iterator[LotRow]:
    for each in report.by_lot:
        yield LotRow(segment_word(each.segment, f.words), each.drawn, verdict_word(each.verdict, f.words), each.others)
    if report.by_lot:
        drawn = report.drawn
        yield LotRow(f.words("All"), drawn, verdict_word(drawn.verdict(), f.words), report.others)


def _chart(report: Grid, f: Formats) -> Chart:
    rates = [(cell.name, cell.counted.scored_rate) for cell in report.cells]
    says = f.words("Of each cell: the rate at which leads became SQLs, beside what their scores had said.")
    return rates_chart("by-cell", says, f.words("Cell"), rates, f)
