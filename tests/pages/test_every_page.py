"""Every page is whole for every reader: on a phone, without script, in the dark, for who listens to it."""

from collections.abc import Iterator, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe

from serving.access import Role
from serving.http.pages.framing import PAGES
from tests.pages.conftest import PHONE, Reader, Reading, Windows, making_readers

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


@pytest.fixture(scope="module", params=[*ADDRESSES, "lead"])
def path(request: pytest.FixtureRequest) -> str:
    """Give the address of each page in turn; the lead's is looked up by `opened`."""
    return str(request.param)


@pytest.fixture(scope="module")
def screen(path: str, windows: Windows) -> Iterator[Reader]:
    """Give a reader who has a page before them; whoever changes how it is shown changes it back."""
    with making_readers(windows) as make:
        reader = make(Role.SCIENTIST)
        opened(reader, path)
        yield reader


@pytest.fixture(scope="module")
def phone(path: str, windows: Windows) -> Iterator[Reader]:
    """Give a reader who has a page before them on a phone, in the dark scheme."""
    with making_readers(windows) as make:
        reader = make(Role.SCIENTIST, viewport=PHONE, color_scheme="dark")
        opened(reader, path)
        yield reader


def opened(reader: Reader, path: str, *, draws: bool = True) -> None:
    """Open a page; of a lead, the one that stands first on the worklist."""
    if path == "lead":
        reader.opens("/worklist", draws=draws)
        first = reader.page.locator("main a[href^='/leads/']").first.get_attribute("href")
        assert first is not None
        path = first
    reader.opens(path, draws=draws)


def test_a_page_is_filled_draws_its_charts_and_prints_without_its_controls(screen: Reader) -> None:
    page = screen.page
    assert page.locator("h1").inner_text()
    assert len(page.locator("main").inner_text()) > 200
    assert not page.locator(".notice").filter(has_text="brought up to date").count()
    assert page.locator(".vega svg").count() == page.locator(".vega").count()
    page.emulate_media(media="print")
    assert page.locator("main").is_visible()
    assert not page.locator("header nav").is_visible()
    page.emulate_media(media="screen")


def test_a_page_breaks_no_rule_of_accessibility(screen: Reader) -> None:
    assert violations(screen) == []


def test_a_page_can_be_read_in_the_dark(phone: Reader) -> None:
    assert violations(phone, "rule", ["color-contrast"]) == []


def test_nothing_of_a_page_is_wider_than_a_phone(phone: Reader) -> None:
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert phone.page.evaluate(CUT_OFF) == []


def test_a_page_says_the_same_without_script(screen: Reader, reading: Reading, path: str) -> None:
    without = reading(Role.SCIENTIST, java_script_enabled=False)
    opened(without, path, draws=False)
    figures = [reader.page.locator("main td, main dd").all_text_contents() for reader in (screen, without)]
    assert figures[0] == figures[1] != []
    assert without.page.locator("h1").inner_text() == screen.page.locator("h1").inner_text()


def test_a_page_is_in_spanish(screen: Reader) -> None:
    answer = screen.page.request.get(screen.page.url, headers={"Accept-Language": "es-ES"})
    assert '<html lang="es">' in answer.text()
    assert "Cerrar sesión" in answer.text()


@pytest.mark.parametrize("address", ["/login", "/", "/leads/nobody"])
def test_the_pages_around_break_no_rule_either(reading: Reading, address: str) -> None:
    reader = reading(Role.CRM)
    reader.page.goto(reader.address + address)
    assert violations(reader) == []
    reader.complaints.clear()  # the browser writes down that an address was not found
