"""The reports of the pages, and the digest, as a user asks for them."""

import json
import shutil
from pathlib import Path

import pytest

from serving.stored_reports import BUILDERS
from tests.command_line.conftest import run_command


@pytest.fixture(scope="module")
def company(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the config of a company whose store is filled."""
    return Path(shutil.copytree(filled, tmp_path_factory.mktemp("reports") / "company")) / "leadsift.toml"


def test_every_report_that_has_a_page_is_printed_as_json_and_as_csv(company: Path) -> None:
    for name in BUILDERS:
        table = company.parent / f"{name}.csv"
        said = run_command("report", name, "-c", company, "--csv", table, "--json", "-")
        assert (said.code, bool(json.loads(said.out))) == (0, True), name
        assert table.read_text().count("\n") >= 1
    assert "role" in run_command("report", "model", "-c", company).out
    assert json.loads(run_command("report", "model", "-c", company, "--json", "-").out)["model"]["version"] == "1"


def test_the_digest_is_one_file(company: Path) -> None:
    out = company.parent / "week.html"
    said = run_command("report", "digest", "-c", company, "-o", out, "--language", "es")
    assert (said.code, said.out.strip()) == (0, f"The digest of the week is in {out}.")
    assert "Qué entregó marketing" in out.read_text(encoding="utf-8")


def test_a_digest_of_another_kind_is_refused_before_anything_is_counted(company: Path) -> None:
    said = run_command("report", "digest", "-c", company, "-o", "week.docx")
    assert (said.code, said.err.strip()) == (
        1,
        "'week.docx' has no ending that a digest can have; use .html or .pdf",
    )


def test_reports_of_a_store_that_nothing_was_imported_into_say_what_to_do(trained: Path, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    shutil.copytree(trained, folder, ignore=shutil.ignore_patterns("mlartifacts", "leadsift.db*"))
    said = run_command("report", "grid", "-c", folder / "leadsift.toml")
    assert said.code == 1
    assert "do not follow the whole store yet; run `leadsift import`" in said.err
