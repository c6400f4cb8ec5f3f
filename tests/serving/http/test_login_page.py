"""People log in with a key and get a session; a form counts only from the session's own pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from features.store import Store, all_keys, open_store, revoke_key
from features.store.audit import newest_entries
from serving.access import Role
from serving.http.app import create_app
from serving.http.rates import WRONG_KEYS_AT_ONCE
from serving.http.settings import ServiceSettings

LogIn = Callable[..., Response]
FindToken = Callable[[str], str]
HERE = {"Origin": "http://127.0.0.1:8000"}
WRONG = "ls_" + "x" * 43


@pytest.fixture
def browser(open_client: TestClient) -> TestClient:
    """Give a client without a key, which keeps cookies."""
    return open_client


@pytest.fixture
def store(published: ServiceSettings) -> Iterator[Store]:
    store = open_store(published.store_url)
    yield store
    store.close()


def test_a_key_opens_a_session_that_scripts_and_other_sites_cannot_use(
    browser: TestClient, keys: dict[Role, str], log_in: LogIn
) -> None:
    answer = log_in(browser, keys[Role.MARKETER], after="/v1/model")
    assert (answer.status_code, answer.headers["location"]) == (303, "/v1/model")
    parts = answer.headers["set-cookie"].lower().split("; ")
    assert {"httponly", "samesite=lax", "path=/", "max-age=43200"} <= set(parts)
    assert keys[Role.MARKETER] not in answer.headers["set-cookie"]
    assert browser.get("/v1/model").status_code == 200
    assert browser.get("/v1/leads/42").status_code == 403


def test_over_https_the_cookie_never_leaves_https_and_its_host(
    published: ServiceSettings, keys: dict[Role, str], form_token: FindToken
) -> None:
    with TestClient(create_app(published), base_url="https://leads.example") as client:
        token = form_token(client.get("/login").text)
        form = {"form_token": token, "key": keys[Role.CRM]}
        answer = client.post("/login", data=form, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
        assert answer.headers["set-cookie"].startswith("__Host-leadsift=key-")
        assert "; Secure" in answer.headers["set-cookie"]
        assert client.get("/v1/model").status_code == 200


def test_logging_in_gives_another_session_than_the_form_had(
    browser: TestClient, keys: dict[Role, str], log_in: LogIn
) -> None:
    browser.get("/login")
    before = browser.cookies["leadsift"]
    log_in(browser, keys[Role.CRM])
    assert browser.cookies["leadsift"] != before


@pytest.mark.parametrize("key", ["", "nonsense", WRONG, "ls_é"])
def test_a_wrong_key_is_said_on_the_form_and_opens_nothing(browser: TestClient, log_in: LogIn, key: str) -> None:
    answer = log_in(browser, key, after="/v1/model")
    assert answer.status_code == 401
    assert "This key is not valid." in answer.text
    assert 'name="next" value="/v1/model"' in answer.text
    assert browser.get("/v1/model").status_code == 401


@pytest.mark.parametrize("after", ["//evil.example/", "https://evil.example", "/\\evil.example", "/a\r\nb", "evil", ""])
def test_the_log_in_never_leads_to_another_site(
    browser: TestClient, keys: dict[Role, str], log_in: LogIn, after: str
) -> None:
    assert log_in(browser, keys[Role.CRM], after=after).headers["location"] == "/"


@pytest.mark.parametrize("token", ["", "x", None])
def test_a_form_without_its_sessions_token_is_refused(
    browser: TestClient, keys: dict[Role, str], token: str | None
) -> None:
    browser.get("/login")
    form = {"key": keys[Role.CRM]} | ({} if token is None else {"form_token": token})
    answer = browser.post("/login", data=form, headers=HERE, follow_redirects=False)
    assert answer.status_code == 403
    assert browser.get("/v1/model").status_code == 401


def test_a_token_of_another_session_does_not_count(
    browser: TestClient, keys: dict[Role, str], form_token: FindToken
) -> None:
    foreign = form_token(browser.get("/login").text)
    browser.cookies.clear()
    browser.get("/login")
    form = {"key": keys[Role.CRM], "form_token": foreign}
    assert browser.post("/login", data=form, headers=HERE).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"} | HERE,
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_the_token(
    browser: TestClient, keys: dict[Role, str], form_token: FindToken, headers: dict[str, str]
) -> None:
    form = {"key": keys[Role.CRM], "form_token": form_token(browser.get("/login").text)}
    assert browser.post("/login", data=form, headers=headers).status_code == 403


def test_without_a_cookie_the_form_comes_again_and_says_why(
    browser: TestClient, keys: dict[Role, str], form_token: FindToken
) -> None:
    form = {"key": keys[Role.CRM], "form_token": form_token(browser.get("/login").text), "next": "/v1/model"}
    browser.cookies.clear()
    answer = browser.post("/login", data=form, headers=HERE)
    assert answer.status_code == 401
    assert "this browser keeps no cookies" in answer.text
    assert 'name="next" value="/v1/model"' in answer.text
    assert keys[Role.CRM] not in answer.text


def test_who_is_logged_in_is_shown_and_can_log_out(
    browser: TestClient, keys: dict[Role, str], log_in: LogIn, form_token: FindToken
) -> None:
    log_in(browser, keys[Role.MARKETER])
    page = browser.get("/login").text
    assert "<strong>the marketer</strong>, with a key for: marketer." in page
    assert browser.post("/logout", data={"form_token": ""}, headers=HERE).status_code == 403
    answer = browser.post("/logout", data={"form_token": form_token(page)}, headers=HERE, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "leadsift" not in browser.cookies
    assert browser.get("/v1/model").status_code == 401


def test_a_revoked_key_ends_its_sessions(
    published: ServiceSettings,
    keys: dict[Role, str],
    store: Store,
    client_of: Callable[..., TestClient],
    log_in: LogIn,
) -> None:
    with client_of(published) as browser:
        log_in(browser, keys[Role.CRM])
        cookie = browser.cookies["leadsift"]
    for key in all_keys(store):
        revoke_key(store, key.id, key.created_at)
    with client_of(published) as browser:  # a worker that has not seen the key lately
        browser.cookies.set("leadsift", cookie)
        assert browser.get("/v1/model").status_code == 401


def test_a_log_in_is_noted_and_a_failed_one_is_not(
    browser: TestClient, keys: dict[Role, str], store: Store, log_in: LogIn
) -> None:
    log_in(browser, WRONG)
    log_in(browser, keys[Role.MARKETER])
    with store.reading() as connection:
        noted = [(entry.who, entry.action) for entry in newest_entries(connection, 2)]
    assert noted == [("key 2, the marketer", "logged in"), ("unknown", "key made")]


def test_after_many_wrong_keys_the_form_waits_and_says_so(
    browser: TestClient, keys: dict[Role, str], log_in: LogIn
) -> None:
    answers = [log_in(browser, WRONG).status_code for _ in range(WRONG_KEYS_AT_ONCE)]
    assert answers == [401] * WRONG_KEYS_AT_ONCE
    refused = log_in(browser, keys[Role.CRM])
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 5


def test_right_keys_are_not_counted(browser: TestClient, keys: dict[Role, str], log_in: LogIn) -> None:
    answers = {log_in(browser, keys[Role.CRM]).status_code for _ in range(2 * WRONG_KEYS_AT_ONCE)}
    assert answers == {303}


def test_the_one_time_token_logs_in_too(
    settings: ServiceSettings, client_of: Callable[..., TestClient], log_in: LogIn
) -> None:
    with client_of(replace(settings, one_time_token="t" * 43)) as browser:
        assert log_in(browser, "t" * 43).status_code == 303
        assert "<strong>one-time link</strong>" in browser.get("/login").text


def test_with_the_store_down_the_log_in_says_so(
    settings: ServiceSettings, client_of: Callable[..., TestClient], tmp_path: Path
) -> None:
    (tmp_path / "store.db").unlink()
    (tmp_path / "store.db").mkdir()
    with client_of(settings) as browser:
        answer = browser.get("/login", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "The store cannot be reached" in answer.text
    assert answer.headers["retry-after"] == "1"
    assert str(tmp_path) not in answer.text
