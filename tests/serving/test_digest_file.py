"""The digest is one file that loads nothing, says what the reports say, and is written where it was asked for."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from babel import Locale

from features.config import Config, load_config
from features.errors import DataError, StoreError
from features.store import Store, open_store
from features.store.fact_rules import FactRules
from features.store.facts import next_facts
from serving.digest_file import check_digest_file, make_digest, write_digest
from serving.pages.pdf import BROWSERS
from serving.pages.render import formats_of
from serving.reports.digest import Digest
from tests.serving.reports.delivered_leads import MADRID, NOW, fill, make_leads

CONFIG = """
[company]
name = "Müller <& Söhne>"
timezone = "Europe/Madrid"
[sla]
weekly_leads = 22
good_fit_share = 0.5
deliver_by = "Mon 09:00"
qualify_by = "Wed 18:00"
"""
LOADING = re.compile(r"<(script|link|img|iframe|object)\b|@import|url\(|\son\w+=", re.IGNORECASE)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_in(tmp_path)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store with half a year of leads, which is only read."""
    config = config_in(tmp_path_factory.mktemp("company"))
    with closing(open_store(config.store.url)) as store:
        fill(store, make_leads(300, seed=3), FactRules.of(config))
        yield store


def config_in(folder: Path) -> Config:
    (folder / "leadsift.toml").write_text(CONFIG, encoding="utf-8")
    return load_config(folder / "leadsift.toml")


def written(made: Digest, config: Config, language: str, **more: str) -> str:
    out = config.root / f"{language}.html"
    write_digest(made, config, NOW, out, language=language, **more)  # type: ignore[arg-type]  # the address alone
    return out.read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "said"), [("en", "What needs attention"), ("es", "Qué requiere atención")])
def test_it_is_one_file_without_script_or_anything_to_load(
    store: Store, config: Config, language: str, said: str
) -> None:
    html = written(make_digest(store, config, NOW), config, language)
    assert html.lstrip().startswith("<!doctype html>")
    assert f'<html lang="{language}">' in html
    assert said in html
    assert "Müller &lt;&amp; Söhne&gt;" in html
    assert html.count("<svg") == 3
    assert LOADING.search(html) is None
    assert "href=" not in html


def test_its_figures_are_those_of_the_reports(store: Store, config: Config) -> None:
    made = make_digest(store, config, NOW)
    html, f = written(made, config, "en"), formats_of(Locale("en"), MADRID)
    assert f"<b>{made.overview.this.leads}</b>delivered to sales" in html
    (week,) = (each for each in made.agreement.weeks if each.week == made.overview.this.week)
    assert made.overview.this.leads == week.delivered.leads > 0
    for cell in made.grid.cells:
        rate = cell.counted.scored_rate
        assert not rate.leads or f"expected {f.percent(rate.expected_share)}</small>" in html
    rejected = made.rejections.whole.rate
    assert f"decided on {rejected.leads} and rejected {rejected.positives}." in html
    assert made.to_json().keys() == {"overview", "agreement", "grid", "worklist", "rejections", "content"}


def test_links_lead_to_the_pages_of_the_address_that_was_given(store: Store, config: Config) -> None:
    html = written(make_digest(store, config, NOW), config, "en", address="https://leads.acme.example/")
    addresses = re.findall(r'href="([^"]+)"', html)
    assert {"https://leads.acme.example/overview", "https://leads.acme.example/rejections"} <= set(addresses)
    assert all(each.startswith("https://leads.acme.example/") for each in addresses)


def test_charts_are_written_beside_it_as_pictures(store: Store, config: Config) -> None:
    folder = config.root / "charts"
    write_digest(make_digest(store, config, NOW), config, NOW, config.root / "w.html", language="en", charts=folder)
    found = sorted(folder.iterdir())
    assert [file.name for file in found] == ["cohorts.png", "deliveries.png", "grid.png"]
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in found)


def test_a_store_without_a_lead_makes_a_digest_that_says_so(config: Config) -> None:
    store = open_store(config.store.url)
    with store.writing() as connection:
        while next_facts(connection, FactRules.of(config)):
            pass
    assert "No lead was handed over yet." in written(make_digest(store, config, NOW), config, "en")


def test_figures_that_do_not_follow_the_store_yet_are_not_sent(config: Config) -> None:
    with pytest.raises(StoreError, match="do not follow the whole store yet; run `leadsift import`"):
        make_digest(open_store(config.store.url), config, NOW)


def test_another_ending_and_a_place_that_cannot_be_written_are_refused(store: Store, config: Config) -> None:
    with pytest.raises(DataError, match=r"'week.docx' has no ending that a digest can have; use .html or .pdf"):
        check_digest_file(Path("week.docx"))
    made, nowhere = make_digest(store, config, NOW), config.root / "nowhere" / "week.html"
    with pytest.raises(DataError, match=r"nowhere/week.html: cannot be written \(No such file or directory\)"):
        write_digest(made, config, NOW, nowhere, language="en")


def test_a_pdf_without_a_browser_is_refused_with_what_to_do(
    store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(config.root))
    made = make_digest(store, config, NOW)
    with pytest.raises(DataError, match=r"cannot be printed: none of chromium, .* install one of them, or write an"):
        write_digest(made, config, NOW, config.root / "week.pdf", language="en")


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="no Chromium is installed")
def test_a_pdf_is_printed_where_there_is_a_browser(store: Store, config: Config) -> None:
    out = config.root / "week.pdf"
    write_digest(make_digest(store, config, NOW), config, NOW, out, language="es")
    assert out.read_bytes().startswith(b"%PDF-")
