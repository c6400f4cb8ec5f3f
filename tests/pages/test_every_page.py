"""Every page is whole for every reader: on a phone, without script, in the dark, for who listens to it."""

from collections.abc import Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe

from serving.access import Role
from serving.http.pages.framing import PAGES
from tests.pages.conftest import PHONE, Reader, Reading

ADDRESSES = [address for address, _ in PAGES]
STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
CUT_OFF = """() => {
    const holds = (e) => getComputedStyle(e).overflowX !== "visible";
    const isHeld = (e) => e !== document.body && (holds(e) || isHeld(e.parentElement));
    const isWider = (e) => e.getBoundingClientRect().right > innerWidth + 1;
    return [...document.querySelectorAll("main *")].filter((e) => isWider(e) && !isHeld(e)).map((e) => e.outerHTML);
}"""


def violations(reader: Reader, kind: str = "tag", values: Sequence[str] = STANDARD) -> list[str]:
    found = Axe().run(
        reader.page, options={"runOnly": {"type": kind, "values": list(values)}, "resultTypes": ["violations"]}
    )
    return [
        f"{each['id']}: {node['html'][:200]} | {node['failureSummary']}"
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


@pytest.fixture(params=[*ADDRESSES, "lead"])
def path(request: pytest.FixtureRequest) -> str:
    """Give the address of each page in turn; the lead's is looked up by `opened`."""
    return str(request.param)


def opened(reader: Reader, path: str) -> None:
    """Open a page; of a lead, the one that stands first on the worklist."""
    if path == "lead":
        reader.opens("/worklist")
        first = reader.page.locator("main a[href^='/leads/']").first.get_attribute("href")
        assert first is not None
        path = first
    reader.opens(path)


def test_a_page_is_filled_draws_its_charts_and_prints_without_its_controls(reading: Reading, path: str) -> None:
    reader = reading(Role.SCIENTIST)
    opened(reader, path)
    assert reader.page.locator("h1").inner_text()
    assert len(reader.page.locator("main").inner_text()) > 200
    assert not reader.page.locator(".notice").filter(has_text="brought up to date").count()
    for chart in reader.page.locator(".vega").all():
        chart.locator("svg").wait_for()
    reader.page.emulate_media(media="print")
    assert reader.page.locator("main").is_visible()
    assert not reader.page.locator("header nav").is_visible()


def test_a_page_breaks_no_rule_of_accessibility(reading: Reading, path: str) -> None:
    reader = reading(Role.SCIENTIST)
    opened(reader, path)
    assert violations(reader) == []


def test_a_page_can_be_read_in_the_dark(reading: Reading, path: str) -> None:
    reader = reading(Role.SCIENTIST, color_scheme="dark")
    opened(reader, path)
    assert violations(reader, "rule", ["color-contrast"]) == []


def test_nothing_of_a_page_is_wider_than_a_phone(reading: Reading, path: str) -> None:
    reader = reading(Role.SCIENTIST, viewport=PHONE)
    opened(reader, path)
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert reader.page.evaluate(CUT_OFF) == []


def test_a_page_says_the_same_without_script(reading: Reading, path: str) -> None:
    with_script, without = reading(Role.SCIENTIST), reading(Role.SCIENTIST, java_script_enabled=False)
    figures = []
    for reader in (with_script, without):
        opened(reader, path)
        figures.append(reader.page.locator("main td, main dd").all_text_contents())
    assert figures[0] == figures[1] != []
    assert without.page.locator("h1").inner_text() == with_script.page.locator("h1").inner_text()


def test_a_page_is_in_spanish(reading: Reading, path: str) -> None:
    reader = reading(Role.SCIENTIST, locale="es-ES")
    opened(reader, path)
    assert reader.page.locator("html").get_attribute("lang") == "es"
    assert reader.page.get_by_role("button", name="Cerrar sesión").count() == 1


@pytest.mark.parametrize("address", ["/login", "/", "/leads/nobody"])
def test_the_pages_around_break_no_rule_either(reading: Reading, address: str) -> None:
    reader = reading(Role.CRM)
    reader.page.goto(reader.address + address)
    assert violations(reader) == []
    reader.complaints.clear()  # the browser writes down that an address was not found
