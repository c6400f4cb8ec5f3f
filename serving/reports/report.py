"""What every report is: numbers ready to be shown, as JSON, and as a table for CSV."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from features.store.fact_rules import FactRules
from serving.live.history import ModelOf
from serving.live.live_model import LiveModel
from serving.model.scoring import ScoringModel

Cell = str | float | int | bool | datetime | None
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


@dataclass(frozen=True)
class Table:
    """Columns and rows. Names are words with underscores; shares are 0 to 1; times are UTC."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def to_csv(self) -> str:
        """Give the table as CSV with a header; text that a spreadsheet would run is quoted for it."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(self.columns)
        writer.writerows([[_written(cell) for cell in row] for row in self.rows])
        return text.getvalue()


class Report(Protocol):
    """A report: a frozen object with all numbers ready."""

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""

    def table(self) -> Table:
        """Give the rows that a spreadsheet is to have."""


def no_model_at_hand(_: str) -> LiveModel | None:
    """Give no model of any version."""
    return None


@dataclass(frozen=True)
class ReportContext:
    """What every report is made from. `now`: with its zone.

    exploration: the share of worklists drawn by lot. model: what scores now, None where nothing does. model_of: gives
    the model of a version, None where it is no longer at hand.
    """

    connection: Connection
    now: datetime
    rules: FactRules
    exploration: float = 0.0
    model: ScoringModel | None = None
    model_of: ModelOf = no_model_at_hand

    @property
    def matured_until(self) -> datetime:
        """Give the last hand-over whose horizon has passed: what became of leads up to there is known."""
        return self.now - self.rules.horizon


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat().replace("+00:00", "Z")
    if isinstance(cell, bool):
        return str(cell).lower()
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA_STARTS) else text
