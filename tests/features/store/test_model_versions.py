"""The store's versions are those that were told last, with all that was ever told of each."""

from datetime import UTC, datetime, timedelta

from features.store import Store
from features.store.model_versions import ModelVersion, Status, all_versions, keep_versions

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
FIRST = ModelVersion("9", NOW, Status.CHAMPION, NOW, "ana", "better", {"roc_auc": 0.8}, {"leads": 10})
SECOND = ModelVersion("10", NOW + timedelta(days=1), Status.CHALLENGER)


def kept(store: Store, *versions: ModelVersion) -> list[ModelVersion]:
    with store.writing() as connection:
        keep_versions(connection, versions)
    with store.reading() as connection:
        return all_versions(connection)


def test_the_newest_comes_first_and_a_version_that_is_gone_goes(store: Store) -> None:
    assert kept(store, FIRST, SECOND) == [SECOND, FIRST]
    assert kept(store, SECOND) == [SECOND]
    assert kept(store) == []


def test_what_becomes_of_a_version_replaces_what_was_and_its_quality_stays(store: Store) -> None:
    kept(store, FIRST)
    taken_back = ModelVersion("9", NOW, Status.TAKEN_BACK, NOW, "ben", "complaints", {"roc_auc": 0.5})
    (version,) = kept(store, taken_back)
    assert (version.status, version.who, version.why) == (Status.TAKEN_BACK, "ben", "complaints")
    assert (version.quality, version.changes) == ({"roc_auc": 0.8}, {"leads": 10})


def test_a_version_that_comes_to_serve_again_has_the_changes_of_that(store: Store) -> None:
    kept(store, FIRST)
    again = ModelVersion("9", NOW, Status.CHAMPION, NOW, "ben", "by hand", None, {"leads": 20})
    assert kept(store, again)[0].changes == {"leads": 20}


def test_what_is_too_long_is_cut_rather_than_lost(store: Store) -> None:
    (version,) = kept(store, ModelVersion("1", NOW, Status.EARLIER, who="w" * 300, why="y" * 900))
    assert (len(version.who or ""), len(version.why or "")) == (200, 500)
