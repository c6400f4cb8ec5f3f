"""What is learned from the store: each lead as it was known at its hand-over."""

from datetime import UTC, datetime, timedelta

import pytest

from features.attributes import Kind
from features.config import Config
from features.errors import DataError
from features.labels import label_leads
from features.sources import read_training_tables
from features.store import Store
from features.store.events import StoredEvent, add_events
from features.store.leads import put_lead
from features.store.outcomes import Decision, add_decisions
from features.tables import Tables
from tests.features.sources.conftest import Folder, details

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def config(folder: Folder, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("LEADSIFT_STORE_URL", store_url)
    return folder.config("")


def put(
    store: Store, lead_id: str, attributes: dict[str, object], at: datetime, handed_over_at: datetime | None = NOW
) -> None:
    with store.writing() as connection:
        put_lead(
            connection,
            lead_id,
            attributes,  # type: ignore[arg-type]
            handed_over_at=handed_over_at,
            owner=None,
            now=at,
        )


def known(tables: Tables, attribute: str = "x") -> dict[str, object]:
    return dict(zip(tables.leads["lead_id"], tables.leads[f"attr:{attribute}"], strict=True))


def test_a_change_after_the_hand_over_does_not_reach_training(config: Config, store: Store) -> None:
    put(store, "a", {"x": 1}, NOW - 2 * DAY, handed_over_at=None)
    put(store, "a", {"x": 2}, NOW - DAY)
    put(store, "a", {"x": 3}, NOW)
    put(store, "a", {"x": 4, "won": "yes"}, NOW + timedelta(microseconds=1))
    tables = read_training_tables(config)
    assert known(tables) == {"a": 3.0}
    assert [each.name for each in tables.attributes] == ["x"]


def test_a_lead_that_came_after_its_hand_over_is_known_as_it_came(config: Config, store: Store) -> None:
    put(store, "a", {"x": 1}, NOW + DAY)
    put(store, "a", {"x": 2}, NOW + 2 * DAY)
    assert known(read_training_tables(config)) == {"a": 1.0}


def test_leads_that_were_not_handed_over_are_left_out_with_all_they_did(config: Config, store: Store) -> None:
    put(store, "a", {"x": 1}, NOW)
    put(store, "b", {"x": 2}, NOW, handed_over_at=None)
    with store.writing() as connection:
        add_events(connection, [StoredEvent(each, each, "visit", NOW) for each in ("a", "b")], NOW)
        add_decisions(connection, [Decision(each, "sql", "fits", NOW) for each in ("a", "b")], NOW)
    tables = read_training_tables(config)
    assert tables.leads["lead_id"].to_list() == ["a"]
    assert tables.events.rows() == [("a", NOW, "visit", None)]
    assert tables.outcomes is not None
    assert tables.outcomes.rows() == [("a", NOW, "sql", "fits")]
    assert tables.known_until == NOW


def test_leads_stand_in_the_order_in_which_they_came_and_arrive_by_their_hand_over(
    config: Config, store: Store
) -> None:
    for lead_id, days in (("z", 1), ("m", 3), ("a", 3)):
        put(store, lead_id, {"x": days}, NOW, handed_over_at=NOW - days * DAY)
    put(store, "z", {"x": 9}, NOW + DAY, handed_over_at=NOW - DAY)
    leads = read_training_tables(config).leads
    assert leads["lead_id"].to_list() == ["z", "m", "a"]
    assert leads["arrival"].to_list() == [2, 0, 1]


def test_kinds_are_found_as_in_files(config: Config, store: Store) -> None:
    attributes = {"n": 1, "f": True, "day": "2026-03-01", "zip": "0280x"}
    put(store, "a", attributes, NOW)
    put(store, "b", attributes | {"n": 2.5, "f": False, "day": "2026-03-02T10:00:00+02:00"}, NOW)
    tables = read_training_tables(config)
    found = {each.name: each.kind for each in tables.attributes}
    assert found == {"n": Kind.NUMBER, "f": Kind.FLAG, "day": Kind.DATE, "zip": Kind.CATEGORY}
    assert known(tables, "day")["b"] == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_the_config_says_what_is_learned_from(folder: Folder, store: Store, config: Config) -> None:
    put(store, "a", {"x": 1, "y": 2, "secret": 3}, NOW)
    with store.writing() as connection:
        happened = [StoredEvent("1", "a", "visit", NOW), StoredEvent("2", "a", "deal won", NOW)]
        add_events(connection, happened, NOW)
    assert len(read_training_tables(config).attributes) == 3
    toml = '[leads]\nexclude = ["secret", "gone"]\n[events]\nexclude = ["deal won"]\n[features]\nengagement = ["y"]'
    tables = read_training_tables(folder.config(toml))
    assert [(each.name, each.side.value) for each in tables.attributes] == [("y", "engagement"), ("x", "fit")]
    assert tables.events["type"].to_list() == ["visit"]
    assert details(tables.notes, "unused") == ["the store: 1 events of types that [events] exclude names are left out"]


def test_a_store_without_a_lead_that_was_handed_over_says_how_to_fill_it(config: Config, store: Store) -> None:
    put(store, "a", {"x": 1}, NOW, handed_over_at=None)
    with pytest.raises(
        DataError, match="the store: holds no lead that was handed over; fill it with `leadsift import`"
    ):
        read_training_tables(config)


def test_what_is_wrong_is_said_with_the_lead(config: Config, store: Store) -> None:
    put(store, "a", {"employees": 3}, NOW)
    put(store, "b/7", {"employees": -4}, NOW)
    with pytest.raises(DataError) as caught:
        read_training_tables(config)
    assert str(caught.value).startswith("the store, lead 'b/7', column 'employees': '-4' is below 0")


def test_a_file_that_is_named_beside_the_store_is_told_not_to_be_read(
    folder: Folder, config: Config, store: Store
) -> None:
    put(store, "a", {"x": 1}, NOW)
    assert details(read_training_tables(config).notes, "unused") == []
    toml = '[events]\nfile = "e.csv"\nlead_id = "a"\noccurred_at = "b"\ntype = "c"'
    notes = read_training_tables(folder.config(toml)).notes
    told = ["e.csv is not read: leads come from the store, and so does what [events] tells"]
    assert details(notes, "unused") == told


def test_the_horizon_holds_as_it_does_for_files(config: Config, store: Store) -> None:
    for number, days in enumerate((200, 200, 200, 5)):
        put(store, str(number), {"x": 1}, NOW - 300 * DAY, handed_over_at=NOW - days * DAY)
    with store.writing() as connection:
        decisions = [("0", "sql", 190), ("1", "sql", 100), ("3", "sql", 4)]
        add_decisions(connection, [Decision(lead, word, None, NOW - days * DAY) for lead, word, days in decisions], NOW)
        add_events(connection, [StoredEvent("1", "3", "visit", NOW)], NOW)
    labels = label_leads(read_training_tables(config), 90)
    assert labels.fate.to_list() == ["sql", "not_sql", "unworked", "young"]
