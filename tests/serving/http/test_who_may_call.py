"""Who may call what: every address there is, with a key of every role and with none.

The addresses of the API come from the OpenAPI document, those of the pages from the app itself; nothing here needs to
be told of a new one, except that it is open to all.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from serving.access import Role
from serving.http.callers import Requires
from serving.http.page_access import ShownTo

OPEN_CALLS = {("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics")}
OPEN_PAGES = {("GET", "/"), ("GET", "/login"), ("POST", "/login"), ("GET", "/plain.css"), ("GET", "/static/{name}")}
TURNED_AWAY = {401, 403}
Call = Callable[[str, str, Role | None], int]


@pytest.fixture
def client(open_client: TestClient) -> TestClient:
    """Give a client without a key of its own."""
    return open_client


@pytest.fixture
def call(client: TestClient, keys: dict[Role, str]) -> Call:
    """Give what calls an address with a role's key, and gives the status."""

    def send(method: str, path: str, role: Role | None) -> int:
        headers = {} if role is None else {"Authorization": f"Bearer {keys[role]}"}
        address = path.replace("{", "").replace("}", "").replace(":path", "")
        return client.request(method, address, headers=headers, follow_redirects=False).status_code

    return send


def operations(client: TestClient) -> list[tuple[str, str, dict[str, Any]]]:
    paths = client.get("/openapi.json").json()["paths"]
    return [(method.upper(), path, each) for path, methods in paths.items() for method, each in methods.items()]


def routes_of(app: FastAPI) -> Iterator[APIRoute]:
    for included in app.routes:
        for route in getattr(included, "original_router", app).routes:
            if isinstance(route, APIRoute):
                yield route


def roles_of(route: APIRoute) -> frozenset[Role] | None:
    """Give who may come in by a route; None where nothing asks."""
    asked = [each.call for each in route.dependant.dependencies if isinstance(each.call, Requires | ShownTo)]
    return asked[0].roles if asked else None


def test_every_call_of_the_document_lets_in_exactly_the_roles_that_it_names(client: TestClient, call: Call) -> None:
    found = operations(client)
    assert len(found) > len(OPEN_CALLS)
    for method, path, operation in found:
        if (method, path) in OPEN_CALLS:
            assert "security" not in operation
            assert call(method, path, None) == 200, path
            continue
        allowed = set(operation["x-roles"])
        assert operation["security"] == [{"key": []}]
        assert {"401", "403", "429"} <= operation["responses"].keys(), path
        assert call(method, path, None) == 401, (method, path)
        for role in Role:
            status = call(method, path, role)
            assert (status not in TURNED_AWAY) if role.value in allowed else (status == 403), (method, path, role)


def test_what_changes_leads_is_for_a_crm_alone(client: TestClient) -> None:
    changing = [
        (method, path, operation["x-roles"])
        for method, path, operation in operations(client)
        if method != "GET" and not path.startswith("/v1/score")
    ]
    assert {("PUT", "/v1/leads/{lead_id}"), ("DELETE", "/v1/leads/{lead_id}")} <= {each[:2] for each in changing}
    assert all(roles == ["crm"] for *_, roles in changing), changing


def test_every_page_shows_itself_to_exactly_its_roles_and_leads_others_to_the_log_in(
    client: TestClient, call: Call
) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    pages = [route for route in routes_of(app) if not route.include_in_schema]
    assert {route.path for route in pages} >= {"/", "/login", "/logout"}
    for route in pages:
        for method in route.methods or ():
            roles = roles_of(route)
            if roles is None:
                assert (method, route.path) in OPEN_PAGES, f"{method} {route.path} asks nobody who they are"
                continue
            assert call(method, route.path, None) == 303, (method, route.path)
            for role in Role:
                status = call(method, route.path, role)
                assert (status not in TURNED_AWAY) if role in roles else (status == 403), (method, route.path, role)
