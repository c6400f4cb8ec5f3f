"""The walk through a lead's life that a CRM's developer may run works against a running service."""

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from features.store import open_store
from features.store.schema import erased_leads, leads
from serving.http.settings import ServiceSettings
from tests.serving.http.processes import PATIENCE_S, ROOT, TOKEN

SCRIPT = ROOT / "examples" / "crm" / "walk.sh"

Walk = Callable[[str], "subprocess.CompletedProcess[str]"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]


@pytest.fixture
def walk(running_service: "subprocess.Popen[bytes]", port: int) -> Walk:
    """Give what walks through the running service with a key."""
    assert running_service.poll() is None

    def run(key: str) -> "subprocess.CompletedProcess[str]":
        own = os.environ | {"LEADSIFT_KEY": key}
        command = [str(SCRIPT), f"http://127.0.0.1:{port}"]
        return subprocess.run(command, env=own, capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    return run


def test_a_lead_comes_in_is_scored_decided_and_erased(walk: Walk, published: ServiceSettings, tmp_path: Path) -> None:
    walked = walk(TOKEN)
    assert (walked.returncode, walked.stderr) == (0, "")
    said = walked.stdout
    assert said.endswith("The lead came in, was scored, handed over, accepted and erased.\n")
    statuses = [line for line in said.splitlines() if line.startswith("->")]
    assert statuses == [f"-> {status}" for status in (200, 201, 201, 200, 200, 200, 200, 200, 200, 200, 200, 404)]
    assert said.lower().count("idempotency-replayed: true") == 1
    for told in ('"probability"', '"refused"', '"hand_over"', '"expected_sqls"', '"erased"'):
        assert told in said, told
    assert TOKEN not in said
    with closing(open_store(published.store_url)) as store, store.reading() as connection:
        left, erased = (
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (leads, erased_leads)
        )
    assert (left, erased) == (0, 1)
    assert b"walk-" not in b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))


def test_a_wrong_key_is_said_and_ends_the_walk(walk: Walk) -> None:
    walked = walk("ls_wrong")
    assert walked.returncode == 1
    assert walked.stderr == "walk.sh: expected status 201, got 401; the answer above says why\n"
    assert "A lead comes in" in walked.stdout
    assert "It does things" not in walked.stdout
