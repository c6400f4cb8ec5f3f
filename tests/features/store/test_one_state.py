"""What is read in one block is one state of the store, whoever writes meanwhile."""

from datetime import UTC, datetime

from features.store import Store
from features.store.erasure import erase_lead
from features.store.leads import find_lead, put_lead

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_lead_that_is_erased_meanwhile_is_there_to_the_end_of_the_block(store: Store) -> None:
    with store.writing() as connection:
        put_lead(connection, "a", {}, handed_over_at=None, owner=None, now=NOW)
    with store.reading() as connection:
        first = find_lead(connection, "a")
        with store.writing() as other:
            assert erase_lead(other, "a", NOW)
        assert find_lead(connection, "a") == first
    with store.reading() as connection:
        assert find_lead(connection, "a") is None
