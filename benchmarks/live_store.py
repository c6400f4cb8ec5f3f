"""The live store at size: filling it, scoring all its open leads anew, and what people and the CRM ask of it."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

import psycopg

from benchmarks.postgres import running_postgres
from benchmarks.row import Row, Way
from benchmarks.running_service import free_port, running_service
from benchmarks.sample_model import make_sample_model
from features.config import load_config
from features.simulation import simulate, write_company
from features.store import open_store
from features.store.fact_rules import FactRules
from serving.access import Role, create_key
from serving.live.live_model import LiveModel
from serving.live.past_scores import score_past
from serving.live.rescore import rescore
from serving.model.bundle import read_bundle
from serving.published import PUBLISHED, current

LEADS, EVENTS_PER_LEAD, SEED = 200_000, 20, 7
TURNS = 15
PAGE_TARGET_S = 0.3
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
PAGES = {  # what is asked for, with the addresses
    "the grid": ("/grid", "/v1/reports/grid"),
    "the worklist": ("/worklist", "/v1/worklist?capacity=50", "/v1/worklist?capacity=50&sector=Software"),
    "the agreement": ("/agreement", "/v1/reports/agreement"),
    "the overview": ("/overview", "/v1/reports/overview"),
    "content and rejections": ("/content", "/rejections"),
}
NOTES = {"content and rejections": " Content is counted anew once a minute; these are views in between."}
WITHOUT_TARGET = {"the overview", "content and rejections"}


@dataclass(frozen=True)
class Found:
    """What one database took, in seconds, and how many open leads there were; pages: the median of each address."""

    import_s: float
    past_s: float
    rescore_s: float
    open_leads: int
    pages: dict[str, float]


def measure() -> list[Row]:
    """Give the rows; about 20 minutes for both databases, one after the other."""
    with TemporaryDirectory(prefix="leadsift-bench-") as name:
        folder = Path(name)
        make_sample_model(folder)
        write_company(simulate(LEADS, EVENTS_PER_LEAD, SEED, datetime.now(UTC).date()), folder)
        with _sqlite(folder) as url:
            found = {SQLITE: _measure(folder, url)}
        with _postgresql() as url:
            found[POSTGRESQL] = _measure(folder, url)
    return [*_work_rows(found), *_page_rows(found)]


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'store.db'}"


@contextmanager
def _postgresql() -> Iterator[str]:
    with running_postgres() as server:
        with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE leadsift TEMPLATE template0")
        yield server.format(name="leadsift")


def _measure(folder: Path, url: str) -> Found:
    import_s = _timed_import(folder, url)
    config, published = load_config(folder / "leadsift.toml"), current(folder / PUBLISHED)
    assert published is not None, "make_sample_model has published one"
    live = LiveModel(read_bundle(published.path, published.version), config.company.zone)
    with closing(open_store(url)) as store:
        started = time.monotonic()
        score_past(store, live, _now(), _quiet, rules=FactRules.of(config))
        scored_at = time.monotonic()
        done = rescore(store, live, _now, _quiet)
        rescored_at = time.monotonic()
        key = create_key(store, Role.CRM, "benchmark", _now()).secret
    past_s, rescore_s = scored_at - started, rescored_at - scored_at
    return Found(import_s, past_s, rescore_s, done.scored, _ask(folder, url, key))


def _timed_import(folder: Path, url: str) -> float:
    command = [sys.executable, "-m", "leadsift", "import", "-c", str(folder / "leadsift.toml")]
    started = time.monotonic()
    environment = os.environ | {"LEADSIFT_STORE_URL": url}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    return time.monotonic() - started


def _ask(folder: Path, url: str, key: str) -> dict[str, float]:
    """Ask for each address in turn, so that what else the machine does falls on all, and give the medians."""
    port, addresses = free_port(), [each for group in PAGES.values() for each in group]
    taken: dict[str, list[float]] = {each: [] for each in addresses}
    with running_service(folder, port, url):
        for turn in range(TURNS + 1):
            for address in addresses:
                seconds = _timed_get(f"http://127.0.0.1:{port}{address}", key)
                if turn:  # the first turn loads templates and fills the databases' caches
                    taken[address].append(seconds)
    return {address: statistics.median(each) for address, each in taken.items()}


def _timed_get(url: str, key: str) -> float:
    request = Request(url, headers={"Authorization": f"Bearer {key}", "Accept": "text/html"})  # noqa: S310 - this machine
    started = time.monotonic()
    with urlopen(request, timeout=60) as answer:  # noqa: S310 - see above
        answer.read()
    return time.monotonic() - started


def _quiet(_step: str, _done: float) -> None:
    pass


def _now() -> datetime:
    return datetime.now(UTC)


def _work_rows(found: dict[str, Found]) -> list[Row]:
    works = {
        f"`leadsift import` of {LEADS:,} leads with {LEADS * EVENTS_PER_LEAD:,} events": "import_s",
        f"`leadsift score-past` of {LEADS:,} leads, as of their hand-over": "past_s",
        f"`leadsift rescore` of {found[SQLITE].open_leads:,} open leads, all new": "rescore_s",
    }
    return [
        Row(
            work=work,
            unit="seconds",
            ways=tuple(Way(database, getattr(each, taken)) for database, each in found.items()),
            result=" and ".join(f"{getattr(each, taken):,.0f} s on {database}" for database, each in found.items()),
            target="no target",
            met=True,
            note="From files to a store that is ready for every page." if taken == "import_s" else "",
        )
        for work, taken in works.items()
    ]


def _page_rows(found: dict[str, Found]) -> list[Row]:
    rows = []
    for name, addresses in PAGES.items():
        slowest = {database: max(each.pages[address] for address in addresses) for database, each in found.items()}
        has_target = name not in WITHOUT_TARGET
        rows.append(
            Row(
                work=f"{name} of {LEADS:,} leads",
                unit="milliseconds",
                ways=tuple(
                    Way(f"`{address}`, {database}", 1_000 * each.pages[address])
                    for address in addresses
                    for database, each in found.items()
                ),
                result=" and ".join(f"{1_000 * each:,.0f} ms on {database}" for database, each in slowest.items()),
                target=f"under {1_000 * PAGE_TARGET_S:.0f} ms" if has_target else "no target",
                met=not has_target or max(slowest.values()) < PAGE_TARGET_S,
                note=f"The slowest address; medians of {TURNS} turns after a first, over HTTP, one at a time."
                + NOTES.get(name, ""),
            )
        )
    return rows
