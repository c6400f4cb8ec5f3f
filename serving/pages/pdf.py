"""A page as PDF, printed by a browser of the Chromium family where there is one."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from features.errors import DataError
from features.problems import Problem

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
PATIENCE_S = 120


def write_pdf(html: str, out: Path) -> None:
    """Print HTML to a file. Raises DataError where there is no browser, or it fails."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        what = f"cannot be printed: none of {', '.join(BROWSERS)} is installed"
        raise DataError([Problem(what, "install one of them, or write an .html file", str(out))])
    with tempfile.TemporaryDirectory(prefix="leadsift-pdf-") as folder:
        page = Path(folder) / "page.html"
        page.write_text(html, encoding="utf-8")
        printed = Path(folder) / "page.pdf"
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        own = ["--no-sandbox"] if is_root else []  # to root, Chromium refuses a sandbox
        quiet = ["--headless", "--disable-gpu", f"--user-data-dir={folder}/profile", "--no-pdf-header-footer"]
        command = [browser, *own, *quiet, f"--print-to-pdf={printed}", page.as_uri()]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)  # noqa: S603 - a browser and our own file
        except subprocess.TimeoutExpired:
            raise _failed(out, browser, f"it did not end within {PATIENCE_S} seconds") from None
        if ended.returncode != 0 or not printed.exists():
            raise _failed(out, browser, ended.stderr.strip().rpartition("\n")[2] or f"code {ended.returncode}")
        shutil.copyfile(printed, out)


def _failed(out: Path, browser: str, why: str) -> DataError:
    return DataError([Problem(f"could not be printed by {browser} ({why})", "write an .html file instead", str(out))])
