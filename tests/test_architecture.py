"""What holds over the whole tree."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("module", ["features.sources", "serving.http.app", "serving.model.bundle", "leadsift"])
def test_the_service_and_the_command_line_start_without_heavy_libraries(module: str) -> None:
    program = f"import sys, {module}; print(sorted({{'mlflow', 'lightgbm', 'sklearn', 'scipy'}} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


def test_every_dependency_has_its_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if line.startswith('    "') and (">=" in line or "==" in line)]
    assert named
    assert [line for line in named if "# " not in line] == []


def test_make_lists_every_target_with_a_line() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    for target in ("setup", "demo", "test", "check", "bench", "serve", "mlflow", "clean"):
        assert f"make {target} " in listed
