"""A sample company that was trained once, through the command line as a user would."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

import leadsift
from features.errors import LeadsiftError

LEADS = 2_000


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


def run_command(*words: object) -> Said:
    """Run a command in this process, with the exit codes of the real one."""
    result = CliRunner().invoke(leadsift.app, [str(word) for word in words])
    if isinstance(result.exception, LeadsiftError):
        return Said(1, result.stdout, result.stderr + str(result.exception))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(scope="session")
def trained(mlflow_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a sample company with a champion. Tests that change the registry copy it first."""
    folder = tmp_path_factory.mktemp("company")
    assert run_command("simulate", "-o", folder, "--leads", LEADS).code == 0
    (folder / ".leadsift").mkdir()
    shutil.copy(mlflow_template, folder / ".leadsift" / "mlflow.db")
    said = run_command("train", "-c", folder / "leadsift.toml", "--json", folder / "train.json")
    assert said.code == 0, said.err
    (folder / "train.txt").write_text(said.out, encoding="utf-8")
    return folder
