"""How a caller shows who it is: a key, or the one-time link; and what is said where it does not."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from features.store import all_keys, open_store, revoke_key
from serving.access import Role
from serving.http.settings import ServiceSettings

TOKEN = "t" * 43


@pytest.fixture
def token_client(published: ServiceSettings, client_of: Callable[..., TestClient]) -> Iterator[TestClient]:
    """Give a client, without a key of its own, of a service for which no key was made yet."""
    with client_of(replace(published, one_time_token=TOKEN)) as client:
        yield client


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer nonsense", f"Bearer ls_{'x' * 43}", f"Basic ls_{'x' * 43}", "Bearer ls_é"],
)
def test_what_is_no_key_is_a_401_that_says_what_to_send(open_client: TestClient, header: str) -> None:
    answer = open_client.get("/v1/model", headers={b"authorization": header.encode("latin-1")})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "`leadsift keys create` makes one" in answer.json()["detail"]


def test_a_revoked_key_is_a_401(
    published: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient], now: datetime
) -> None:
    store = open_store(published.store_url)
    for key in all_keys(store):
        revoke_key(store, key.id, now)
    store.close()
    with client_of(published, keys[Role.CRM]) as client:
        assert client.get("/v1/model").status_code == 401


def test_a_key_is_asked_for_before_the_body_is_looked_at(open_client: TestClient) -> None:
    answer = open_client.post("/v1/score", content=b"not json", headers={"Content-Type": "application/json"})
    assert answer.status_code == 401


def test_the_token_opens_everything_as_a_bearer_key(token_client: TestClient) -> None:
    token_client.headers["Authorization"] = f"Bearer {TOKEN}"
    for address in ("/v1/model", "/v1/worklist"):
        assert token_client.get(address).status_code == 200
    assert token_client.post("/v1/score", json={"lead_id": "1"}).status_code == 200
    token_client.headers["Authorization"] = f"Bearer {'u' * 43}"
    assert token_client.get("/v1/model").status_code == 401


def test_the_link_gives_a_cookie_that_pages_cannot_read_and_leaves_the_address(token_client: TestClient) -> None:
    answer = token_client.get("/", params={"token": TOKEN}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/overview")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert TOKEN not in cookie
    assert token_client.get("/v1/model").status_code == 200


def test_a_wrong_link_gives_no_cookie(token_client: TestClient) -> None:
    answer = token_client.get("/", params={"token": "x"}, follow_redirects=False)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://127.0.0.1:8000", 200), ("http://127.0.0.1:9000", 403), ("https://evil.example", 403), (None, 403)],
)
def test_the_cookie_writes_only_for_the_services_own_pages(
    token_client: TestClient, origin: str | None, status: int
) -> None:
    token_client.get("/", params={"token": TOKEN})
    headers = {} if origin is None else {"Origin": origin}
    assert token_client.post("/v1/score", json={"lead_id": "1"}, headers=headers).status_code == status


@pytest.mark.parametrize(("site", "status"), [("same-origin", 200), ("same-site", 403), ("cross-site", 403)])
def test_what_the_browser_says_of_the_site_wins_over_the_origin(
    token_client: TestClient, site: str, status: int
) -> None:
    token_client.get("/", params={"token": TOKEN})
    headers = {
        "Sec-Fetch-Site": site,
        "Origin": "http://127.0.0.1:8000" if status == 403 else "https://proxied.example",
    }
    assert token_client.post("/v1/score", json={"lead_id": "1"}, headers=headers).status_code == status


def test_without_a_token_no_link_lets_in(open_client: TestClient) -> None:
    assert open_client.get("/", params={"token": ""}, follow_redirects=False).status_code == 401
    open_client.cookies.set("leadsift", "")
    assert open_client.get("/v1/model").status_code == 401


def test_with_the_store_down_nobody_unknown_is_let_in(
    published: ServiceSettings, client_of: Callable[..., TestClient], tmp_path: Path
) -> None:
    (tmp_path / "store.db").unlink()
    (tmp_path / "store.db").mkdir()
    with client_of(published, "ls_" + "x" * 43) as client:
        answer = client.get("/v1/model")
    assert (answer.status_code, answer.json()["title"]) == (503, "The store cannot be reached")
    assert str(tmp_path) not in answer.text
