"""A service that is full says so at once, and has room again when work is done."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from serving.access import Role
from serving.http.admission import Gate
from serving.http.problems import ProblemError
from serving.http.settings import ServiceSettings


def test_a_gate_lets_in_lets_wait_and_sends_away() -> None:
    async def crowd() -> list[str]:
        gate, seen, go = Gate(at_once=1, waiting=1), [], asyncio.Event()

        async def visit(name: str) -> None:
            async with gate.entered():
                seen.append(f"{name} in")
                await go.wait()
                seen.append(f"{name} out")

        first, second = asyncio.create_task(visit("first")), asyncio.create_task(visit("second"))
        await asyncio.sleep(0)
        with pytest.raises(ProblemError, match="as many requests as it can"):
            await visit("third")
        go.set()
        await asyncio.gather(first, second)
        await visit("fourth")
        return seen

    assert asyncio.run(crowd()) == [
        "first in",
        "first out",
        "second in",
        "second out",
        "fourth in",
        "fourth out",
    ]


def test_a_visit_that_fails_gives_its_place_back() -> None:
    async def fail_then_enter() -> None:
        gate = Gate(at_once=1)
        with pytest.raises(ZeroDivisionError):
            async with gate.entered():
                raise ZeroDivisionError
        async with gate.entered():
            pass

    asyncio.run(fail_then_enter())


@pytest.mark.parametrize("address", ["/v1/score", "/v1/score/batch"])
def test_a_full_service_answers_429_and_when_to_come_back(
    published: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient], address: str
) -> None:
    full = replace(published, scoring_at_once=0, batches_at_once=0, batches_waiting=0)
    with client_of(full, keys[Role.CRM]) as client:
        answer: Any = client.post(address, json={"lead_id": "1"})
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
        assert answer.json()["title"] == "Too many requests at once"
        assert client.get("/v1/model").status_code == 200
