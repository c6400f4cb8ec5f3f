"""The whole service is killed again and again under writing clients; no acknowledged write is lost, none done twice."""

from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing
from random import Random
from threading import Event

import pytest

from features.store import Store
from tests.faults.caller import Caller
from tests.faults.life import Life, Tally
from tests.faults.reliability import Note
from tests.faults.running_service import RunningService
from tests.faults.scale import Scale
from tests.faults.sound_store import check_sound, counts

CLIENTS = 6
SEED = 20_260_301
WORKERS = (1, 1, 2)  # drawn from
WHILE_STARTING = 0.2  # of the kills; all others come while it serves
STARTING_S, SERVING_S = 2.0, 1.0


class Clients:
    """CRMs that tell lives until they are halted; each ends the one it is at."""

    def __init__(self, port: int, secret: str) -> None:
        self.finished: list[Life] = []
        self.over, self._halted = Event(), Event()
        self._threads = ThreadPoolExecutor(CLIENTS)
        self._running = [self._threads.submit(self._tell, number, port, secret) for number in range(CLIENTS)]

    def look(self, seconds: float) -> None:
        """Wait a while; raises what went wrong with any of them."""
        done, _ = wait(self._running, timeout=seconds, return_when=FIRST_EXCEPTION)
        for each in done:
            each.result()

    def end(self) -> Tally:
        """Let them end their lives, and give what they did."""
        self.over.set()
        return sum((each.result() for each in self._running), Tally())

    def halt(self) -> None:
        """Make them give up."""
        self.over.set()
        self._halted.set()
        self._threads.shutdown()

    def _tell(self, number: int, port: int, secret: str) -> Tally:
        chance, tally = Random(f"{SEED}/{number}"), Tally()
        with closing(Caller(port, secret, self._halted)) as caller:
            while not self.over.is_set():
                life = Life(f"client-{number}.{chance.getrandbits(64):x}")
                tally += life.live(caller, chance)
                self.finished.append(life)
        return tally


@pytest.mark.slow
def test_no_acknowledged_write_is_lost_or_done_twice(
    service: RunningService, secret: str, store: Store, scale: Scale, note: Note
) -> None:
    chance, kills, checked = Random(SEED), 0, 0
    clients = Clients(service.settings.port, secret)
    try:
        while kills < scale.kills:
            service.start(workers=chance.choice(WORKERS))
            if chance.random() < WHILE_STARTING:
                clients.look(chance.uniform(0, STARTING_S))
            else:
                service.wait()
                clients.look(chance.uniform(0, SERVING_S))
                checked = _check(store, clients.finished, checked)
            service.kill()
            kills += 1
            scale.say(f"{kills} kills, {len(clients.finished)} lives")
        service.start()
        tally = clients.end()
        service.stop()
    finally:
        clients.halt()
    lives = clients.finished
    _check(store, lives, 0)
    _check_totals(store, lives)
    assert tally.again > 0
    note(
        what="kill -9 of the whole service under writing clients",
        found=f"{kills} kills: {tally.writes:,} writes acknowledged, 0 lost, 0 done twice, integrity clean",
        bound="none lost, none twice, integrity clean",
        how=(
            f"{CLIENTS} clients; {tally.again:,} writes were sent more than once, of which {tally.done_already:,} had "
            f"been done before the kill and got their first answer; {tally.late:,} acknowledged ones came once more"
        ),
    )


def _check(store: Store, lives: list[Life], first: int) -> int:
    """Check the lives from the `first` on, and the whole store; give how many lives there are."""
    end = len(lives)
    with store.reading() as connection:
        check_sound(connection)
        for life in lives[first:end]:
            life.check(connection)
    return end


def _check_totals(store: Store, lives: list[Life]) -> None:
    there = [life for life in lives if not life.erased]
    with store.reading() as connection:
        found = counts(connection)
    assert found["leads"] == len(there)
    assert found["lead_changes"] == sum(len(life.changes) for life in there)
    assert found["events"] == sum(len(life.event_ids) for life in there)
    assert found["outcomes"] == sum(len(life.outcomes) for life in there)
    assert found["erased_leads"] == len(lives) - len(there)
