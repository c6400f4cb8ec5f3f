"""The history of champions survives as tags and tells what a rollback goes back to."""

from datetime import UTC, datetime, timedelta

from training.records.champions import Change, ChangeKind, before, moment_after, read_changes, reigns

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def changes(*said: str) -> list[Change]:
    """Give changes from words such as "promote 1"."""
    made: list[Change] = []
    for words in said:
        kind, version = words.split()
        made.append(Change(version, ChangeKind(kind), "Zoë", "better on the newest leads", moment_after(made, NOON)))
    return made


def test_tags_in_any_order_give_back_the_changes_oldest_first() -> None:
    noted = changes("promote 1", "found 2", "promote 10", "rollback 2")
    tags = dict(change.tag() for change in reversed(noted)) | {"team": "growth"}

    assert list(read_changes(tags)) == noted


def test_a_change_is_noted_later_than_all_others_even_where_the_clock_is_behind() -> None:
    noted = changes("promote 1")

    assert moment_after(noted, NOON - timedelta(hours=3)) == NOON + timedelta(microseconds=1)
    assert moment_after(noted, NOON + timedelta(hours=3)) == NOON + timedelta(hours=3)


def test_a_long_reason_is_cut_to_what_a_tag_can_hold() -> None:
    change = Change("1", ChangeKind.PROMOTE, "Zoë", "y" * 100_000, NOON)

    assert len(change.tag()[1]) < 5000
    assert read_changes(dict([change.tag()]))[0].why == "y" * 1000


def test_rollbacks_step_back_through_the_reigns() -> None:
    assert reigns(changes("promote 1", "promote 2", "promote 3", "rollback 2")) == ["1", "2"]
    assert reigns(changes("promote 1", "promote 2", "promote 1", "promote 3", "rollback 1")) == ["1", "2", "1"]
    assert reigns(changes("promote 1", "rollback 7")) == ["1", "7"]


def test_a_champion_that_reigned_twice_is_the_later_one() -> None:
    assert before(["1", "2", "1", "3"], "1") == ["1", "2"]
