"""The page on contents shows what its report says."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from serving.pages.charts.chart import Chart
from serving.pages.content.chart import MOST_DRAWN
from serving.pages.content.view import ContentView, content_view
from serving.pages.render import Frame, formats_of, render
from serving.reports.content.matched import Group, matched
from serving.reports.content.offer import Difference, Offer, Part, Taken
from serving.reports.content.report import ContentReport
from serving.reports.lead_filter import LeadFilter
from serving.reports.rates import Rate

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
OPTIONS = {"sector": ["software"], "size": [], "source": [], "campaign": [], "owner": []}
ZONE = ZoneInfo("Europe/Madrid")


def offer(name: str, difference: Difference, groups: list[Group], useful: int = 0) -> Offer:
    found = matched(groups)
    taken = Taken(1_200, 100, 50, Rate(60, 200), 12.4)
    parts = [Part(value, 40 - place, Rate(1, 4)) for place, value in enumerate(["software", None, "retail", "banking"])]
    return Offer(name, "page_view", NOW, NOW, date(2026, 5, 25), taken, parts, parts[:1], useful, found, difference)


REPORT = ContentReport(
    asked=LeadFilter(since=date(2025, 6, 1)),
    kind=None,
    kinds=["download", "page_view"],
    everyone=Taken(3_000, 200, 100, Rate(300, 1_000), 3.0),
    takers=2_500,
    offers=[
        offer("<b>guide</b>", Difference.BETTER, [Group(30, 60, 20, 80)], useful=7),
        offer("webinar", Difference.UNCLEAR, [Group(20, 60, 28, 80)]),
        offer("tour", Difference.WORSE, [Group(6, 60, 40, 80)]),
        offer("rare", Difference.FEW, []),
    ],
    left_out=3,
    is_cut=False,
    lately_from=date(2026, 3, 2),
)
EMPTY = replace(REPORT, everyone=Taken(0, 0, 0, Rate(0, 0), None), takers=0, offers=[], left_out=0, kinds=[])


def view(report: ContentReport = REPORT, language: str = "en") -> ContentView:
    return content_view("/content", LeadFilter(), report, OPTIONS, formats_of(Locale(language), ZONE))


def page(report: ContentReport = REPORT, language: str = "en") -> str:
    formats = formats_of(Locale(language), ZONE)
    frame = Frame("Content", (), "Ada", "token", "1", NOW)
    return render("content.html", frame, formats, {"page": view(report, language)})


def chart() -> Chart:
    drawn = view().chart
    assert drawn is not None
    return drawn


def drawn() -> list[list[dict[str, Any]]]:
    """Give the values of the chart's two layers: bars, and dots."""
    drawing = chart().drawing.to_dict()
    return [drawing["datasets"][layer["data"]["name"]] for layer in drawing["layer"]]


def test_a_row_says_the_difference_in_percentage_points_with_its_interval_and_a_word() -> None:
    rows = {row.offer.name: row for row in view().taken}
    guide = rows["<b>guide</b>"]
    assert (guide.difference, guide.interval, guide.verdict, guide.tone) == ("+25", "+9 to +41", "better", "good")
    assert (rows["tour"].difference, rows["tour"].verdict, rows["tour"].tone) == ("−40", "worse", "bad")
    assert (rows["rare"].difference, rows["rare"].interval, rows["rare"].verdict) == ("–", "", "too few to tell")


def test_a_row_names_the_first_sectors_and_how_many_more_there_are() -> None:
    row = view().taken[0]
    assert row.sectors == ["software: 40", "not known: 39", "retail: 38", "1 more"]
    assert row.sizes == ["software: 40"]


def test_the_chart_and_its_table_say_the_same_the_greatest_gain_first() -> None:
    bars, dots = drawn()
    names = ["<b>guide</b>", "webinar", "tour"]
    assert [bar["content"] for bar in bars] == names == [row[0] for row in chart().rows]
    assert {dot["who"] for dot in dots} == {"took it", "similar, did not take it"}
    assert chart().rows[0] == (
        "<b>guide</b>",
        "50% of 60 leads",
        "25% of 80 leads",
        "+25 (+9 to +41)",
        "3.00 (1.47–6.14)",
        "better",
    )


def test_of_many_contents_those_that_stand_out_are_drawn_and_the_table_has_all() -> None:
    many = [offer(f"page-{place}", Difference.UNCLEAR, [Group(20, 61, 28, 80)]) for place in range(MOST_DRAWN)]
    drawn_of = view(replace(REPORT, offers=[*many, *REPORT.offers])).chart
    assert drawn_of is not None
    drawing = drawn_of.drawing.to_dict()
    names = [bar["content"] for bar in drawing["datasets"][drawing["layer"][0]["data"]["name"]]]
    assert len(names) == MOST_DRAWN
    assert (names[0], names[-1]) == ("<b>guide</b>", "tour")
    assert len(drawn_of.rows) == MOST_DRAWN + 3


def test_the_bar_reaches_the_similar_leads_rate_where_there_may_be_no_difference() -> None:
    bars, dots = drawn()
    similar = {dot["content"]: dot["share"] for dot in dots if dot["who"] == "similar, did not take it"}
    inside = {bar["content"]: bar["low"] <= similar[bar["content"]] <= bar["high"] for bar in bars}
    assert inside == {"<b>guide</b>": False, "webinar": True, "tour": False}


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            ["Clearly better than similar leads: &lt;b&gt;guide&lt;/b&gt;.", "Too few leads to compare: 1 contents."],
        ),
        ("es", ["Claramente mejor que los leads parecidos: &lt;b&gt;guide&lt;/b&gt;.", "30&nbsp;%"]),
    ],
)
def test_the_page_tells_what_stands_out(language: str, sentences: list[str]) -> None:
    html = page(language=language).replace("\xa0", "&nbsp;")
    for sentence in sentences:
        assert sentence in html
    assert "<b>guide</b>" not in html


def test_without_leads_the_page_says_so_and_draws_nothing() -> None:
    html = page(EMPTY)
    assert "No lead was handed over in this period." in html
    assert "vega" not in html


def test_too_many_contents_are_said() -> None:
    assert "More than 2,000 different contents" in page(replace(REPORT, is_cut=True))
