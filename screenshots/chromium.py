"""The browser of this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
NOWHERE_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # no name leads out of this machine
NOT_INSTALLED = "Chromium is not installed"


class NoChromiumError(Exception):
    """There is no browser that could be opened here."""


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Open Chromium, without a window, while the block runs. Raises NoChromiumError where it is not installed."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise NoChromiumError(NOT_INSTALLED)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", NOWHERE_ELSE])
        try:
            yield browser
        finally:
            browser.close()
