"""Everything a CRM and people ask for, mixed and for long: the memory of the service stays flat."""

import os
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from threading import Event

import orjson
import pytest

from features.store import Store
from tests.faults.caller import Answer, Call, Caller
from tests.faults.life import STARTED, Life
from tests.faults.reliability import Note
from tests.faults.running_service import RunningService
from tests.faults.scale import Scale
from tests.faults.sound_store import check_sound

CALLERS = 4
PAUSE_S = 0.02  # of each caller between two calls: the load is mixed and steady, not heavy
LOOK_EVERY_S = 0.5
LEAST_SAMPLES = 3  # one of each third of the time
LEFT_BEHIND_BYTES = 64  # an empty dict: what leaves one behind at each call is found
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
EVENT = {"type": "download", "occurred_at": STARTED.isoformat()}
LEAD = {"lead_id": "a", "attributes": {"sector": "software", "employees": 120}, "events": [EVENT] * 10}
SCORE = Call("POST", "/v1/score", orjson.dumps(LEAD))
READING = [
    Call("GET", "/v1/worklist?capacity=20"),
    Call("GET", "/v1/leads/kept/score"),
    Call("GET", "/v1/leads/kept/history"),
    Call("GET", "/v1/leads/kept"),
    Call("GET", "/v1/model"),
    Call("GET", "/metrics"),
]
BATCH = Call("POST", "/v1/score/batch", orjson.dumps({"leads": [LEAD] * 100}))  # too large to be scored inline


@dataclass(frozen=True)
class Sample:
    """What all processes of the service hold in memory, after so many calls."""

    calls: int
    resident_bytes: int


class Mixed:
    """Callers that do everything, each at its own pace, and how many calls they made."""

    def __init__(self, port: int, secret: str) -> None:
        self.over = Event()
        self._calls = [0] * CALLERS
        self._port, self._secret = port, secret

    @property
    def calls(self) -> int:
        """Give how many calls were answered so far."""
        return sum(self._calls)

    def go_on(self, number: int) -> None:
        """Be one of the callers."""
        chance = Random(number)
        with closing(_Counting(self._port, self._secret, self.over, self._calls, number)) as caller:
            while not self.over.is_set():
                life = Life(f"soak-{number}.{chance.getrandbits(64):x}")
                life.live(caller, chance)
                if not life.erased:
                    assert caller.ask(Call("DELETE", f"/v1/leads/{life.lead_id}")).status == 200
                for call in [*[SCORE] * 10, chance.choice(READING), *[BATCH] * (chance.random() < 0.1)]:
                    answer = caller.ask(call)
                    assert answer.status == 200, (call, answer)


class _Counting(Caller):
    """Counts its calls, and pauses after each."""

    def __init__(self, port: int, secret: str, over: Event, calls: list[int], number: int) -> None:
        super().__init__(port, secret, Event())
        self._over, self._calls, self._number = over, calls, number

    def ask(self, call: Call) -> Answer:
        """Send a call until it is answered, and wait a little."""
        answer = super().ask(call)
        self._calls[self._number] += 1
        self._over.wait(PAUSE_S)
        return answer


@pytest.mark.slow
def test_memory_stays_flat_under_mixed_load(  # noqa: PLR0917 - fixtures come by name
    service: RunningService, secret: str, crm: Caller, store: Store, scale: Scale, note: Note
) -> None:
    service.start()
    service.wait()
    kept = {"attributes": {"employees": 5}, "handed_over_at": STARTED.isoformat()}
    assert crm.ask(Call("PUT", "/v1/leads/kept", orjson.dumps(kept))).status == 201
    mixed, samples = Mixed(service.settings.port, secret), list[Sample]()
    with ThreadPoolExecutor(CALLERS) as threads:
        running = [threads.submit(mixed.go_on, number) for number in range(CALLERS)]
        ends = time.monotonic() + scale.soak_s
        try:
            while (time.monotonic() < ends or len(samples) < LEAST_SAMPLES) and not wait(
                running, LOOK_EVERY_S, FIRST_EXCEPTION
            ).done:
                samples.append(Sample(mixed.calls, sum(map(_resident_bytes, service.pids()))))
                scale.say(f"soak: {samples[-1].calls:,} calls, {samples[-1].resident_bytes / 2**20:.1f} MiB")
        finally:
            mixed.over.set()
    for each in running:
        each.result()
    service.stop()
    with store.reading() as connection:
        check_sound(connection)
    third = len(samples) // 3
    before, after = _middle(samples[third : 2 * third]), _middle(samples[2 * third :])
    left = (after.resident_bytes - before.resident_bytes) / max(1, after.calls - before.calls)
    minutes = scale.soak_s / 60
    note(
        what="soak under mixed load",
        found=(
            f"{minutes:.0f} minutes, {samples[-1].calls:,} calls: {before.resident_bytes / 2**20:.1f} MiB, then "
            f"{after.resident_bytes / 2**20:.1f} MiB, {left:.0f} bytes a call"
        ),
        bound=f"at most {LEFT_BEHIND_BYTES} bytes a call",
        how=(
            f"{CALLERS} callers score, write, read and erase, {samples[-1].calls / scale.soak_s:.0f} calls a second; "
            "the resident memory of all processes together, as medians of the second and of the last third of the time "
            "(the first is for warming up); an empty dict has 64 bytes, so a call that left one behind would be found"
        ),
        met=left <= LEFT_BEHIND_BYTES,
    )
    assert left <= LEFT_BEHIND_BYTES or not scale.is_long, (before, after)


def _middle(samples: Sequence[Sample]) -> Sample:
    return Sample(round(median(each.calls for each in samples)), round(median(each.resident_bytes for each in samples)))


def _resident_bytes(pid: int) -> int:
    try:
        return PAGE_BYTES * int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:  # it has ended
        return 0
