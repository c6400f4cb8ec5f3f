"""Is the store up, and what is in it for those who run the service: looked at every few seconds, by each worker."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread

import structlog
from sqlalchemy import Connection

from features.errors import StoreError
from features.store import Store
from features.store.ledger import NewestRow, newest_row
from features.store.outbox import Queue, queue
from features.store.rescores import last_finished
from serving.http.metrics import Figure

LOOK_EVERY_S = 5.0
STALE_S = 12.0  # an answer that took so long to come may never come
FIRST_LOOK_S = 3.0  # how long a worker that starts waits to know; it then starts all the same


@dataclass(frozen=True)
class _Seen:
    """What a look found; `at_s` is when, on the watch's own clock."""

    at_s: float
    queue: Queue
    rescored_at: datetime | None
    newest_row: NewestRow | None


class StoreWatch:
    """Looks from a thread of its own, which a silent store may hold up for as long as it likes.

    `now` is the service's clock, `now_s` one that never goes back.
    """

    def __init__(self, store: Store, now: Callable[[], datetime], now_s: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._now = now
        self._now_s = now_s
        self._seen: _Seen | None = None
        self._is_down = False
        self._ended = Event()
        self._thread: Thread | None = None

    @property
    def is_up(self) -> bool:
        """Say whether the store answered lately."""
        return self._lately() is not None

    def start(self) -> None:
        """Look now, and again every few seconds until `stop`; come back when it answered, or soon."""
        looked, self._ended = Event(), Event()
        self._thread = Thread(target=self._follow, args=(looked, self._ended), name="store-watch", daemon=True)
        self._thread.start()
        looked.wait(FIRST_LOOK_S)

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(FIRST_LOOK_S)

    def look(self) -> None:
        """Look once. When the store goes down or comes back, the log tells."""
        try:
            with self._store.reading() as connection:
                self._seen = self._look(connection)
            self._turn(is_down=False)
        except StoreError as error:
            self._seen = None
            self._turn(is_down=True, why=str(error))

    def figures(self) -> Iterator[Figure]:
        """Give what to show of the store; of one that is down, that alone."""
        seen = self._lately()
        yield Figure("leadsift_store_up", "1 while the store answers.", float(seen is not None))
        if seen is not None:
            yield from _figures(seen, self._now())

    def _look(self, connection: Connection) -> _Seen:
        found = queue(connection), last_finished(connection), newest_row(connection)
        return _Seen(self._now_s(), *found)

    def _lately(self) -> _Seen | None:
        seen = self._seen
        return seen if seen is not None and self._now_s() - seen.at_s < STALE_S else None

    def _turn(self, *, is_down: bool, **why: str) -> None:
        if is_down == self._is_down:
            return
        self._is_down = is_down
        say = structlog.get_logger()
        (say.error if is_down else say.info)("store down" if is_down else "store up again", **why)

    def _follow(self, looked: Event, ended: Event) -> None:
        while not ended.is_set():
            self.look()
            looked.set()
            ended.wait(LOOK_EVERY_S)


def _figures(seen: _Seen, now: datetime) -> Iterator[Figure]:
    waits_s = (now - (seen.queue.oldest_at or now)).total_seconds()
    yield Figure("leadsift_webhooks_waiting", "Webhook messages that wait to be delivered.", seen.queue.waiting)
    yield Figure("leadsift_webhooks_oldest_waiting_seconds", "How long the oldest of them waits.", waits_s)
    yield Figure("leadsift_webhooks_given_up", "Webhook messages that were given up.", seen.queue.given_up)
    if seen.rescored_at is not None:
        age_s = (now - seen.rescored_at).total_seconds()
        yield Figure("leadsift_rescore_age_seconds", "Since `leadsift rescore` last came to its end.", age_s)
    if seen.newest_row is not None:
        age_s = (now - seen.newest_row.recorded_at).total_seconds()
        yield Figure("leadsift_ledger_newest_row", "The ledger's newest row: grows by each score.", seen.newest_row.id)
        yield Figure("leadsift_ledger_age_seconds", "Since a score was last written to the ledger.", age_s)
