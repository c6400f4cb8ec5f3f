"""The options that send work to a cluster."""

from pathlib import Path

import pytest

from tests.command_line.conftest import run_command

TRAIN, SCORE = ("train",), ("score", "--leads", "leads.csv", "-o", "scores.csv")


@pytest.fixture
def company(tmp_path: Path) -> Path:
    path = tmp_path / "leadsift.toml"
    path.write_text('[leads]\nfile = "leads.csv"\nid = "lead_id"\nlabel = { column = "won", positive = ["yes"] }\n')
    return path


@pytest.mark.parametrize("command", [TRAIN, SCORE])
def test_a_scheduler_and_workers_together_are_wrong_usage(command: tuple[str, ...], company: Path) -> None:
    said = run_command(*command, "-c", company, "--workers", 2, "--scheduler", "tcp://127.0.0.1:8786")

    assert said.code == 2
    assert "--scheduler and --workers cannot be given together" in " ".join(said.err.split())


@pytest.mark.parametrize("command", [TRAIN, SCORE])
def test_no_address_of_a_scheduler_is_refused_in_one_line(command: tuple[str, ...], company: Path) -> None:
    said = run_command(*command, "-c", company, "--scheduler", "here")

    assert said.code == 1
    assert said.err.startswith("'here' is not the address of a Dask scheduler that answers; start one with: ")
    assert said.err.count("\n") == 0
