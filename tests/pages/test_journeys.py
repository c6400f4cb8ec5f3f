"""What marketers and sales do with the pages, from the log in to the decision that shows in the report."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from screenshots.logging_in import log_in
from screenshots.running_pages import RunningPages
from serving.access import Role
from tests.pages.conftest import Reader, Reading

INK = "getComputedStyle(document.querySelector('.vega svg text')).fill"  # of the first chart's words
REJECTED = re.compile(r"Sales rejected ([\d,]+) of ([\d,]+) leads")


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def figures(reader: Reader) -> list[str]:
    return reader.page.locator(".figures b").all_inner_texts()


def rejected(reader: Reader) -> tuple[int, int]:
    reader.opens("/rejections")
    found = REJECTED.search(reader.page.locator("main").inner_text())
    assert found is not None
    return number(found[1]), number(found[2])


def test_a_page_asks_for_a_key_and_opens_afterwards(reading: Reading, pages: RunningPages) -> None:
    reader = reading(None)
    reader.page.goto(f"{pages.address}/grid")
    expect(reader.page).to_have_url(f"{pages.address}/login?next=/grid")
    log_in(reader.page, pages, Role.MARKETER, after="/grid")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Fit and engagement")
    reader.page.get_by_role("button", name="Log out").click()
    reader.page.goto(f"{pages.address}/grid")
    expect(reader.page).to_have_url(f"{pages.address}/login?next=/grid")


def test_a_filter_leaves_fewer_leads_and_a_cell_opens_just_those(reading: Reading) -> None:
    reader = reading(Role.MARKETER)
    page = reader.page
    reader.opens("/grid")
    cell = page.locator("table.grid").first.locator("tbody td a").first
    all_leads = number(cell.locator(".all").inner_text())
    page.get_by_label("Sector").select_option("Software")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Sector")).to_have_value("Software")
    some = number(cell.locator(".all").inner_text())
    assert 0 < some < all_leads
    cell.click()
    page.wait_for_url("**/grid/leads?**sector=Software**")
    assert str(some) in page.locator("main").inner_text()
    assert page.locator("main tbody th a[href^='/leads/']").count() == min(some, 50)


def test_a_lead_is_opened_from_the_worklist_and_its_reasons_add_up(reading: Reading) -> None:
    reader = reading()
    page = reader.page
    reader.opens("/worklist")
    first = page.locator("table.worklist tbody a").first
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Lead {name}")
    whole = float(figures(reader)[2].replace("−", "-"))
    sides = page.locator("table.bars tfoot td.n").all_inner_texts()
    assert sum(float(side.replace("−", "-")) for side in sides) == pytest.approx(whole, abs=1.01)  # each is rounded


def test_a_lead_that_is_rejected_with_a_reason_shows_in_the_report(reading: Reading) -> None:
    reader = reading()
    page = reader.page
    before = rejected(reader)
    reader.opens("/worklist")
    address = page.locator("table.worklist tbody a").nth(2).get_attribute("href")
    assert address is not None
    reader.opens(address)
    page.get_by_role("radio", name="Reject").check()
    page.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_role("alert")).to_be_visible()  # a rejection needs its reason
    reader.complaints.clear()  # the browser writes down that the form was refused
    page.get_by_label("Reason, where you reject").select_option(index=1)
    page.get_by_role("button", name="Save the decision").click()
    expect(page.locator(".notice.saved")).to_be_visible()
    assert rejected(reader) == (before[0] + 1, before[1] + 1)
    reader.opens("/worklist")
    assert page.locator(f"table.worklist tbody a[href='{address}']").count() == 0


def test_what_helped_is_marked_as_useful(reading: Reading) -> None:
    reader = reading()
    page = reader.page
    reader.opens("/worklist")
    address = page.locator("table.worklist tbody a").nth(1).get_attribute("href")
    assert address is not None
    reader.opens(address)
    content = page.locator("#useful input[type=checkbox]:not([disabled])").first
    name = content.get_attribute("value")
    content.check()
    page.get_by_role("button", name="Mark as useful").click()
    expect(page.locator(".notice.saved")).to_be_visible()
    assert page.locator(f"#useful input[value='{name}']").is_checked()


def test_a_marketer_reads_and_does_not_decide(reading: Reading) -> None:
    reader = reading(Role.MARKETER)
    reader.opens("/worklist")
    address = reader.page.locator("table.worklist tbody a").first.get_attribute("href")
    assert address is not None
    reader.opens(address)
    assert reader.page.get_by_role("button", name="Save the decision").count() == 0


def test_more_capacity_catches_more_of_the_sqls_to_expect(reading: Reading) -> None:
    reader = reading()
    page = reader.page
    caught = []
    for capacity in ("10", "40"):
        reader.opens("/worklist")
        page.get_by_label("Leads that sales can work").fill(capacity)
        page.get_by_role("button", name="Show").click()
        page.wait_for_url(f"**capacity={capacity}**")
        assert page.locator("table.worklist tbody tr").count() == int(capacity)
        caught.append((float(figures(reader)[0]), number(figures(reader)[1])))
    assert caught[0] < caught[1]
    assert caught[0][1] < caught[1][1]


@pytest.mark.parametrize(("path", "name"), [("/worklist?segment=park", "worklist"), ("/agreement", "agreement")])
def test_the_figures_of_a_page_are_downloaded_as_csv(reading: Reading, path: str, name: str, tmp_path: Path) -> None:
    reader = reading()
    reader.opens(path)
    with reader.page.expect_download() as started:
        reader.page.get_by_role("link", name="CSV").click()
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    assert file.name == f"{name}.csv"
    header, *rows = csv.reader(file.read_text(encoding="utf-8").splitlines())
    assert len(rows) > 5
    assert {len(row) for row in rows} == {len(header)}


def test_in_spanish_words_dates_and_numbers_are(reading: Reading) -> None:
    reader = reading(locale="es-ES")
    reader.opens("/worklist")
    assert reader.page.get_by_role("heading", level=1).inner_text() == "Lista de trabajo"
    assert re.fullmatch(r"\d+,\d", figures(reader)[0])
    assert re.search(r"\d+\s%", figures(reader)[1])


def test_everything_is_reached_by_the_keyboard(reading: Reading) -> None:
    reader = reading()
    reader.opens("/overview")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    reader.page.keyboard.press("Enter")
    assert reader.page.url.endswith("#content")


def test_without_script_a_lead_is_decided_all_the_same(reading: Reading) -> None:
    reader = reading(java_script_enabled=False)
    page = reader.page
    reader.opens("/worklist", draws=False)
    address = page.locator("table.worklist tbody a").nth(3).get_attribute("href")
    assert address is not None
    reader.opens(address, draws=False)
    page.get_by_role("radio", name="Accept").check()
    page.get_by_role("button", name="Save the decision").click()
    expect(page.locator(".notice.saved")).to_be_visible()


def test_charts_follow_when_the_scheme_of_the_readers_machine_changes(reading: Reading) -> None:
    reader = reading(color_scheme="dark")
    reader.opens("/agreement")
    in_the_dark = reader.page.evaluate(INK)
    reader.page.emulate_media(color_scheme="light")
    reader.page.wait_for_function(f"(before) => ({INK}) !== before", arg=in_the_dark)
