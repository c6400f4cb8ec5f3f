"""What all pages have in common: the log in, the frame, the reader's language, JSON and CSV beside them."""

import pytest
from starlette.testclient import TestClient

from serving.access import Role


def test_a_page_leads_to_the_log_in_and_back(client: TestClient) -> None:
    answer = client.get("/overview", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/overview")


@pytest.mark.parametrize(("language", "word", "lang"), [("es-ES", "Resumen", "es"), ("de", "Overview", "en")])
def test_a_page_is_in_the_readers_language(marketer: TestClient, language: str, word: str, lang: str) -> None:
    page = marketer.get("/overview", headers={"Accept-Language": language}).text
    assert f'<html lang="{lang}">' in page
    assert f"<h1>{word}</h1>" in page
    assert 'href="/overview" aria-current="page"' in page


def test_a_report_is_there_as_json_and_csv(client: TestClient, keys: dict[Role, str]) -> None:
    key = {"Authorization": f"Bearer {keys[Role.MARKETER]}"}
    as_json = client.get("/v1/reports/overview", headers=key)
    assert as_json.json()["delivered"] == 0
    as_csv = client.get("/v1/reports/overview?format=csv", headers=key)
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert as_csv.headers["content-disposition"] == 'attachment; filename="overview.csv"'
    assert as_csv.text.splitlines()[:2] == ["figure,value", "delivered,0"]


def test_a_static_file_may_be_kept_for_ever_and_others_are_not_there(client: TestClient) -> None:
    style = client.get("/static/pages.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in style.headers["cache-control"]
    assert client.get("/static/base.html").status_code == 404
    assert client.get("/static/..%2ftemplates%2fbase.html").status_code == 404
