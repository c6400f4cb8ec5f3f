"""All contents that events name are found, whoever took them."""

from datetime import UTC, datetime, timedelta

from features.store import Store
from features.store.events import StoredEvent, add_events
from features.store.known_contents import KnownContent, known_contents
from features.store.leads import put_lead

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def took(store: Store, *events: tuple[str, str, str | None, int]) -> None:
    """Let leads take contents: lead, type, content and how many days ago."""
    sent = [
        StoredEvent(f"e{place}", lead_id, kind, NOW - days * DAY, content)
        for place, (lead_id, kind, content, days) in enumerate(events)
    ]
    with store.writing() as connection:
        for lead_id in {each.lead_id for each in sent}:
            put_lead(connection, lead_id, {}, handed_over_at=None, owner=None, now=NOW)
        add_events(connection, sent, NOW)


def known(store: Store, most: int = 100) -> list[KnownContent]:
    with store.reading() as connection:
        return known_contents(connection, most)


def test_a_content_is_known_with_its_first_and_last_moment_and_the_kind_of_the_first(store: Store) -> None:
    took(
        store,
        ("a", "click", "guide", 3),
        ("b", "download", "guide", 9),
        ("b", "page_view", None, 5),
        ("b", "page_view", "año nuevo", 2),
        ("a", "page_view", "guide", 1),
        ("a", "page_view", "", 4),
    )
    found = {each.name: each for each in known(store)}
    assert found == {
        "": KnownContent("", "page_view", NOW - 4 * DAY, NOW - 4 * DAY),
        "año nuevo": KnownContent("año nuevo", "page_view", NOW - 2 * DAY, NOW - 2 * DAY),
        "guide": KnownContent("guide", "download", NOW - 9 * DAY, NOW - DAY),
    }


def test_a_store_without_contents_knows_none(store: Store) -> None:
    assert known(store) == []
    took(store, ("a", "page_view", None, 1))
    assert known(store) == []


def test_no_more_are_given_than_asked_for(store: Store) -> None:
    took(store, *[("a", "page_view", f"page-{place:02}", 1) for place in range(30)])
    assert [each.name for each in known(store, 3)] == ["page-00", "page-01", "page-02"]
