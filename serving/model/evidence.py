"""Evidence behind a reason: how many training leads had such a value, and how many of them became SQLs."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

Value = float | str | None


@dataclass(frozen=True)
class Cell:
    """One range of values in training: leads, how many became SQLs, and the points such leads got on average."""

    label: str
    leads: int
    sqls: int
    mean_points: float

    @property
    def conversion_rate(self) -> float:
        """Give SQLs per lead, 0 to 1."""
        return self.sqls / self.leads


@dataclass(frozen=True)
class FeatureEvidence:
    """A feature's training leads by value: ranges of a number or levels of a category, and the missing apart.

    edges: ascending upper ends (included) of all ranges of a number but the last; empty for a category.
    levels: the levels that have a cell of their own; a category's last cell may be of all other levels.
    """

    edges: tuple[float, ...]
    levels: tuple[str, ...]
    cells: tuple[Cell, ...]
    missing: Cell | None

    @cached_property
    def _cell_of_level(self) -> dict[str, Cell]:
        return dict(zip(self.levels, self.cells, strict=False))

    def cell(self, value: Value) -> Cell | None:
        """Give the cell of a value; None where no training lead was like that."""
        if value is None:
            return self.missing
        if isinstance(value, str):
            others = self.cells[-1] if len(self.cells) > len(self.levels) else None
            return self._cell_of_level.get(value, others)
        return self.cells[bisect_left(self.edges, value)] if self.cells else None

    def to_json(self) -> dict[str, Any]:
        """Give the evidence as plain JSON values."""
        return {
            "edges": list(self.edges),
            "levels": list(self.levels),
            "cells": [asdict(cell) for cell in self.cells],
            "missing": None if self.missing is None else asdict(self.missing),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "FeatureEvidence":
        """Read back what `to_json` gave."""
        cells: Sequence[dict[str, Any]] = value["cells"]
        missing = value["missing"]
        return cls(
            edges=tuple(map(float, value["edges"])),
            levels=tuple(value["levels"]),
            cells=tuple(Cell(**cell) for cell in cells),
            missing=None if missing is None else Cell(**missing),
        )
