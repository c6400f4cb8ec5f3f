"""A picture of each page: as wide as a desk's screen and as a phone's, and of one page in the dark."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from screenshots.logging_in import log_in
from screenshots.running_pages import RunningPages
from serving.access import Role
from serving.http.pages.framing import PAGES

DESK, PHONE = 1280, 390  # wide, in pixels
HEIGHT = 800
TALLEST = 1_400  # of a page, so much is shown
DARK = ("/overview",)  # pages that are shown in the dark too
LEAD = "lead"
HEAVIEST = 250_000  # bytes


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    name: str
    width: int
    scheme: Literal["light", "dark"]


LOOKS = (Look("desk", DESK, "light"), Look("phone", PHONE, "light"), Look("dark", DESK, "dark"))


def take_pictures(browser: Browser, pages: RunningPages, folder: Path) -> Iterator[Path]:
    """Write a picture of each page into `folder`, as PAGE-LOOK.png, and give the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for look in LOOKS:
        context = browser.new_context(
            viewport={"width": look.width, "height": HEIGHT}, color_scheme=look.scheme, locale="en-US"
        )
        page = context.new_page()
        log_in(page, pages, Role.CRM)
        for name, address in _addresses(page, pages):
            if look.scheme == "light" or address in DARK:
                page.goto(pages.address + address)
                yield _take(page, look, folder / f"{name}-{look.name}.png")
        context.close()


def _addresses(page: Page, pages: RunningPages) -> Iterator[tuple[str, str]]:
    """Give the name and the address of each page, last the one of the lead that stands first on the worklist."""
    yield from ((address.strip("/"), address) for address, _ in PAGES)
    page.goto(f"{pages.address}/worklist")
    first = page.locator("main a[href^='/leads/']").first.get_attribute("href")
    assert first is not None, "the sample company has open leads"
    yield LEAD, first


def _take(page: Page, look: Look, file: Path) -> Path:
    page.wait_for_load_state("networkidle")
    for chart in page.locator(".vega").all():
        chart.locator("svg").wait_for()
    height = min(TALLEST, int(page.evaluate("document.documentElement.scrollHeight")))
    page.screenshot(path=file, clip={"x": 0, "y": 0, "width": look.width, "height": height}, full_page=True)
    weight = file.stat().st_size
    assert weight <= HEAVIEST, f"{file} has {weight:,} bytes"
    return file
