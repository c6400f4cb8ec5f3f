"""The service follows what is published, and never lets go of a good model for a bad one."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from features.errors import NoModelError
from serving.access import Role
from serving.http.metrics import Metrics
from serving.http.served import ServedModel
from serving.http.settings import ServiceSettings
from serving.published import publish


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "published"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def served(root: Path, metrics: Metrics) -> ServedModel:
    return ServedModel(root, ZoneInfo("UTC"), metrics)


@pytest.fixture
def broken(bundle: Path, tmp_path: Path) -> Path:
    """Give a bundle with one file cut off."""
    folder = shutil.copytree(bundle, tmp_path / "broken")
    linear = folder / "linear.json"
    linear.write_bytes(linear.read_bytes()[:-20])
    return folder


def test_before_anything_is_published_it_says_what_to_do(served: ServedModel) -> None:
    served.look()
    assert (served.version, served.problem) == (None, None)
    with pytest.raises(NoModelError, match="train one with `leadsift train`"):
        served.scorer()


def test_a_newly_published_model_is_taken_up(served: ServedModel, bundle: Path, root: Path) -> None:
    publish(bundle, root, "1")
    served.look()
    before = served.scorer()
    publish(bundle, root, "2")
    served.look()
    assert (before.version, served.version) == ("1", "2")


def test_a_model_that_did_not_change_is_not_loaded_again(served: ServedModel, bundle: Path, root: Path) -> None:
    publish(bundle, root, "1")
    served.look()
    before = served.scorer()
    served.look()
    assert served.scorer() is before


def test_a_bad_bundle_leaves_the_last_good_model_scoring_and_is_said(
    served: ServedModel, metrics: Metrics, bundle: Path, broken: Path, root: Path
) -> None:
    publish(bundle, root, "1")
    served.look()
    publish(broken, root, "2")
    served.look()
    assert served.version == "1"
    assert served.problem is not None
    assert served.problem.startswith("the newest published model cannot be loaded")
    assert b"leadsift_model_refused 1.0" in metrics.page()


def test_a_worker_that_starts_while_the_newest_is_bad_takes_up_the_last_good_one_until_a_better_comes(
    served: ServedModel, metrics: Metrics, bundle: Path, broken: Path, root: Path
) -> None:
    publish(bundle, root, "1")
    publish(broken, root, "2")
    publish(broken, root, "3")
    served.look()
    assert served.version == "1"
    assert served.problem is not None
    assert b"leadsift_model_refused 1.0" in metrics.page()
    publish(bundle, root, "4")
    served.look()
    assert served.version == "4"
    assert served.problem is None


def test_where_no_bundle_that_is_kept_is_good_nothing_scores(
    served: ServedModel, bundle: Path, broken: Path, root: Path
) -> None:
    first = publish(bundle, root, "1")
    shutil.rmtree(first.path)
    publish(broken, root, "2")
    served.look()
    assert served.version is None
    with pytest.raises(NoModelError, match="the newest published model cannot be loaded"):
        served.scorer()


def test_what_was_refused_is_tried_again_and_forgotten_when_it_is_good(
    served: ServedModel, metrics: Metrics, bundle: Path, broken: Path, root: Path
) -> None:
    publish(broken, root, "1")
    served.look()
    refused = served.problem
    publish(bundle, root, "2")
    served.look()
    assert refused is not None
    assert (served.version, served.problem) == ("2", None)
    page = metrics.page()
    assert b"leadsift_model_refused 0.0" in page
    assert b'leadsift_model_loaded{version="2"} 1.0' in page


def test_a_damaged_pointer_leaves_the_last_good_model_scoring(served: ServedModel, bundle: Path, root: Path) -> None:
    publish(bundle, root, "1")
    served.look()
    pointer = root / "current.json"
    whole = pointer.read_bytes()
    pointer.write_bytes(b"{")
    served.look()
    assert served.version == "1"
    assert served.problem is not None
    pointer.write_bytes(whole)
    served.look()
    assert served.problem is None


def test_following_looks_until_it_is_cancelled(served: ServedModel, bundle: Path, root: Path) -> None:
    async def follow() -> None:
        following = asyncio.create_task(served.follow(0.001))
        publish(bundle, root, "1")
        async with asyncio.timeout(5):
            while served.version is None:
                await asyncio.sleep(0.001)
        following.cancel()

    asyncio.run(follow())
    assert served.version == "1"


def test_readiness_tells_the_version_and_what_was_refused(
    published_apart: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient], broken: Path
) -> None:
    with client_of(published_apart, keys[Role.CRM]) as client:
        service: Any = client.app
        service.state.service.store_watch.look()
        known = {"status": "ready", "model_version": "1", "problem": None, "store": "up"}
        assert client.get("/readyz").json() == known
        publish(broken, published_apart.published, "2")
        service.state.service.served.look()
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["model_version"]) == (200, "1")
        assert "cannot be loaded" in ready.json()["problem"]
