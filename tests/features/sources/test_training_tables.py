"""All files together: every problem of every file at once, and files that are not what they should be."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from features.config import load_config
from features.labels import label_leads
from features.simulation import simulate, write_company
from features.sources import read_training_tables
from tests.features.sources.conftest import LABEL, LEADS, TIMED, Folder

ALL = (
    TIMED.replace(LABEL, "")
    + """
[events]
file = "events.csv"
lead_id = "who"
occurred_at = "when"
type = "what"

[outcomes]
file = "outcomes.csv"
lead_id = "who"
decided_at = "when"
outcome = "result"
"""
)


def test_the_problems_of_all_files_are_said_together(folder: Folder) -> None:
    folder.write("leads.csv", "id,at,employees\na,2026-01-01,-4\na,soon,2\n")
    folder.write("events.csv", "who,when,what\nz,2026-01-01 10:00,download\n")
    folder.write("outcomes.csv", "who,when,result\na,2026-01-05,maybe\n")
    assert [line.partition(":")[0] for line in folder.problems(ALL)] == [
        "leads.csv, row 3, column 'id'",
        "leads.csv, row 3, column 'at'",
        "leads.csv, row 2, column 'employees'",
        "events.csv, row 2, column 'who'",
        "outcomes.csv, row 2, column 'result'",
    ]


def test_a_file_that_cannot_be_read_does_not_hide_the_problems_of_the_others(folder: Folder) -> None:
    folder.write("leads.csv", "")
    folder.write("events.csv", "who,when,what\na,soon,download\n")
    problems = folder.problems(ALL)
    assert problems[0].startswith("leads.csv: is empty")
    assert problems[1].startswith("events.csv, row 2, column 'when': 'soon' is not a date")
    assert problems[2] == f"outcomes.csv: is not there (looked for in {folder.path}); check the path"


def test_leads_without_their_id_column_do_not_make_all_events_unknown(folder: Folder) -> None:
    folder.write("leads.csv", "ident,at,x\na,2026-01-01,1\nb,2026-01-02,2\n")
    folder.write("events.csv", "who,when,what\na,2026-01-01 10:00,download\n")
    folder.write("outcomes.csv", "who,when,result\na,2026-01-05,sql\n")
    assert folder.problems(ALL) == [
        "leads.csv: 'id' is not a column of the file, though [leads] id names it; did you mean 'ident'?"
    ]


def test_a_folder_is_no_file(folder: Folder) -> None:
    (folder.path / "leads.csv").mkdir()
    assert folder.problems(LEADS) == [
        f"leads.csv: is a folder, not a file (looked for in {folder.path}); check the path"
    ]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_the_sample_company_is_read_alike_from_both_formats(tmp_path: Path, suffix: str) -> None:
    write_company(simulate(leads=600, events_per_lead=3, seed=3), tmp_path)
    expected = read_training_tables(load_config(tmp_path / "leadsift.toml"))
    for name in ("leads", "events", "outcomes"):
        table = pl.read_parquet(tmp_path / f"{name}.parquet")
        if suffix == ".csv":
            table.write_csv(tmp_path / f"{name}.csv")
    toml = (tmp_path / "leadsift.toml").read_text().replace(".parquet", suffix)
    (tmp_path / "other.toml").write_text(toml)
    tables = read_training_tables(load_config(tmp_path / "other.toml"))
    assert_frame_equal(tables.leads, expected.leads)
    assert_frame_equal(tables.events, expected.events)
    assert tables.outcomes is not None
    assert expected.outcomes is not None
    assert_frame_equal(tables.outcomes, expected.outcomes)
    assert tables.attributes == expected.attributes
    assert tables.known_until == expected.known_until


def test_the_sample_company_has_leads_of_every_fate(tmp_path: Path) -> None:
    write_company(simulate(leads=600, events_per_lead=3, seed=3), tmp_path)
    summary = label_leads(read_training_tables(load_config(tmp_path / "leadsift.toml")), 90).summary
    assert summary["leads"] == 600
    assert min(summary[fate] for fate in ("sql", "not_sql", "young", "unworked")) > 0
