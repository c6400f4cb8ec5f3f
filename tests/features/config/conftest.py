"""Configs written and read in a folder of their own, without the settings of this machine's environment."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from features.config import Config, load_config
from features.errors import DataError


@dataclass(frozen=True)
class Written:
    """The place of a leadsift.toml."""

    path: Path

    def config(self, toml: str | bytes) -> Config:
        """Write the file and read it."""
        self.path.write_bytes(toml.encode() if isinstance(toml, str) else toml)
        return load_config(self.path)

    def problems(self, toml: str | bytes) -> list[str]:
        """Give the lines that reading ends with."""
        with pytest.raises(DataError) as caught:
            self.config(toml)
        return [problem.line() for problem in caught.value.problems]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    """Give the place of a leadsift.toml."""
    for variable in [each for each in os.environ if each.startswith("LEADSIFT_")]:
        monkeypatch.delenv(variable)
    return Written(tmp_path / "leadsift.toml")
