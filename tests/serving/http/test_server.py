"""The service as processes: it starts, answers from all workers, and ends when told to or left alone."""

import os
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2
import pytest

from features.errors import LeadsiftError
from features.store import open_store
from features.store.leads import find_lead
from serving.http.server import serve
from serving.http.settings import ServiceSettings
from tests.serving.http.processes import PATIENCE_S, TOKEN, answers, until


@pytest.mark.slow
def test_the_service_answers_counts_over_all_workers_and_ends_when_told_to(
    running_service: subprocess.Popen[bytes], port: int
) -> None:
    url, key = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {TOKEN}"}
    for number in range(20):  # a connection each, so that both workers get some
        answer = httpx2.post(f"{url}/v1/score", json={"lead_id": str(number)}, headers=key)
        assert answer.status_code == 200, answer.text
    assert "leadsift_leads_scored_total 20.0" in httpx2.get(f"{url}/metrics").text.splitlines()
    running_service.send_signal(signal.SIGTERM)
    _, log = running_service.communicate(timeout=PATIENCE_S)
    assert running_service.returncode == 0
    assert all(line.startswith(b"{") for line in log.splitlines()), log.decode()
    assert TOKEN.encode() not in log


@pytest.mark.slow
def test_a_write_under_way_is_done_and_answered_before_the_service_ends(
    running_service: subprocess.Popen[bytes], published: ServiceSettings, port: int
) -> None:
    url, key = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {TOKEN}"}

    def write() -> int:
        return httpx2.put(f"{url}/v1/leads/a", json={"attributes": {}}, headers=key, timeout=PATIENCE_S).status_code

    store = open_store(published.store_url)
    with ThreadPoolExecutor(1) as threads:
        with store.writing():  # the service's own write has to wait
            answer = threads.submit(write)
            until(lambda: 'leadsift_requests_inside{gate="store"} 1.0' in httpx2.get(f"{url}/metrics").text)
            running_service.send_signal(signal.SIGTERM)
            until(lambda: not answers(port, timeout_s=0.2))  # the workers take in nothing new any more
            assert not answer.done()
        assert answer.result(PATIENCE_S) == 201
    running_service.communicate(timeout=PATIENCE_S)
    assert running_service.returncode == 0
    with store.reading() as connection:
        assert find_lead(connection, "a") is not None
    store.close()


@pytest.mark.slow
def test_workers_end_when_their_parent_is_killed(running_service: subprocess.Popen[bytes], port: int) -> None:
    os.kill(running_service.pid, signal.SIGKILL)
    running_service.wait(PATIENCE_S)
    until(lambda: not answers(port))


def test_an_address_in_use_is_said_in_one_line(settings: ServiceSettings, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(LeadsiftError, match=rf"cannot listen on 127\.0\.0\.1, port {port}: .*choose another"):
            serve(replace(settings, port=port))
