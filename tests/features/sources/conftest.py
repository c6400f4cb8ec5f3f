"""A folder with a leadsift.toml and its files, for reading them as `leadsift check` would."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from features.config import Config, load_config
from features.errors import DataError
from features.findings import Finding
from features.sources import read_training_tables
from features.tables import Tables

LABEL = 'label = { column = "won", positive = ["yes"] }'
LEADS = f"""
[leads]
file = "leads.csv"
id = "id"
{LABEL}
"""
TIMED = f"""
[company]
timezone = "Europe/Madrid"

[leads]
file = "leads.csv"
id = "id"
handed_over_at = "at"
{LABEL}
"""


@dataclass(frozen=True)
class Folder:
    """The folder of a company."""

    path: Path

    def write(self, name: str, content: str | bytes | pl.DataFrame) -> Path:
        """Write a file; text as UTF-8, a table as Parquet."""
        path = self.path / name
        if isinstance(content, pl.DataFrame):
            content.write_parquet(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def config(self, toml: str) -> Config:
        """Read a config that stands in this folder."""
        return load_config(self.write("leadsift.toml", toml))

    def tables(self, toml: str) -> Tables:
        """Read the tables to train on."""
        return read_training_tables(self.config(toml))

    def attribute(self, cells: list[str], column: str = '"x"', header: str = "x") -> pl.Series:
        """Give one attribute read from CSV cells; `column` is its entry in the config."""
        rows = "".join(f"{at},{'yes' if at == 0 else 'no'},{cell}\n" for at, cell in enumerate(cells))
        self.write("leads.csv", f"id,won,{header}\n{rows}")
        tables = self.tables(f"{LEADS}[features]\nfit = [{column}]")
        return tables.leads[f"attr:{tables.attributes[0].name}"]

    def problems(self, toml: str) -> list[str]:
        """Give the lines that reading the tables ends with."""
        with pytest.raises(DataError) as caught:
            self.tables(toml)
        return [problem.line() for problem in caught.value.problems]

    def attribute_problems(self, cells: list[str], column: str = '"x"', header: str = "x") -> list[str]:
        """Give the lines that reading one attribute ends with."""
        with pytest.raises(DataError) as caught:
            self.attribute(cells, column, header)
        return [problem.line() for problem in caught.value.problems]


def details(notes: tuple[Finding, ...], kind: str) -> list[str]:
    """Give the sentences of the findings of a kind."""
    return [note.detail for note in notes if note.kind == kind]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give an empty folder of a company."""
    return Folder(tmp_path)
