"""The pages of a small sample company in a real browser, which reaches nothing but them."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from screenshots.chromium import NoChromiumError, open_chromium
from screenshots.logging_in import log_in
from screenshots.running_pages import RunningPages, running_pages
from serving.access import Role
from training.demo import demo_config, run_demo

NOW = datetime(2026, 6, 30, 10, 0, tzinfo=UTC)  # a Tuesday
LEADS = 1_500
SCREEN = {"width": 1280, "height": 800}
DRAWN = "[...document.querySelectorAll('.vega')].every((place) => place.querySelector('svg'))"
PHONE = {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a browser. Tests are skipped where Chromium is not installed.

    It ends with the module: while it is there, an event loop runs, and other modules' tests cannot start their own.
    """
    try:
        with open_chromium() as browser:
            yield browser
    except NoChromiumError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def sample_company(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Give the folder of a company that a demo made. All workers of a run share it; the first to come makes it."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    folder = shared / "sample-company"
    with (shared / "sample-company.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            draft = shared / "sample-company-draft"
            run_demo(draft, LEADS, NOW, lambda: nullcontext(lambda *_: None))
            draft.rename(folder)
    return folder


@pytest.fixture(scope="module")
def pages(browser: Browser, sample_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPages]:
    """Give the running pages of a company of this worker's own. The browser comes first: without, nothing is made."""
    assert browser.is_connected()
    folder = tmp_path_factory.mktemp("company") / "sample"
    shutil.copytree(sample_company, folder)
    with running_pages(demo_config(folder), NOW) as running:
        yield running


@dataclass
class Reader:
    """Somebody who reads the pages: their browser's page, and what went wrong in it.

    complaints: what the browser wrote to its console, and errors of scripts. strays: addresses elsewhere that it asked.
    """

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    def opens(self, path: str, *, draws: bool = True) -> None:
        """Open a page, and wait until its charts are there; without script (`draws`) there are none."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        if draws:
            self.page.wait_for_function(DRAWN)


Reading = Callable[..., Reader]


class Windows:
    """Windows of the browser, one for each kind of reader: what is loaded in one is there for its next tab."""

    def __init__(self, browser: Browser, pages: RunningPages) -> None:
        self.address = pages.address
        self._browser = browser
        self._pages = pages
        self._logged_in: dict[Role, Any] = {}
        self._open: dict[str, BrowserContext] = {}

    def open_tab(self, role: Role | None, settings: dict[str, Any]) -> Page:
        """Open an empty tab in the window of who has the key of a role (None: no key) and these settings."""
        kind = repr((role, settings))
        if kind not in self._open:
            known = {} if role is None else {"storage_state": self._kept_of_log_in(role)}
            self._open[kind] = self._browser.new_context(**({"viewport": SCREEN, "locale": "en-GB"} | known | settings))
            self._open[kind].set_default_timeout(10_000)
        return self._open[kind].new_page()

    def _kept_of_log_in(self, role: Role) -> Any:
        if role not in self._logged_in:
            with self._browser.new_context() as context:
                log_in(context.new_page(), self._pages, role, after="/")
                self._logged_in[role] = context.storage_state()
        return self._logged_in[role]

    def close(self) -> None:
        """Close all windows."""
        for context in self._open.values():
            context.close()


@pytest.fixture(scope="module")
def windows(browser: Browser, pages: RunningPages) -> Iterator[Windows]:
    """Give the windows in which the readers of a module's tests open their tabs."""
    with closing(Windows(browser, pages)) as windows:
        yield windows


@pytest.fixture
def reading(windows: Windows) -> Iterator[Reading]:
    """Give what makes a reader, logged in with the key of a role (None: not); further settings are of the browser's."""
    with making_readers(windows) as make:
        yield make


@contextmanager
def making_readers(windows: Windows) -> Iterator[Reading]:
    """Give what makes readers; at the end, none of them may have had a complaint or asked for anything elsewhere."""
    readers: list[Reader] = []

    def make(role: Role | None = Role.CRM, **settings: Any) -> Reader:
        reader = Reader(windows.open_tab(role, settings), windows.address)
        readers.append(reader)
        reader.page.on("console", lambda message: _note(reader, message.type, message.text))
        reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))
        reader.page.on("request", lambda request: _note_stray(reader, request.url))
        return reader

    yield make
    for reader in readers:
        reader.page.close()
    assert [complaint for reader in readers for complaint in reader.complaints] == []
    assert [stray for reader in readers for stray in reader.strays] == []


def _note(reader: Reader, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        reader.complaints.append(f"{kind}: {text}")


def _note_stray(reader: Reader, url: str) -> None:
    if not url.startswith((f"{reader.address}/", "data:")):
        reader.strays.append(url)
