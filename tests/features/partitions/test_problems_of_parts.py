"""What is wrong with a file is said alike, whether it is read whole or in parts."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.attributes import Attribute, Kind, Side
from features.config import Config, load_config
from features.errors import DataError
from features.findings import Finding
from features.partitions import partition_scoring_files, partition_training_files
from features.sources import read_scoring_tables, read_training_tables
from tests.features.partitions.conftest import Small

NOW = datetime(2026, 7, 1, tzinfo=UTC)
SIZE = Attribute("size", Side.FIT, Kind.NUMBER, minimum=0.0)
TOML = """
[company]
timezone = "Europe/Madrid"
[leads]
file = "leads.csv"
id = "id"
handed_over_at = "at"
label = { column = "won", positive = ["yes"] }
[features]
fit = ["size"]
[events]
file = "events.csv"
lead_id = "who"
occurred_at = "when"
type = "what"
event_id = "event"
exclude = ["bounce"]
"""
KEYS = {"who": "lead_id", "when": "occurred_at", "what": "type", "event": "event_id"}
LEADS = ["a", "b", "c", "d", "e", "f"]
Said = tuple[list[str], list[str]]  # the lines of problems, and what the findings say, in the order of the alphabet

event_rows = st.lists(
    st.tuples(
        st.sampled_from([*LEADS, "z", ""]),
        st.sampled_from(["2026-05-01T10:00Z", "2026-05-02", "03/04/2026", "04/13/2026", "soon", "", "2226-01-01"]),
        st.sampled_from(["download", "bounce", ""]),
        st.sampled_from(["1", "2", "3", ""]),
    ),
    min_size=1,
    max_size=40,
)


def silent(step: str, share: float) -> None:
    """Watch no progress."""


def write(folder: Path, rows: list[tuple[str, str, str, str]], size: str) -> Config:
    leads = [f"{lead},2026-06-01T10:00Z,{'yes' if lead == 'a' else 'no'},{size}" for lead in LEADS]
    (folder / "leads.csv").write_text("\n".join(["id,at,won,size", *leads, ""]))
    (folder / "events.csv").write_text("\n".join(["who,when,what,event", *(",".join(row) for row in rows), ""]))
    (folder / "leadsift.toml").write_text(TOML)
    return load_config(folder / "leadsift.toml")


def said(read: Callable[[], tuple[Finding, ...]]) -> Said:
    try:
        return [], sorted(note.detail for note in read())
    except DataError as error:
        return [problem.line() for problem in error.problems], []


def train_whole(config: Config) -> Said:
    return said(lambda: read_training_tables(config).notes)


def train_in_parts(config: Config) -> Said:
    return said(lambda: partition_training_files(config, config.root / "parts", silent).notes)


def score_whole(config: Config) -> Said:
    files = config.root / "leads.csv", config.root / "events.csv"
    return said(lambda: read_scoring_tables(config, *files, [SIZE], NOW).notes)


def score_in_parts(config: Config) -> Said:
    files, folder = (config.root / "leads.csv", config.root / "events.csv"), config.root / "parts"
    return said(lambda: partition_scoring_files(config, *files, [SIZE], now=NOW, folder=folder, progress=silent).notes)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=event_rows, size=st.sampled_from(["3", "-3"]))
def test_problems_and_findings_are_those_of_reading_whole(
    rows: list[tuple[str, str, str, str]], size: str, small_parts: Small, tmp_path: Path
) -> None:
    small_parts(2, 5, 4)
    config = write(tmp_path, rows, size)
    assert train_in_parts(config) == train_whole(config)
    assert score_in_parts(config) == score_whole(config)


def test_of_many_bad_rows_the_first_are_shown_and_the_rest_counted(small_parts: Small, tmp_path: Path) -> None:
    small_parts(2, 5, 4)
    config = write(tmp_path, [(LEADS[at % 6], "soon", "download", str(at)) for at in range(20)], "3")
    lines = [line.partition(";")[0] for line in train_in_parts(config)[0]]
    column = "column 'when'"
    assert lines == [
        *(f"events.csv, row {row}, {column}: 'soon' is not a date" for row in range(2, 7)),
        f"events.csv, {column}: and 15 more rows like this",
    ]


@pytest.mark.parametrize("missing", ["who", "when", "what", "event"])
def test_a_column_that_is_missing_is_said_once(small_parts: Small, tmp_path: Path, missing: str) -> None:
    small_parts(2, 5, 4)
    config = write(tmp_path, [("a", "2026-05-01", "download", str(at)) for at in range(9)], "3")
    file = tmp_path / "events.csv"
    file.write_text(file.read_text().replace(missing, "other", 1))
    lines, _ = train_in_parts(config)
    assert [line.partition(";")[0] for line in lines] == [
        f"events.csv: {missing!r} is not a column of the file, though [events] {KEYS[missing]} names it"
    ]
