"""The report on worked and unworked leads, for a terminal and as a table of one row per figure."""

from collections.abc import Iterable, Iterator
from math import isnan
from pathlib import Path

import polars as pl
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from features.errors import DataError
from features.problems import Problem
from serving.model.grades import ENGAGEMENT_GRADES, FIT_GRADES
from training.worked_report import WorkedReport


def render_worked(report: WorkedReport) -> Iterable[RenderableType]:
    """Give the report as a person reads it on a terminal."""
    yield (
        f"{report.worked:,} leads were worked and {report.unworked:,} were not; "
        f"{report.young:,} whose horizon has not passed are left out. Scored with version {report.model_version}."
    )
    for name, (mean, low, high) in (("worked", report.mean_worked), ("unworked", report.mean_unworked)):
        if not isnan(mean):
            yield f"Mean probability of {name} leads: {mean:.1%} ({low:.1%} to {high:.1%})."
    yield _cells_table(report)
    yield _differences_table(report)
    yield Text(report.meaning())


def worked_rows(report: WorkedReport) -> pl.DataFrame:
    """Give the report as rows: part, name, worked, unworked and difference (null where there is none)."""
    numbers = dict.fromkeys(("worked", "unworked", "difference"), pl.Float64)
    return pl.DataFrame(list(_rows(report)), {"part": pl.String, "name": pl.String, **numbers}, orient="row").fill_nan(
        None
    )


def write_rows(report: WorkedReport, path: Path) -> None:
    """Write the rows as CSV. Raises DataError where the file cannot be written."""
    try:
        worked_rows(report).write_csv(path)
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise DataError([Problem(what, "give another file to --csv", file=str(path))]) from error


def _rows(report: WorkedReport) -> Iterator[tuple[str, str, float, float, float | None]]:
    yield "leads", "all", float(report.worked), float(report.unworked), None
    yield "mean probability", "all", report.mean_worked[0], report.mean_unworked[0], None
    for cell in report.cells:
        yield "grade", cell.cell, float(cell.worked), float(cell.unworked), None
    for each in report.differences:
        yield "feature", each.what, each.first, each.second, each.difference


def _cells_table(report: WorkedReport) -> Table:
    table = Table(title="Share worked, by grade (of so many leads)", title_justify="left", box=None, pad_edge=False)
    table.add_column("fit")
    for grade in ENGAGEMENT_GRADES:
        table.add_column(f"engagement {grade}", justify="right")
    cells = iter(report.cells)
    for grade in FIT_GRADES:
        row = [next(cells) for _ in ENGAGEMENT_GRADES]
        said = (
            f"{each.share_worked:.0%} ({leads:,})" if (leads := each.worked + each.unworked) else "" for each in row
        )
        table.add_row(grade, *said)
    return table


def _differences_table(report: WorkedReport) -> Table:
    title = "What differs most: means, or shares of leads; the difference is in standard deviations"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    for column in ("worked", "unworked", "difference"):
        table.add_column(column, justify="right")
    for each in report.differences:
        table.add_row(Text(each.what), f"{each.first:.3g}", f"{each.second:.3g}", f"{each.difference:+.2f}")
    return table
