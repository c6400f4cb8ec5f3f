"""Runs every benchmark, and writes docs/benchmarks.md and docs/benchmarks.json: `make bench`, `make bench-large`.

Each module measures in a run of its own, ours and the peers by turns; a name as argument runs that one alone.
"""

import argparse
import importlib
import sys
import time
from pathlib import Path

from benchmarks.machine import Machine
from benchmarks.report import Report, render
from benchmarks.row import Row

USUAL = ("reasons", "features", "score_files", "training", "service", "service_start", "sql")
LARGE = ("score_large_files",)
DOCS = Path(__file__).parent.parent / "docs"


def main() -> None:
    """Measure what was asked for; the files are written when all of it was."""
    parser = argparse.ArgumentParser("benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*USUAL, *LARGE, []], help="print these alone, and write nothing")
    parser.add_argument("--large", action="store_true", help="the case of 10,000,000 leads, into its own files")
    options = parser.parse_args()
    modules = options.only or (LARGE if options.large else USUAL)
    started = time.monotonic()
    rows = [row for module in modules for row in _measure(module)]
    report = Report(Machine.here(), round(time.monotonic() - started), tuple(rows))
    text = render(report)
    if not options.only:
        stem = "benchmarks-large" if options.large else "benchmarks"
        (DOCS / f"{stem}.md").write_text(text, encoding="utf-8")
        (DOCS / f"{stem}.json").write_bytes(report.to_json())
    sys.stdout.write(text)


def _measure(module: str) -> list[Row]:
    sys.stderr.write(f"{module} ...\n")
    rows: list[Row] = importlib.import_module(f"benchmarks.{module}").measure()
    return rows


if __name__ == "__main__":
    main()
