"""The examples fit the public files they are for, as they are and as their authors give them out."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from features.config import load_config
from features.sources import read_scoring_tables, read_training_tables
from features.tables import Tables

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*/*.toml"))
SHARED = ROOT.parent / "shared" / "data"
ADDED = ["row_order", "contact_month", "contact_date"]  # columns that the authors' own files do not have


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_example_is_a_valid_config(example: Path) -> None:
    config = load_config(example)
    assert config.leads.file is not None
    assert config.leads.file.name in (example.parent / "README.md").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_example_reads_its_file_with_and_without_the_added_columns(example: Path, tmp_path: Path) -> None:
    file = load_config(example).leads.file
    assert file is not None
    source = SHARED / example.parent.name / file.name
    if not source.exists():
        pytest.skip(f"{source.name} is not beside the project")
    shutil.copy(example, tmp_path / "leadsift.toml")
    shutil.copy(source, tmp_path / file.name)
    tables = read(tmp_path)
    original = pl.read_csv(source, infer_schema=False).drop(ADDED, strict=False)
    original.write_csv(tmp_path / file.name, separator=";", quote_style="non_numeric")
    assert read(tmp_path).leads.equals(tables.leads)
    assert tables.leads["label"].null_count() == 0
    assert tables.leads["label"].n_unique() == 2


def read(folder: Path) -> Tables:
    config = load_config(folder / "leadsift.toml")
    tables = read_training_tables(config)
    assert config.leads.file is not None
    to_score = read_scoring_tables(config, config.leads.file, None, tables.attributes, datetime.now(UTC))
    assert to_score.leads.select("^attr:.*$").equals(tables.leads.select("^attr:.*$"))
    return tables
