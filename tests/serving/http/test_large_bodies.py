"""Large bodies are scored beside the worker; whatever becomes of that process, the next one is served."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest

from serving.http import large_bodies
from serving.http.large_bodies import LargeBodies, ScoringFailedError
from serving.http.metrics import Metrics
from serving.http.problems import ProblemError
from serving.http.score_body import score_batch_body
from serving.http.scorer import Scorer
from serving.http.scoring_job import Job
from serving.model.bundle import read_bundle
from tests.serving.http.conftest import NOW

ZONE = ZoneInfo("Europe/Madrid")
BODY = orjson.dumps({"leads": [{"lead_id": "1", "attributes": {"sector": "never seen"}}, {"lead_id": "2"}, {}]})


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def beside(metrics: Metrics) -> Iterator[LargeBodies]:
    started = LargeBodies(metrics)
    yield started
    started.stop()


@pytest.fixture
def job(bundle: Path) -> Job:
    return Job(bundle, "1", ZONE, many=True, now=NOW)


def process_of(beside: LargeBodies) -> int:
    process = beside._process
    assert process is not None
    return process.pid


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_the_answer_is_the_one_that_the_worker_would_give(beside: LargeBodies, job: Job, bundle: Path) -> None:
    scorer = Scorer(read_bundle(bundle, "1"), ZONE, lambda *_: None, bundle)
    answer = asyncio.run(beside.score(job, [BODY[:40], b"", BODY[40:]]))
    assert answer == score_batch_body(scorer, BODY, NOW)


def test_leads_that_were_scored_beside_are_counted(beside: LargeBodies, job: Job, metrics: Metrics) -> None:
    asyncio.run(beside.score(job, [BODY]))
    page = metrics.page().decode().splitlines()
    assert "leadsift_leads_scored_total 2.0" in page
    assert 'leadsift_unseen_levels_total{attribute="sector"} 1.0' in page


def test_what_is_wrong_with_a_body_comes_back_whole(beside: LargeBodies, job: Job) -> None:
    with pytest.raises(ProblemError, match="1 thing is wrong: see errors") as refused:
        asyncio.run(beside.score(job, [b'{"leads": 3}']))
    errors = [{"pointer": "#/leads", "detail": "must be a list of leads, not 3"}]
    assert (refused.value.status, refused.value.to_json()["errors"]) == (422, errors)


def test_a_process_that_was_killed_between_two_bodies_is_replaced(beside: LargeBodies, job: Job) -> None:
    async def twice() -> list[bytes]:
        first = await beside.score(job, [BODY])
        os.kill(process_of(beside), signal.SIGKILL)
        assert beside._process is not None
        beside._process.wait()
        return [first, await beside.score(job, [BODY])]

    first, second = asyncio.run(twice())
    assert first == second


def test_a_process_that_is_lost_in_the_middle_asks_to_send_again(
    beside: LargeBodies, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(beside.score(job, [BODY]))
    lost = process_of(beside)
    os.kill(lost, signal.SIGSTOP)  # it takes the body in, and never answers
    monkeypatch.setattr(large_bodies, "PATIENCE_S", 0.05)
    with pytest.raises(ProblemError, match="was interrupted; send it again") as refused:
        asyncio.run(beside.score(job, [BODY]))
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "1"})
    assert is_gone(lost)


def test_a_fault_of_ours_carries_its_traceback_to_the_log(beside: LargeBodies, tmp_path: Path) -> None:
    nowhere = Job(tmp_path / "nowhere", "1", ZONE, many=True, now=NOW)
    with pytest.raises(ScoringFailedError, match=r"(?s)Traceback.*BundleError.*cannot be read"):
        asyncio.run(beside.score(nowhere, [BODY]))


def test_a_request_that_was_given_up_leaves_its_answer_to_no_other(beside: LargeBodies, job: Job) -> None:
    one = orjson.dumps({"leads": [{"lead_id": "given up"}]})

    async def give_up_then_score() -> bytes:
        await beside.score(job, [BODY])
        given_up = asyncio.create_task(beside.score(job, [one]))
        await asyncio.sleep(0)
        given_up.cancel()
        return await beside.score(job, [BODY])

    results = orjson.loads(asyncio.run(give_up_then_score()))["results"]
    assert [each["lead_id"] for each in results] == ["1", "2", None]


def test_a_process_without_work_is_ended(job: Job, metrics: Metrics) -> None:
    idle = LargeBodies(metrics, idle_s=0.0)

    async def score_and_wait() -> int:
        await idle.score(job, [BODY])
        process = process_of(idle)
        async with asyncio.timeout(10):
            while not is_gone(process):
                await asyncio.sleep(0.01)
        return process

    assert asyncio.run(score_and_wait())
    assert idle._process is None
