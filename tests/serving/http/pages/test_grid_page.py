"""The grid is filtered by its address, and each cell leads to its leads."""

import csv
import io
import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from serving.reports.cells import CELLS
from tests.serving.reports.fact_rows import Fact, grade_of

WIDE = {"since": "2025-06-01"}


def cells_of(page: str) -> dict[str, str]:
    """Give the address of each cell's leads by its name."""
    found = re.findall(r'<a href="(/grid/leads[^"]*)"><span class="unseen">(\w\d), ', page)
    return {name: unescape(address) for address, name in found}


def test_every_cell_leads_to_exactly_its_leads(analyst: TestClient, facts: list[Fact]) -> None:
    cells = cells_of(analyst.get("/grid", params=WIDE).text)
    assert list(cells) == [fit + engagement for fit, engagement in CELLS]
    wanted = [fact for fact in facts if grade_of(fact) == "C2"]
    listed = analyst.get(cells["C2"]).text
    assert all(f'<a href="/leads/{fact["lead_id"]}">' in listed for fact in wanted)
    assert f"{len(wanted)} leads, the newest first; page 1 of 1." in listed


def test_filters_stay_on_the_way_to_the_leads_and_back(analyst: TestClient, facts: list[Fact]) -> None:
    asked = WIDE | {"source": "ads", "owner": "Ada", "sector": ""}
    page = analyst.get("/grid", params=asked).text
    assert "<option selected>ads</option>" in page
    listed = analyst.get(cells_of(page)["A1"]).text
    wanted = [fact for fact in facts if (grade_of(fact), fact["source"], fact["owner"]) == ("A1", "ads", "Ada")]
    assert len(re.findall(r'<th scope="row"><a href="/leads/', listed)) == len(wanted)
    assert 'href="/grid?since=2025-06-01&amp;source=ads&amp;owner=Ada"' in listed


def test_a_long_list_has_pages(analyst: TestClient, facts: list[Fact]) -> None:
    first = analyst.get("/grid/leads", params=WIDE).text
    assert f"page 1 of {-(-len(facts) // 50)}" in first
    assert 'rel="prev"' not in first
    second = re.search(r'rel="next" href="([^"]+)"', first)
    assert second is not None
    assert 'rel="prev"' in analyst.get(unescape(second[1])).text
    beyond = analyst.get("/grid/leads", params=WIDE | {"page": "99"}).text
    assert "There is no such lead on this page." in beyond


def test_the_same_figures_are_there_as_json_and_csv(analyst: TestClient) -> None:
    page = analyst.get("/grid", params=WIDE).text
    assert 'href="/v1/reports/grid?since=2025-06-01&amp;format=csv"' in page
    cells = analyst.get("/v1/reports/grid", params=WIDE).json()["cells"]
    rows = list(csv.DictReader(io.StringIO(analyst.get("/v1/reports/grid", params=WIDE | {"format": "csv"}).text)))
    assert [int(row["leads"]) for row in rows] == [cell["leads"] for cell in cells]
    assert [row["verdict"] for row in rows] == [cell["verdict"] for cell in cells]


def test_the_list_is_there_as_csv(analyst: TestClient, facts: list[Fact]) -> None:
    asked = WIDE | {"outcome": "rejected", "reason": "role", "rows": "1000", "format": "csv"}
    rows = list(csv.DictReader(io.StringIO(analyst.get("/v1/reports/leads", params=asked).text)))
    wanted = {fact["lead_id"] for fact in facts if (fact["outcome"], fact["reason"]) == ("rejected", "role")}
    assert {row["lead_id"] for row in rows} == wanted


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"since": "yesterday"}, "query/since"),
        ({"until": "9999-12-31"}, "query/until"),
        ({"since": "0001-01-01"}, "query/since"),
        ({"page": "0"}, "query/page"),
        ({"fit_grade": "E"}, "query/fit_grade"),
        ({"colour": "red"}, "query/colour"),
    ],
)
def test_what_cannot_be_asked_is_said(analyst: TestClient, asked: dict[str, str], pointer: str) -> None:
    answer = analyst.get("/v1/reports/leads", params=asked)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_an_empty_store_says_so(marketer: TestClient) -> None:
    assert "No lead was handed over in this time" in marketer.get("/grid").text
    assert "There is no such lead on this page." in marketer.get("/grid/leads").text
