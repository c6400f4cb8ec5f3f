"""What the store said is remembered for seconds, and for a while longer where the store is down."""

import asyncio
import threading

import pytest

from features.errors import StoreError
from serving.http import remembered
from serving.http.remembered import FRESH_S, GRACE_S, Remembered
from tests.serving.http.clock import Clock


class Asked:
    """A store that can be made to fail, and counts how often it is asked."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {"a": "A", "b": "B", "c": "C"}
        self.times = 0
        self.down = False

    def __call__(self, key: str) -> str | None:
        """Give a value, or fail where told to."""
        self.times += 1
        if self.down:
            raise StoreError("down")
        return self.values.get(key)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_store_is_asked_once_while_the_answer_is_fresh(asked: Asked, clock: Clock) -> None:
    memory = Remembered(asked, clock)
    assert [asyncio.run(memory.get("a")) for _ in range(5)] == ["A"] * 5
    assert asked.times == 1
    asked.values["a"] = "changed"
    clock.now_s += FRESH_S
    assert asyncio.run(memory.get("a")) == "changed"


def test_that_there_is_no_such_thing_is_not_remembered(asked: Asked, clock: Clock) -> None:
    memory = Remembered(asked, clock)
    assert asyncio.run(memory.get("new")) is None
    asked.values["new"] = "N"
    assert asyncio.run(memory.get("new")) == "N"


def test_what_is_gone_is_forgotten(asked: Asked, clock: Clock) -> None:
    memory = Remembered(asked, clock)
    asyncio.run(memory.get("a"))
    del asked.values["a"]
    clock.now_s += FRESH_S
    assert asyncio.run(memory.get("a")) is None
    asked.down = True
    with pytest.raises(StoreError):
        asyncio.run(memory.get("a"))


def test_a_known_answer_is_good_while_the_store_is_down_but_not_for_ever(asked: Asked, clock: Clock) -> None:
    memory = Remembered(asked, clock)
    asyncio.run(memory.get("a"))
    asked.down = True
    clock.now_s += GRACE_S - 1
    assert asyncio.run(memory.get("a")) == "A"
    clock.now_s += 2
    with pytest.raises(StoreError, match="did not answer"):
        asyncio.run(memory.get("a"))


def test_a_store_that_is_down_is_not_asked_again_at_once(asked: Asked, clock: Clock) -> None:
    asked.down = True
    memory = Remembered(asked, clock)
    for _ in range(5):
        with pytest.raises(StoreError):
            asyncio.run(memory.get("a"))
    assert asked.times == 1
    asked.down = False
    clock.now_s += FRESH_S
    assert asyncio.run(memory.get("a")) == "A"


def test_a_store_that_is_silent_counts_as_down(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "LOOKUP_TIMEOUT_S", 0.01)
    release = threading.Event()

    async def ask() -> None:
        with pytest.raises(StoreError, match="did not answer"):
            await memory.get("a")
        release.set()

    memory: Remembered[str, str] = Remembered(lambda _: str(release.wait()), clock)
    asyncio.run(ask())


def test_many_who_ask_at_once_ask_the_store_once(asked: Asked, clock: Clock) -> None:
    async def ask() -> list[str | None]:
        return await asyncio.gather(*(memory.get("a") for _ in range(50)))

    memory = Remembered(asked, clock)
    assert asyncio.run(ask()) == ["A"] * 50
    assert asked.times == 1


def test_one_who_gives_up_does_not_spoil_it_for_the_others(clock: Clock) -> None:
    release = threading.Event()

    async def ask() -> str | None:
        first, second = (asyncio.ensure_future(memory.get("a")) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        release.set()
        return await second

    memory: Remembered[str, str] = Remembered(lambda key: key.upper() if release.wait() else None, clock)
    assert asyncio.run(ask()) == "A"


def test_only_so_much_is_remembered(asked: Asked, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "REMEMBERED", 2)
    memory = Remembered(asked, clock)
    for key in ("a", "b", "c"):
        asyncio.run(memory.get(key))
    asked.down = True
    clock.now_s += FRESH_S
    with pytest.raises(StoreError):
        asyncio.run(memory.get("a"))
    assert asyncio.run(memory.get("c")) == "C"
