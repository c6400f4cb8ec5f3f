"""Pages are for people who logged in, and their forms for the session that showed them."""

import re
from collections.abc import Callable, Iterator
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from httpx2 import Response as Answer
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.testclient import TestClient

from serving.access import Role
from serving.http.page_access import Visitor, shown_to
from serving.http.settings import ServiceSettings

LogIn = Callable[..., Answer]
HERE = {"Origin": "http://127.0.0.1:8000"}
MaySee = Annotated[Visitor, Depends(shown_to(Role.MARKETER, Role.CRM))]
MayDecide = Annotated[Visitor, Depends(shown_to(Role.CRM))]
router = APIRouter(include_in_schema=False)


@router.get("/notes")
async def notes(visitor: MaySee) -> Response:
    """Show a form, as a page would."""
    return HTMLResponse(f'{visitor.caller.who}: <input name="form_token" value="{visitor.form_token}">')


@router.get("/notes/{name}")
async def note_of(name: str, visitor: MaySee) -> Response:
    """Show a page with a name in its address."""
    assert visitor.caller.name
    return PlainTextResponse(name)


@router.post("/notes")
async def decide(request: Request, visitor: MayDecide) -> Response:
    """Take the form."""
    assert request.method == "POST"
    return PlainTextResponse(f"{visitor.caller.who} says {dict(visitor.form)}")


@pytest.fixture
def browser(
    published: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient]
) -> Iterator[TestClient]:
    assert keys
    client = client_of(published)
    assert isinstance(client.app, FastAPI)
    client.app.include_router(router)
    with client:
        yield client


@pytest.fixture
def token(browser: TestClient, keys: dict[Role, str], log_in: LogIn, form_token: Callable[[str], str]) -> str:
    """Log in as a CRM, and give the token of its forms."""
    log_in(browser, keys[Role.CRM])
    return form_token(browser.get("/notes").text)


def test_whoever_is_not_logged_in_is_led_to_the_log_in_and_back(
    browser: TestClient, keys: dict[Role, str], log_in: LogIn
) -> None:
    answer = browser.get("/notes?owner=Ana%20G&page=2", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/login?next=/notes%3Fowner%3DAna%2520G%26page%3D2",
    )
    asked = "/notes?owner=Ana%20G&page=2"
    assert f'name="next" value="{asked.replace("&", "&amp;")}"' in browser.get("/notes?owner=Ana%20G&page=2").text
    assert log_in(browser, keys[Role.CRM], after=asked).headers["location"] == asked
    assert browser.get("/notes").status_code == 200


def test_an_address_with_any_name_in_it_is_come_back_to(
    browser: TestClient, keys: dict[Role, str], form_token: Callable[[str], str]
) -> None:
    asked = "/notes/Ana%20Mar%C3%ADa%3F"
    page = browser.get(asked).text
    (after,) = re.findall(r'name="next" value="([^"]*)"', page)
    form = {"form_token": form_token(page), "next": after, "key": keys[Role.CRM]}
    assert browser.post("/login", data=form, headers=HERE).text == "Ana María?"


def test_a_page_for_other_roles_says_so_and_offers_another_log_in(
    browser: TestClient, keys: dict[Role, str], log_in: LogIn
) -> None:
    log_in(browser, keys[Role.SCIENTIST])
    answer = browser.get("/notes", headers={"Accept": "text/html"})
    assert answer.status_code == 403
    assert "This key is for scientist; a key for crm or marketer is needed." in answer.text
    assert '<a href="/login">' in answer.text


def test_a_form_with_the_sessions_token_is_taken_without_the_token_itself(browser: TestClient, token: str) -> None:
    form = {"form_token": token, "reason": "no budget", "note": ""}
    answer = browser.post("/notes", data=form, headers=HERE)
    assert answer.text == "key 1, the crm says {'reason': 'no budget', 'note': ''}"


@pytest.mark.parametrize("sent", ["", "another"])
def test_a_form_without_the_sessions_token_is_refused(browser: TestClient, token: str, sent: str) -> None:
    assert token
    answer = browser.post("/notes", data={"form_token": sent}, headers=HERE)
    assert answer.status_code == 403
    assert "load its page anew" in answer.json()["detail"]


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_from_elsewhere_is_refused_even_with_the_token(
    browser: TestClient, token: str, headers: dict[str, str]
) -> None:
    assert browser.post("/notes", data={"form_token": token}, headers=headers).status_code == 403


def test_a_form_of_another_role_is_refused_with_its_own_token(
    browser: TestClient, keys: dict[Role, str], log_in: LogIn, form_token: Callable[[str], str]
) -> None:
    log_in(browser, keys[Role.MARKETER])
    token = form_token(browser.get("/notes").text)
    assert browser.post("/notes", data={"form_token": token}, headers=HERE).status_code == 403


def test_a_form_of_nobody_is_led_to_the_log_in_but_never_back_to_itself(browser: TestClient) -> None:
    answer = browser.post("/notes", data={"reason": "x"}, headers=HERE, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_a_key_in_the_header_needs_no_token(browser: TestClient, keys: dict[Role, str]) -> None:
    own = {"Authorization": f"Bearer {keys[Role.CRM]}"}
    assert browser.post("/notes", data={"reason": "x"}, headers=own).text == "key 1, the crm says {'reason': 'x'}"
