"""Models are swapped under load, some of them broken: every answer is that of a good one, and of the newest soon."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from serving.http.scorer import Scorer
from serving.model.bundle import read_bundle, write_bundle
from serving.model.scoring import Blend
from serving.published import publish
from tests.faults.caller import Call, Caller
from tests.faults.life import STARTED
from tests.faults.reliability import Note
from tests.faults.running_service import RunningService, until
from tests.faults.scale import Scale
from tests.serving.conftest import SmallModel
from training.assemble import golden_rows

CALLERS, WORKERS = 4, 2
BROKEN_EVERY = 2  # every second model is broken
LOOKS = 12  # calls on new connections, so that no worker is left out
LEAD = {
    "lead_id": "a",
    "attributes": {"sector": "software", "employees": 120},
    "events": [{"type": "download", "occurred_at": STARTED.isoformat()}],
    "as_of": "2025-01-02T10:00:00Z",
}
SCORE, READY = Call("POST", "/v1/score", orjson.dumps(LEAD)), Call("GET", "/readyz")


class Models:
    """Models that all score otherwise, and what each must answer."""

    def __init__(self, small: SmallModel, folder: Path, published: Path) -> None:
        self._small = small
        self._folder = folder
        self._published = published
        self.answers: dict[str, dict[str, Any]] = {}
        self._made = 0
        self._broken = 0

    def swap(self) -> str:
        """Publish another model, and give its version."""
        version, folder = self._next()
        self.answers[version] = _answer(folder, version)
        publish(folder, self._published, version)
        return version

    def break_one(self) -> None:
        """Publish a broken model, each time broken in another way."""
        version, folder = self._next()
        _, do = BREAKS[self._broken % len(BREAKS)]
        self._broken += 1
        do(folder)
        publish(folder, self._published, version)

    def _next(self) -> tuple[str, Path]:
        self._made += 1
        folder = self._folder / str(self._made)
        small = self._small
        model = replace(small.model, blend=Blend(-1 + 0.01 * self._made, 0.3, 0.6))
        write_bundle(model, small.texts, golden_rows(model, small.features, seed=3), folder)
        return str(self._made), folder


def _answer(folder: Path, version: str) -> dict[str, Any]:
    scorer = Scorer(read_bundle(folder, version), ZoneInfo("UTC"), _uncounted, folder)
    answer: dict[str, Any] = orjson.loads(orjson.dumps(scorer.answer(LEAD, STARTED.replace(year=2026))))
    return answer


def _uncounted(*_: object) -> None:
    pass


def _cut_off(folder: Path) -> None:
    file = folder / "linear.json"
    file.write_bytes(file.read_bytes()[:-20])


def _change(folder: Path) -> None:
    """Change one digit of one leaf, which still can be read."""
    file = folder / "trees-1.txt"
    text = bytearray(file.read_bytes())
    digit = text.index(b".", text.index(b"leaf_value=")) + 1
    text[digit] = ord("5") if text[digit] != ord("5") else ord("6")
    file.write_bytes(text)


def _lose_a_file(folder: Path) -> None:
    (folder / "trees-2.txt").unlink()


def _put_a_stranger(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "model.pkl").write_bytes(b"\x80\x04K\x01.")
    (folder / "checksums.json").write_bytes(b'{"format": "another", "files": {}}')


BREAKS: list[tuple[str, Callable[[Path], None]]] = [
    ("cut off", _cut_off),
    ("changed", _change),
    ("a file missing", _lose_a_file),
    ("foreign", _put_a_stranger),
]


@pytest.mark.slow
def test_every_answer_under_swaps_is_that_of_a_good_model(  # noqa: PLR0917 - fixtures come by name
    service: RunningService, secret: str, small: SmallModel, tmp_path: Path, scale: Scale, note: Note
) -> None:
    models, over = Models(small, tmp_path / "models", service.settings.published), Event()
    models.swap()
    service.start(workers=WORKERS)
    service.wait()

    def call_on() -> int:
        answered = 0
        with closing(Caller(service.settings.port, secret, over)) as caller:
            while not over.is_set():
                answer = caller.try_once(SCORE)
                assert answer is not None, "a connection broke"
                assert answer.status == 200, answer
                assert answer.value == models.answers[answer.value["model_version"]]
                answered += 1
        return answered

    with ThreadPoolExecutor(CALLERS) as threads:
        running = [threads.submit(call_on) for _ in range(CALLERS)]
        try:
            broken = 0
            for number in range(scale.swaps):
                broken += _swap_once(models, service, secret, is_broken=number % BROKEN_EVERY == 1)
                assert not any(each.done() for each in running), [each.exception() for each in running if each.done()]
                scale.say(f"{number + 1} swaps")
        finally:
            over.set()
    answered = sum(each.result() for each in running)
    service.stop()
    note(
        what=f"{scale.swaps} hot swaps of the model under load",
        found=f"{answered:,} answers, none failed, each that of a good version",
        bound="no failed request, no wrong version",
        how=(
            f"{CALLERS} callers, {WORKERS} workers; {broken} of the models were broken ({', '.join(dict(BREAKS))}): "
            "/readyz said so while the last good one went on scoring; every answer equals, to the last digit, what its "
            "version gives outside the service"
        ),
    )


def _swap_once(models: Models, service: RunningService, secret: str, *, is_broken: bool) -> bool:
    """Publish a model and wait until every worker has seen it; say whether it was a broken one."""

    def all_say(call: Call, holds: Callable[[Any], bool]) -> bool:
        return all(holds(_ask_anew(service, secret, call)) for _ in range(LOOKS))

    if is_broken:
        models.break_one()
        until(lambda: all_say(READY, lambda said: said["problem"] is not None))
    version = list(models.answers)[-1] if is_broken else models.swap()
    until(lambda: all_say(SCORE, lambda said: said["model_version"] == version))
    return is_broken


def _ask_anew(service: RunningService, secret: str, call: Call) -> Any:
    with closing(Caller(service.settings.port, secret, Event())) as caller:
        return caller.ask(call).value
