"""The rejections are filtered by their address, and lead to the leads behind them."""

import csv
import io
import re
from html import unescape

from starlette.testclient import TestClient

from tests.serving.reports.fact_rows import Fact

WIDE = {"since": "2025-06-01"}


def test_a_number_leads_to_its_leads(analyst: TestClient, facts: list[Fact]) -> None:
    page = analyst.get("/rejections", params=WIDE).text
    address = re.search(
        r'<a href="(/grid/leads[^"]*source=partner&amp;outcome=rejected&amp;reason=role)">(\d+) leads', page
    )
    assert address is not None
    wanted = [
        fact for fact in facts if (fact["source"], fact["outcome"], fact["reason"]) == ("partner", "rejected", "role")
    ]
    assert int(address[2]) == len(wanted)
    assert f"{len(wanted)} leads, the newest first" in analyst.get(unescape(address[1])).text


def test_it_is_told_in_words_how_many_are_rejected(analyst: TestClient, facts: list[Fact]) -> None:
    page = analyst.get("/rejections", params=WIDE | {"owner": "Bo"}).text
    decided = [fact for fact in facts if fact["owner"] == "Bo" and fact["is_judged"]]
    rejected = sum(fact["outcome"] == "rejected" for fact in decided)
    assert f"Sales rejected {rejected} of {len(decided)} leads that it decided on" in page


def test_codes_are_in_the_readers_language_and_other_reasons_as_they_are(
    analyst: TestClient, facts: list[Fact]
) -> None:
    assert facts
    page = analyst.get("/rejections", params=WIDE, headers={"Accept-Language": "es"}).text
    assert "no es el momento" in page
    assert "precio = 0 ñ" in page
    assert "sin motivo" in page


def test_the_same_figures_are_there_as_csv(analyst: TestClient, facts: list[Fact]) -> None:
    text = analyst.get("/v1/reports/rejections", params=WIDE | {"format": "csv"}).text
    rows = list(csv.DictReader(io.StringIO(text)))
    total = sum(int(row["leads"]) for row in rows if row["part"] == "all")
    assert total == sum(fact["outcome"] == "rejected" for fact in facts)


def test_an_empty_store_says_so(marketer: TestClient) -> None:
    assert "Sales has not decided on any of these leads yet." in marketer.get("/rejections").text
