"""A store of each kind, the small model ready for it, and a lead in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from features.store import Store
from features.store.events import StoredEvent, add_events
from features.store.leads import put_lead
from features.store.schema import lead_changes, leads
from serving.live.live_model import LiveModel
from serving.model.scoring import Blend
from tests.serving.conftest import AS_OF, SmallModel

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)

Put = Callable[..., None]
Happened = Callable[..., None]


@pytest.fixture(scope="session")
def live(small: SmallModel) -> LiveModel:
    """Give the small model, as version 1, ready for stored leads."""
    return LiveModel(replace(small.model, version="1"), UTC)


@pytest.fixture(scope="session")
def newer(small: SmallModel) -> LiveModel:
    """Give another version, which weighs the parts otherwise."""
    return LiveModel(replace(small.model, version="2", blend=Blend(0.1, 0.5, 0.4)), UTC)


@pytest.fixture
def company(store: Store, small: SmallModel) -> Store:
    """Give a store with all leads and events that the small model was fitted on, handed over at AS_OF."""
    fill(store, small)
    return store


def fill(store: Store, small: SmallModel) -> None:
    """Write all leads and events that the small model was fitted on, as if they came one by one."""
    known: dict[str, Any] = {"handed_over_at": AS_OF, "owner": None, "changed_at": AS_OF}
    rows = [{"lead_id": row["lead_id"], "attributes": _attributes(row)} for row in small.leads.iter_rows(named=True)]
    with store.writing() as connection:
        connection.execute(insert(leads), [row | known | {"created_at": AS_OF} for row in rows])
        connection.execute(insert(lead_changes), [row | known for row in rows])
        add_events(connection, [StoredEvent(str(at), *row) for at, row in enumerate(_events(small))], AS_OF)


def _attributes(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name.removeprefix("attr:"): _kept(name, value) for name, value in row.items() if "attr:" in name}
    return {name: value for name, value in kept.items() if value is not None}


def _kept(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return bool(value) if name == "attr:opted in" and value is not None else value


def _events(small: SmallModel) -> list[tuple[Any, ...]]:
    return small.events.select("lead_id", "type", "occurred_at", "content").rows()


@pytest.fixture
def put(store: Store) -> Put:
    """Give what puts a lead, handed over at NOW unless said otherwise."""

    def put(lead_id: str = "a", at: datetime = NOW, handed_over_at: datetime | None = NOW, **attributes: Any) -> None:
        with store.writing() as connection:
            put_lead(connection, lead_id, attributes, handed_over_at=handed_over_at, owner="Ada", now=at)

    return put


@pytest.fixture
def did(store: Store) -> Happened:
    """Give what adds an event of a lead that happened, and arrived, at a moment."""

    def did(lead_id: str, kind: str, at: datetime, arrived_at: datetime | None = None, content: str = "g") -> None:
        event = StoredEvent(f"{lead_id}/{kind}/{at.isoformat()}", lead_id, kind, at, content)
        with store.writing() as connection:
            assert add_events(connection, [event], arrived_at or at).added == 1

    return did
