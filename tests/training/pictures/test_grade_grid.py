"""The grid of fit against engagement counts every lead once."""

from math import isnan
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from features.catalog import Catalog
from features.wilson import wilson
from serving.model.scored import ScoredTable
from training.pictures.chart_style import save_png
from training.pictures.grade_grid import fit_against_engagement, grade_grid


def scored(fit: list[int], engagement: list[int], probability: list[float]) -> ScoredTable:
    none = np.zeros(len(fit))
    ranks = np.array(fit), np.array(engagement), np.zeros(len(fit), dtype=np.intp)
    return ScoredTable(
        Catalog((), (), ()), pl.DataFrame(), np.array(probability), none, none, *ranks, np.zeros((len(fit), 0))
    )


def test_every_lead_is_in_the_cell_of_its_grades() -> None:
    cells = grade_grid(scored([0, 0, 3, 0], [1, 1, 2, 1], [0.2, 0.4, 0.1, 0.6]), np.array([1.0, 0.0, 0.0, 1.0]))
    assert len(cells) == 16
    found = {(cell.fit, cell.engagement): cell for cell in cells if cell.leads}
    assert found.keys() == {("A", "2"), ("D", "3")}
    best = found["A", "2"]
    assert (best.leads, best.sqls) == (3, 2)
    assert best.expected == pytest.approx(0.4)
    assert best.observed == pytest.approx(2 / 3)
    assert (best.low, best.high) == wilson(2, 3)


def test_a_cell_without_leads_claims_nothing() -> None:
    cells = grade_grid(scored([0], [0], [0.5]), np.array([1.0]))
    empty = next(cell for cell in cells if not cell.leads)
    assert isnan(empty.observed)
    assert isnan(empty.expected)
    assert (empty.low, empty.high) == (0.0, 1.0)


def test_the_grid_can_be_drawn_with_and_without_leads(tmp_path: Path) -> None:
    cells = grade_grid(scored([0, 1], [0, 3], [0.5, 0.2]), np.array([1.0, 0.0]))
    save_png(fit_against_engagement(cells), tmp_path / "grid.png")
    assert (tmp_path / "grid.png").stat().st_size > 10_000
