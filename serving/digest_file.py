"""Makes the digest of the week, and writes it into a file."""

from datetime import datetime
from pathlib import Path

from babel import Locale

from features.config import Config
from features.errors import DataError
from features.problems import Problem
from features.store import Store
from features.store.fact_rules import FactRules
from serving.pages.charts.files import chart_png
from serving.pages.digest import digest_html, digest_page
from serving.pages.pdf import write_pdf
from serving.pages.render import formats_of
from serving.reports.digest import Digest, digest
from serving.reports.report import ReportContext
from serving.stored_reports import check_facts

HTML, PDF = ".html", ".pdf"


def check_digest_file(out: Path) -> None:
    """Raise DataError where a file of this name cannot hold a digest."""
    if out.suffix.lower() not in {HTML, PDF}:
        raise DataError([Problem("has no ending that a digest can have", f"use {HTML} or {PDF}", value=out.name)])


def make_digest(store: Store, config: Config, now: datetime) -> Digest:
    """Count what the digest says, from one state of the store.

    Raises StoreError where the store cannot be used, or is still being counted through.
    """
    with store.reading() as connection:
        context = ReportContext(connection, now, FactRules.of(config), config.training.exploration)
        check_facts(context)
        return digest(context)


def write_digest(
    made: Digest,
    config: Config,
    now: datetime,
    out: Path,
    *,
    language: str,
    charts: Path | None = None,
    address: str | None = None,
) -> None:
    """Write the digest as HTML or, by the file's ending, PDF; and its charts as PNG into a folder.

    Raises DataError where a file cannot be written, or there is no browser to print a PDF.
    """
    f = formats_of(Locale(language), config.company.zone)
    page = digest_page(made, config.company.name or "", now, f, address and address.rstrip("/"))
    html = digest_html(page, f)
    try:
        if out.suffix.lower() == PDF:
            write_pdf(html, out)
        else:
            out.write_text(html, encoding="utf-8")
        if charts is not None:
            charts.mkdir(parents=True, exist_ok=True)
            for name, chart in page.charts.items():
                (charts / f"{name}.png").write_bytes(chart_png(chart))
    except OSError as error:
        place = error.filename or out
        raise DataError([Problem(f"cannot be written ({error.strerror})", "write elsewhere", str(place))]) from error
