"""Files of the past fill the store, once, and what is learned from it is what the files teach."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from features.catalog import build_catalog, known_event_types
from features.compute import feature_table
from features.config import Config, load_config
from features.errors import DataError
from features.labels import label_leads
from features.simulation import simulate, write_company
from features.sources import read_training_tables
from features.sources.files_to_import import read_files_to_import
from features.store import Store
from features.store import import_tables as importing
from features.store.erased import remember_erasure
from features.store.events import events_of
from features.store.import_tables import Imported, import_tables
from features.store.leads import changes_of, find_lead, put_lead
from features.store.outcomes import outcomes_of
from features.store.past_leads import PutCounts

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TOML = """
[leads]
file = "leads.csv"
id = "id"
handed_over_at = "at"
owner = "who"
[events]
file = "events.csv"
lead_id = "lead"
occurred_at = "at"
type = "type"
content = "content"
event_id = "id"
[outcomes]
file = "outcomes.csv"
lead_id = "lead"
decided_at = "at"
outcome = "word"
reason = "why"
"""
FILES = {
    "leads.csv": "id,at,who,size,zip,ok,born\na,2026-03-01,Ana,12.5,0280x,yes,2020-01-02\nb,2026-03-02,,7,,no,\n",
    "events.csv": (
        "id,lead,at,type,content\n1,a,2026-03-01T10:00:00Z,visit,tour\n"
        "1,a,2026-03-01T10:00:00Z,visit,\n1,b,2026-03-01T10:00:00Z,visit,\n"
    ),
    "outcomes.csv": "lead,at,word,why\na,2026-03-05,sql,fits\nb,,unworked,\n",
}


def config_of(folder: Path, toml: str = TOML, **files: str) -> Config:
    for name, text in (FILES | files).items():
        (folder / name).write_text(text)
    (folder / "leadsift.toml").write_text(toml)
    return load_config(folder / "leadsift.toml")


def bring(store: Store, config: Config, now: datetime = NOW) -> Imported:
    return import_tables(store, read_files_to_import(config, now), now, lambda *_: None)


def test_the_first_touch_comes_in_and_the_earliest_that_is_known_stays(store: Store, tmp_path: Path) -> None:
    toml = TOML.replace('owner = "who"', 'owner = "who"\nfirst_touch_at = "touched"')
    files = {day: f"id,at,who,touched\na,2026-03-01,Ana,2026-03-{day}\nb,2026-03-02,,\n" for day in ("05", "03", "04")}
    for day, kept in (("05", 5), ("03", 3), ("04", 3)):
        bring(store, config_of(tmp_path, toml, **{"leads.csv": files[day]}))
        with store.reading() as connection:
            touched = [find_lead(connection, lead_id) for lead_id in ("a", "b")]
        assert [lead and lead.first_touch_at for lead in touched] == [datetime(2026, 3, kept, tzinfo=UTC), None]


def test_leads_come_in_as_they_were_at_their_hand_over(store: Store, tmp_path: Path) -> None:
    bring(store, config_of(tmp_path))
    with store.reading() as connection:
        a, b = find_lead(connection, "a"), find_lead(connection, "b")
        assert [change.changed_at for change in changes_of(connection, "a")] == [datetime(2026, 3, 1, tzinfo=UTC)]
    assert a is not None
    assert b is not None
    assert a.attributes == {"size": 12.5, "zip": "0280x", "ok": True, "born": "2020-01-02T00:00:00+00:00"}
    assert b.attributes == {"size": 7, "ok": False}
    assert (a.owner, a.handed_over_at, a.outcome) == ("Ana", datetime(2026, 3, 1, tzinfo=UTC), "sql")
    assert (b.owner, b.outcome) == (None, "unworked")


def test_an_events_id_counts_once_for_each_lead(store: Store, tmp_path: Path) -> None:
    done = bring(store, config_of(tmp_path))
    with store.reading() as connection:
        assert [(each.event_id, each.content) for each in events_of(connection, "a")] == [("1", "tour")]
        assert len(events_of(connection, "b")) == 1
    assert (done.events_added, done.events_repeated) == (2, 1)


def test_an_unworked_lead_without_a_time_was_so_at_its_hand_over(store: Store, tmp_path: Path) -> None:
    bring(store, config_of(tmp_path))
    with store.reading() as connection:
        found = [(each.outcome, each.decided_at) for each in outcomes_of(connection, "b")]
    assert found == [("unworked", datetime(2026, 3, 2, tzinfo=UTC))]


def test_a_second_import_changes_nothing(store: Store, tmp_path: Path) -> None:
    first, second = (bring(store, config_of(tmp_path)) for _ in range(2))
    assert (first.leads, first.outcomes_added) == (PutCounts(added=2), 2)
    assert second.leads == PutCounts(same=2)
    assert (second.events_added, second.events_repeated) == (0, 3)
    assert (second.outcomes_added, second.outcomes_repeated) == (0, 2)


def test_a_mended_file_mends_the_lead(store: Store, tmp_path: Path) -> None:
    bring(store, config_of(tmp_path))
    mended = FILES["leads.csv"].replace("12.5", "13")
    assert bring(store, config_of(tmp_path, **{"leads.csv": mended})).leads == PutCounts(changed=1, same=1)
    with store.reading() as connection:
        lead = find_lead(connection, "a")
    assert lead is not None
    assert lead.attributes["size"] == 13


def test_what_the_crm_changed_after_the_hand_over_stays(store: Store, tmp_path: Path) -> None:
    with store.writing() as connection:
        put_lead(connection, "a", {"size": 99}, handed_over_at=None, owner="Eva", now=NOW)
    done = bring(store, config_of(tmp_path))
    assert done.leads == PutCounts(added=1, newer=1)
    assert "1 leads stay as the CRM changed them after their hand-over" in done.lines()
    with store.reading() as connection:
        lead = find_lead(connection, "a")
    assert lead is not None
    assert (lead.attributes, lead.owner) == ({"size": 99}, "Eva")


def test_erased_leads_stay_out_with_all_they_did(store: Store, tmp_path: Path) -> None:
    with store.writing() as connection:
        remember_erasure(connection, "a", NOW)
    done = bring(store, config_of(tmp_path))
    with store.reading() as connection:
        assert find_lead(connection, "a") is None
        assert find_lead(connection, "b") is not None
    assert (done.erased_leads, done.events_added, done.outcomes_added) == (1, 1, 1)
    assert bring(store, config_of(tmp_path)).leads == PutCounts(same=1)


def test_an_import_that_was_cut_short_goes_on(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "EVENTS_AT_ONCE", 1)
    files = read_files_to_import(config_of(tmp_path), NOW)

    def stop(step: str, share: float) -> None:
        if step == "Importing events" and share > 0.2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_tables(store, files, NOW, stop)
    done = bring(store, config_of(tmp_path))
    assert (done.leads, done.events_added, done.outcomes_added) == (PutCounts(same=2), 1, 2)


def test_a_label_becomes_a_decision_at_the_end_of_the_horizon(tmp_path: Path) -> None:
    toml = TOML.partition("[events]")[0].replace("[leads]", '[leads]\nlabel = { column = "won", positive = ["y"] }')
    leads = "id,at,who,won\na,2026-03-01,,y\nb,2026-03-01,,n\nc,2026-03-01,,\nd,2026-08-30,,y\n"
    config = config_of(tmp_path, toml, **{"leads.csv": leads})
    files = read_files_to_import(config, NOW)
    end = datetime(2026, 5, 30, tzinfo=UTC)
    assert files.outcomes.rows() == [("a", end, "sql", None), ("b", end, "rejected", None)]
    assert any("2 labels become decisions" in each.detail and "1 whose" in each.detail for each in files.notes)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('handed_over_at = "at"', 'order = "at"', "[leads] handed_over_at is missing; the store has to know when"),
        ('id = "id"\nhanded', "handed", "[leads] id is missing; the store tells leads apart by their ids"),
        ('file = "leads.csv"\n', "", "[leads] file is missing; name the file of past leads"),
    ],
)
def test_files_that_say_too_little_for_the_store_are_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    toml = TOML.partition("[events]")[0].replace(old, new)
    with pytest.raises(DataError) as refused:
        read_files_to_import(config_of(tmp_path, toml), NOW)
    assert says in str(refused.value)


def test_text_that_the_store_cannot_hold_is_named(tmp_path: Path) -> None:
    files = {"events.csv": FILES["events.csv"].replace("tour", "t" * 501)}
    with pytest.raises(DataError, match=r"events\.csv: 't+…' has 1 cells of more than 500 characters in its content"):
        read_files_to_import(config_of(tmp_path, **files), NOW)


def test_events_of_leads_that_the_file_lacks_are_refused_or_left_out(tmp_path: Path) -> None:
    files = {"events.csv": FILES["events.csv"] + "9,nobody,2026-03-01T10:00:00Z,visit,\n"}
    with pytest.raises(DataError, match="'nobody' is no lead of the leads file"):
        read_files_to_import(config_of(tmp_path, **files), NOW)
    ignoring = TOML.replace('event_id = "id"', 'event_id = "id"\nunknown_leads = "ignore"')
    assert read_files_to_import(config_of(tmp_path, ignoring, **files), NOW).events["lead_id"].to_list() == list("aab")


@pytest.mark.parametrize("ids", [True, False])
def test_the_store_teaches_what_the_files_teach(
    store: Store, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, ids: bool
) -> None:
    write_company(simulate(leads=150, events_per_lead=6, seed=3), tmp_path)
    file = tmp_path / "leadsift.toml"
    if not ids:
        file.write_text(file.read_text().replace("event_id =", "# event_id ="))
    bring(store, load_config(file))
    expected = known_from(load_config(file))
    monkeypatch.setenv("LEADSIFT_LEADS_SOURCE", "store")
    monkeypatch.setenv("LEADSIFT_STORE_URL", store_url)
    found = known_from(load_config(file))
    assert_frame_equal(found[0], expected[0], check_exact=True)
    assert found[1:] == expected[1:]


def known_from(config: Config) -> tuple[Any, ...]:
    """Give the features, and all else that a training rests on."""
    tables = read_training_tables(config)
    catalog = build_catalog(tables.attributes, known_event_types(tables.leads, tables.events))
    features = feature_table(tables.leads, tables.events, catalog)
    fates = label_leads(tables, 90).fate.to_list()
    ids, arrival = tables.leads["lead_id"].to_list(), tables.leads["arrival"].to_list()
    return features, ids, arrival, fates, catalog, tables.known_until, tables.events.height
