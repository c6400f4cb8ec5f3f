"""Runs benchmarks, and writes docs/benchmarks.md and .json, or -large and -store beside them: `make bench` and others.

Each measures ours and the peers by turns. With names as arguments those alone are measured anew, and what the files
say of the others on this machine stays.
"""

import argparse
import importlib
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.machine import Machine
from benchmarks.report import Measured, render, report_of

USUAL: tuple[str, ...] = ("reasons", "features", "score_files", "training", "service", "service_start", "sql")
LARGE: tuple[str, ...] = ("score_large_files",)
STORE: tuple[str, ...] = ("live_store",)
DOCS = Path(__file__).parent.parent / "docs"


def main() -> None:
    """Measure what was asked for; the files are written after each benchmark, so that none is lost."""
    parser = argparse.ArgumentParser("benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*USUAL, []], help="measure these alone")
    parser.add_argument("--large", action="store_true", help="the case of 10,000,000 leads, into its own files")
    parser.add_argument("--store", action="store_true", help="the live store at size, into its own files")
    options = parser.parse_args()
    names, kind = (LARGE, "-large") if options.large else (STORE, "-store") if options.store else (USUAL, "")
    stem = DOCS / f"benchmarks{kind}"
    report, text = report_of(stem.with_suffix(".json"), Machine.here()), ""
    for name in options.only or names:
        sys.stderr.write(f"{name} ...\n")
        report = replace(report, measured={**report.measured, name: _measure(name)})
        text = render(report, names)
        stem.with_suffix(".json").write_bytes(report.to_json())
        stem.with_suffix(".md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _measure(name: str) -> Measured:
    started = time.monotonic()
    rows = importlib.import_module(f"benchmarks.{name}").measure()
    return Measured(tuple(rows), round(time.monotonic() - started), datetime.now(UTC).date().isoformat())


if __name__ == "__main__":
    main()
