"""The pages of the grid, the lists, the rejections and the overview show what their reports say."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from features.store import Store, open_store
from serving.pages.charts.rates import rates_chart
from serving.pages.grid_view import SHADES, grid_view
from serving.pages.leads_view import leads_view
from serving.pages.overview_view import overview_view
from serving.pages.rejections_view import COLUMNS, SHOWN_GROUPS, rejections_view
from serving.pages.render import Frame, formats_of, render
from serving.pages.wording.formats import Formats
from serving.reports.grid.report import grid
from serving.reports.lead_filter import LeadFilter, choices
from serving.reports.lead_list import LeadsAsked, lead_list
from serving.reports.overview.report import overview
from serving.reports.rates import Rate
from serving.reports.rejections import rejections
from serving.reports.report import ReportContext
from tests.serving.reports.fact_rows import NOW, context_of, fill, make_facts

FACTS = make_facts(800, seed=12)
EVERYTHING = LeadFilter()
ENGLISH = formats_of(Locale("en"), ZoneInfo("Europe/Madrid"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store with leads, which no test changes."""
    folder: Path = tmp_path_factory.mktemp("store")
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    fill(store, FACTS)
    yield store
    store.close()


@pytest.fixture
def made(store: Store) -> Callable[[Callable[[ReportContext], Any]], Any]:
    """Give what makes a report of the store."""

    def make(build: Callable[[ReportContext], Any]) -> Any:
        with store.reading() as connection:
            return build(context_of(connection))

    return make


def html(template: str, page: Any, f: Formats = ENGLISH) -> str:
    frame = Frame("A page", (), "Ada", "", "1", NOW)
    return re.sub(r"\s+", " ", render(template, frame, f, {"page": page}))


def test_a_cell_shows_its_rate_interval_count_and_what_was_expected(made: Callable[..., Any]) -> None:
    report = made(lambda context: grid(context, EVERYTHING))
    view = grid_view(report, EVERYTHING, made(lambda context: choices(context.connection)), ENGLISH)
    page = html("grid.html", view)
    shown = re.findall(
        r'<span class="unseen">(\w\d), (\w+): </span> <b>(\d+%).*?</b> <small>(\d+–\d+%)</small>'
        r" <small>of (\d+) leads</small> <small>expected (\d+%)</small>.*?<small class=\"all\">(\d+) leads in all",
        page,
    )
    told = [
        (
            cell.name,
            cell.segment.value,
            ENGLISH.percent(rate.share),
            ENGLISH.interval(rate.low, rate.high),
            str(rate.leads),
            ENGLISH.percent(rate.expected_share),
            str(cell.counted.leads),
        )
        for cell in report.cells
        for rate in [cell.counted.scored_rate]
    ]
    assert shown == told


def test_the_darkest_cell_has_the_highest_rate_and_few_leads_have_no_colour(made: Callable[..., Any]) -> None:
    report = made(lambda context: grid(context, EVERYTHING))
    few = replace(report.cells[3], counted=replace(report.cells[3].counted, scored=9, scored_sqls=9))
    report = replace(report, cells=(*report.cells[:3], few, *report.cells[4:]))
    views = [view for _, row in grid_view(report, EVERYTHING, choices_of_none(), ENGLISH).rows for view in row]
    assert views[3].shade == 0
    enough = [view for view in views if view.cell.counted.scored >= 10]
    highest = max(enough, key=lambda view: view.cell.counted.scored_rate.share or 0)
    assert highest.shade == SHADES
    assert all(1 <= view.shade <= SHADES for view in enough)


def test_the_form_shows_the_period_and_offers_to_clear_only_what_was_asked(made: Callable[..., Any]) -> None:
    report = made(lambda context: grid(context, EVERYTHING))
    form = grid_view(report, EVERYTHING, choices_of_none(), ENGLISH).form
    assert (form.since, form.is_filtered) == ("2025-10-22", False)
    asked = LeadFilter(owner="Ada")
    narrow = made(lambda context: grid(context, asked))
    assert grid_view(narrow, asked, choices_of_none(), ENGLISH).form.is_filtered


def test_a_list_says_what_was_asked_and_pages_keep_it(made: Callable[..., Any]) -> None:
    asked = LeadsAsked(LeadFilter(source="ads"), segment="golden", outcome="open", by_lot=True, rows=5)
    report = made(lambda context: lead_list(context, replace(asked, page=1)))
    view = leads_view(report, ENGLISH)
    named = dict(view.which)
    assert (named["Segment"], named["Outcome"], named["Source"], named["By lot"]) == ("golden", "open", "ads", "yes")
    assert view.before is None
    if report.pages > 1:
        assert view.after is not None
        assert "segment=golden&outcome=open&by_lot=yes&page=2" in view.after


def test_ids_and_names_are_written_as_text(made: Callable[..., Any]) -> None:
    report = made(lambda context: lead_list(context, LeadsAsked(EVERYTHING)))
    first = replace(report.listed[0], lead_id="<b>/1", sector="<i>", reason="<script>", outcome="rejected")
    page = html("leads.html", leads_view(replace(report, listed=(first,)), ENGLISH))
    assert '<a href="/leads/%3Cb%3E%2F1">&lt;b&gt;/1</a>' in page
    assert "<script>" not in page
    assert "<i>" not in page


def test_rare_reasons_share_a_column_and_small_groups_are_only_counted(made: Callable[..., Any]) -> None:
    report = made(lambda context: rejections(context, EVERYTHING))
    view = rejections_view(report, EVERYTHING, choices_of_none(), ENGLISH)
    assert len(view.columns) == min(COLUMNS + 1, len(report.whole.reasons))
    for part in view.parts:
        for row in part.rows:
            assert sum(cell.rate.positives for cell in row.reasons) == row.rejected.positives
    source = report.parts["source"]
    many = replace(source, groups=source.groups[:1] * (SHOWN_GROUPS + 4), of_groups=SHOWN_GROUPS + 9)
    view = rejections_view(replace(report, parts={"source": many}), EVERYTHING, choices_of_none(), ENGLISH)
    assert (len(view.parts[0].rows), view.parts[0].left_out) == (SHOWN_GROUPS, 9)


def test_the_overview_tells_every_notice_with_where_to_go(made: Callable[..., Any]) -> None:
    report = made(overview)
    view = overview_view(report, ENGLISH)
    assert len(view.notices) == len(report.attention) > 0
    page = html("overview.html", view)
    assert page.count('<a href="/agreement/breaches?state=waiting">') == 1
    assert all(f'<a href="{notice.address}">' in page.replace("&amp;", "&") for notice in view.notices)


def test_a_chart_has_all_its_numbers_in_its_table_and_none_of_no_leads() -> None:
    rates = [("A1", Rate(5, 20, 6.0)), ("A2", Rate(0, 0)), ("A3", Rate(1, 4))]
    chart = rates_chart("id", "says", "Cell", rates, ENGLISH)
    assert chart.rows == [("A1", "25%", "11–47%", "5", "20", "30%"), ("A3", "25%", "5–70%", "1", "4", "–")]
    spec = chart.drawing.to_dict()
    points = spec["datasets"][spec["layer"][1]["data"]["name"]]
    assert [(point["name"], point["share"]) for point in points] == [("A1", 0.25), ("A1", 0.3), ("A3", 0.25)]


def test_the_pages_are_whole_in_spanish_too(made: Callable[..., Any]) -> None:
    spanish = formats_of(Locale("es"), ZoneInfo("Europe/Madrid"))
    report = made(lambda context: grid(context, EVERYTHING))
    page = html("grid.html", grid_view(report, EVERYTHING, choices_of_none(), spanish), spanish)
    assert "Cómo cambió el conjunto desde el mes pasado" in page
    assert "leads en total" in page


def choices_of_none() -> dict[str, list[str]]:
    return {"sector": [], "size": [], "source": [], "campaign": [], "owner": []}
