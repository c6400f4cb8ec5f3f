"""The report of the benchmarks keeps what was measured before, on the same machine alone."""

from dataclasses import replace
from pathlib import Path

from benchmarks.machine import Machine
from benchmarks.report import Measured, Report, render, report_of
from benchmarks.row import Row, Way

MACHINE = Machine(2, "a processor", 2**34, "Linux", "3.11", {"numpy": "2"})
ROW = Row("scoring", "seconds", (Way("ours", 2.0), Way("theirs", 5.0)), "2.5 times as fast", "at least 2", met=True)
MISSED = replace(ROW, work="starting", met=False, note="The imports bound it.")


def report(tmp_path: Path) -> Path:
    path = tmp_path / "benchmarks.json"
    found = Report(
        MACHINE, {"score": Measured((ROW,), 60, "2026-03-01"), "start": Measured((MISSED,), 60, "2026-03-02")}
    )
    path.write_bytes(found.to_json())
    return path


def test_a_report_is_read_back_as_it_was(tmp_path: Path) -> None:
    found = report_of(report(tmp_path), MACHINE)
    assert found.measured["score"] == Measured((ROW,), 60, "2026-03-01")
    assert found.measured["start"] == Measured((MISSED,), 60, "2026-03-02")


def test_figures_of_another_machine_are_not_mixed_in(tmp_path: Path) -> None:
    assert report_of(report(tmp_path), replace(MACHINE, cores=64)).measured == {}
    assert report_of(tmp_path / "none.json", MACHINE).measured == {}


def test_the_page_says_what_was_missed_and_why_in_the_order_asked_for(tmp_path: Path) -> None:
    page = render(report_of(report(tmp_path), MACHINE), ["start", "other", "score"])
    assert page.index("| starting | 2.5 times as fast | at least 2 | **no** |") < page.index("| scoring |")
    assert "| theirs | 5.00 | 2.50 |" in page
    assert "The imports bound it." in page
    assert "in 2 minutes, on 2026-03-01 and 2026-03-02" in page
