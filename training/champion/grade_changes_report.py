"""Who changes grade, as a person reads it on a terminal."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.table import Table

from serving.model.grades import ENGAGEMENT_GRADES, FIT_GRADES
from training.champion.grade_changes import GradeChanges, Matrix


def render_grade_changes(changes: GradeChanges) -> Iterable[RenderableType]:
    """Give a sentence, and a table of both sides: old grades down, new ones across, a dot where there are none."""
    yield changes.sentence()
    table = Table(box=None, pad_edge=False, title="Old grade down, new grade across", title_justify="left")
    table.add_column("fit")
    for grade in FIT_GRADES:
        table.add_column(grade, justify="right")
    table.add_column("   engagement")
    for grade in ENGAGEMENT_GRADES:
        table.add_column(grade, justify="right")
    for fit, engagement, fit_row, engagement_row in zip(
        FIT_GRADES, ENGAGEMENT_GRADES, _texts(changes.fit), _texts(changes.engagement), strict=True
    ):
        table.add_row(fit, *fit_row, f"   {engagement}", *engagement_row)
    yield table


def _texts(matrix: Matrix) -> list[list[str]]:
    return [[f"{count:,}" if count else "·" for count in row] for row in matrix]
