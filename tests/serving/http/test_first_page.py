"""The first page runs nothing, shows the model, and escapes what it shows."""

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from serving.http.page import FirstPage
from serving.http.settings import ServiceSettings


@pytest.fixture
def client(reader: TestClient) -> TestClient:
    """Give a client of the shared service: nothing here changes what it holds."""
    return reader


def test_the_page_shows_the_model_and_a_call_to_try(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<dt>Version</dt><dd>1</dd>" in page.text
    assert "curl http://127.0.0.1:8000/v1/score" in page.text


def test_its_style_is_a_file_that_browsers_may_keep_for_ever(client: TestClient) -> None:
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', client.get("/").text)
    style = client.get(address)
    assert style.headers["content-type"].startswith("text/css")
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_without_a_model_the_page_says_so(settings: ServiceSettings, client_of: Callable[..., TestClient]) -> None:
    with client_of(settings) as client:
        assert "None yet. Train one" in client.get("/").text


def test_what_the_page_shows_is_escaped() -> None:
    page = FirstPage((("Version", "<b>"),), "<i>", "<u>").render()
    assert [mark in page for mark in ("<b>", "<i>", "<u>")] == [False, False, False]
    assert [mark in page for mark in ("&lt;b&gt;", "&lt;i&gt;", "&lt;u&gt;")] == [True, True, True]
