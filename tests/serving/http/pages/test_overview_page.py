"""The overview shows what its report says, and leads on from it."""

import re

from starlette.testclient import TestClient

from tests.serving.http.conftest import NOW
from tests.serving.reports.fact_rows import Fact


def test_the_page_shows_the_reports_figures(analyst: TestClient, facts: list[Fact]) -> None:
    assert facts
    report = analyst.get("/v1/reports/overview").json()
    page = analyst.get("/overview").text
    figures = re.findall(r"<li><b>([^<]*)</b>", page)
    assert figures[:2] == [str(report["delivered"]), str(report["golden"])]
    matured = report["last_4_matured_weeks"]["mql_to_sql"]
    assert f"of {matured['leads']} leads" in page
    assert 'data-spec="cohorts"' in page


def test_golden_leads_that_wait_lead_to_the_worklist(analyst: TestClient, facts: list[Fact]) -> None:
    waiting = [
        fact
        for fact in facts
        if fact["segment"] == "golden" and fact["worked_at"] is None and (NOW - fact["handed_over_at"]).days < 90
    ]
    page = analyst.get("/overview").text
    assert f"{len(waiting)} golden leads wait for a first look" in page
    assert '<a href="/worklist?segment=golden">' in page


def test_an_empty_store_says_so(marketer: TestClient) -> None:
    assert "No lead was handed over yet." in marketer.get("/overview").text
