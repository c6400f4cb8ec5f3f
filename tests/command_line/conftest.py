"""A sample company that was trained once, through the command line as a user would."""

import fcntl
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
def trained(mlflow_template: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Give the folder of a sample company with a champion. Tests that change the registry copy it first.

    Each worker of a run has a copy of the one that the first to come makes.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    with (shared / "trained-company.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = shared / "trained-company"
        if not (folder / "train.txt").exists():
            train_company(folder, mlflow_template)
    return shutil.copytree(folder, tmp_path_factory.mktemp("company"), dirs_exist_ok=True)


@pytest.fixture(scope="session")
def filled(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the same company with its store filled from its files. Tests that change it copy it first."""
    folder = tmp_path_factory.mktemp("filled") / "company"
    shutil.copytree(trained, folder, ignore=shutil.ignore_patterns("mlartifacts"))
    assert run_command("import", "-c", folder / "leadsift.toml").code == 0
    return folder


def train_company(folder: Path, mlflow_template: Path) -> None:
    """Simulate a company in a folder and train its first model; what was printed is kept last, in train.txt."""
    assert run_command("simulate", "-o", folder, "--leads", LEADS).code == 0
    (folder / ".leadsift").mkdir()
    shutil.copy(mlflow_template, folder / ".leadsift" / "mlflow.db")
    said = run_command("train", "-c", folder / "leadsift.toml", "--json", folder / "train.json")
    assert said.code == 0, said.err
    (folder / "train.txt").write_text(said.out, encoding="utf-8")
