"""Leads to score: typed as the model wants them, as of their hand-over or now."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.errors import DataError
from features.sources import read_scoring_tables
from features.tables import Tables
from tests.features.sources.conftest import TIMED, Folder, details

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SIZE = Attribute("size", Side.FIT, Kind.NUMBER, minimum=0.0)
ZIP = Attribute("zip", Side.FIT, Kind.CATEGORY)
EVENTS = """
[events]
file = "events.csv"
lead_id = "who"
occurred_at = "when"
type = "what"
"""


def score(
    folder: Folder,
    leads: str | pl.DataFrame,
    events: str | None = None,
    attributes: Sequence[Attribute] = (SIZE, ZIP),
    toml: str = TIMED + EVENTS,
) -> Tables:
    leads_file = folder.write("new.csv" if isinstance(leads, str) else "new.parquet", leads)
    events_file = None if events is None else folder.write("new_events.csv", events)
    return read_scoring_tables(folder.config(toml), leads_file, events_file, attributes, NOW)


def problems(folder: Folder, leads: str, events: str | None = None, toml: str = TIMED + EVENTS) -> list[str]:
    with pytest.raises(DataError) as caught:
        score(folder, leads, events, toml=toml)
    return [problem.line() for problem in caught.value.problems]


def test_kinds_are_those_of_the_model_and_other_columns_are_ignored(folder: Folder) -> None:
    tables = score(folder, "id,size,zip,extra\nb,5,010,p\na,,20,q\n")
    assert tables.leads.to_dicts() == [
        {"lead_id": "b", "as_of": NOW, "arrival": 0, "label": None, "attr:size": 5.0, "attr:zip": "010"},
        {"lead_id": "a", "as_of": NOW, "arrival": 1, "label": None, "attr:size": None, "attr:zip": "20"},
    ]
    assert tables.attributes == (SIZE, ZIP)
    assert tables.outcomes is None
    assert tables.events.height == 0


def test_as_of_is_the_hand_over_where_it_is_known_else_now(folder: Folder) -> None:
    tables = score(folder, "id,at,size,zip\na,2026-05-01T10:00Z,1,x\nb,,1,x\n")
    assert tables.leads["as_of"].to_list() == [datetime(2026, 5, 1, 10, tzinfo=UTC), NOW]


def test_neither_label_nor_its_words_are_looked_at(folder: Folder) -> None:
    assert score(folder, "id,won,size,zip\na,never heard of,1,x\n").leads["label"].to_list() == [None]


def test_an_attribute_that_the_file_lacks_is_named_with_the_nearest(folder: Folder) -> None:
    assert problems(folder, "id,Sizes,ZIP\na,1,x\n") == [
        "new.csv: 'size' is not a column of the file, though the model names it; did you mean 'Sizes'?",
        "new.csv: 'zip' is not a column of the file, though the model names it; did you mean 'ZIP'?",
    ]


def test_cells_that_are_not_of_the_models_kind_or_bounds_are_named(folder: Folder) -> None:
    assert [line.partition(";")[0] for line in problems(folder, "id,size,zip\na,many,x\nb,-3,x\n,4,x\n")] == [
        "new.csv, row 4, column 'id': is missing",
        "new.csv, row 2, column 'size': 'many' is not a number",
        "new.csv, row 3, column 'size': '-3' is below 0, the least that can be",
    ]


def test_a_column_of_which_nothing_is_known_is_missing_throughout(folder: Folder) -> None:
    leads = pl.DataFrame({"id": ["a", "b"], "size": [None, None], "zip": [None, None]})
    tables = score(folder, leads)
    assert tables.leads["attr:size"].dtype == pl.Float64
    assert tables.leads["attr:zip"].dtype == pl.String
    assert tables.leads["attr:size"].null_count() == 2


def test_events_of_other_leads_are_ignored_and_counted(folder: Folder) -> None:
    events = "who,when,what\na,2026-05-01T10:00Z,download\nz,whenever,\n,2026-05-01T10:00Z,download\n"
    tables = score(folder, "id,size,zip\na,1,x\n", events)
    assert tables.events["lead_id"].to_list() == ["a"]
    assert details(tables.notes, "unused") == [
        "new_events.csv: 2 events of leads that are not in the leads file are ignored"
    ]


def test_the_problems_of_both_files_are_said_together(folder: Folder) -> None:
    lines = problems(folder, "id,size,zip\na,many,x\n", "who,when,what\na,soon,download\n")
    assert [line.partition(":")[0] for line in lines] == [
        "new.csv, row 2, column 'size'",
        "new_events.csv, row 2, column 'when'",
    ]


def test_events_without_an_events_section_cannot_be_read(folder: Folder) -> None:
    assert problems(folder, "id,size,zip\na,1,x\n", "who,when,what\n", toml=TIMED) == [
        "new_events.csv: cannot be read: nothing says what its columns are; "
        "name its columns in [events] of the config, or leave the events file out"
    ]


def test_a_file_that_is_not_there_is_said(folder: Folder) -> None:
    with pytest.raises(DataError, match=r"gone\.csv: is not there \(looked for in .*\); check the path"):
        read_scoring_tables(folder.config(TIMED), Path("gone.csv"), None, [], NOW)
