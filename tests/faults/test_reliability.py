"""The record of the long runs keeps one figure of each fault and store."""

from dataclasses import replace
from pathlib import Path

from tests.faults.reliability import Figure, keep

FIGURE = Figure(
    what="kill -9",
    store="SQLite",
    found="200 kills, 0 lost",
    bound="none lost",
    met=True,
    how="6 clients",
    measured_on="2026-03-01",
    machine="2 cores",
)


def test_a_new_figure_takes_the_place_of_the_old_one_and_leaves_the_others(tmp_path: Path) -> None:
    keep(FIGURE, tmp_path)
    keep(replace(FIGURE, store="PostgreSQL", met=False), tmp_path)
    keep(replace(FIGURE, found="300 kills, 0 lost"), tmp_path)
    table = [line for line in (tmp_path / "reliability.md").read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    assert table[2:] == [
        "| kill -9 | PostgreSQL | 200 kills, 0 lost | none lost | **no** |",
        "| kill -9 | SQLite | 300 kills, 0 lost | none lost | yes |",
    ]
