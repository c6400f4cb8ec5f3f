"""The report of a run: docs/benchmarks.md for people, docs/benchmarks.json for programs."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import orjson

from benchmarks.machine import Machine
from benchmarks.row import Row


@dataclass(frozen=True)
class Report:
    """All rows of one run, on one machine; `seconds` is how long measuring took."""

    machine: Machine
    seconds: int
    rows: tuple[Row, ...]

    def to_json(self) -> bytes:
        """Give the report as indented JSON."""
        value = {
            "machine": asdict(self.machine),
            "seconds": self.seconds,
            "rows": [row.to_json() for row in self.rows],
        }
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def render(report: Report) -> str:
    """Give docs/benchmarks.md: the table of targets, then each row with every way it was done."""
    machine = report.machine
    packages = ", ".join(f"{name} {version}" for name, version in machine.packages.items())
    lines = [
        "# Speed, side by side with peers",
        "",
        f"Made by one run of the benchmarks in {report.seconds / 60:.0f} minutes, on {machine.measured_on}. Ours and "
        "the peers' take turns, and what stands here are medians and their ratios; other machines give other seconds.",
        "",
        f"{machine.cores} cores of {machine.processor}, {machine.memory_bytes / 2**30:.0f} GiB, {machine.system}, "
        f"Python {machine.python}, {packages}.",
        "",
        "| work | result | target | met |",
        "|---|---|---|---|",
        *(f"| {row.work} | {row.result} | {row.target} | {'yes' if row.met else '**no**'} |" for row in report.rows),
        *(line for row in report.rows for line in _details(row)),
    ]
    return "\n".join([*lines, ""])


def _details(row: Row) -> Iterator[str]:
    yield from ("", f"## {row.work[:1].upper()}{row.work[1:]}", "")
    if row.ways:
        ours = row.ways[0].value
        yield f"| way | {row.unit} | ratio to ours |"
        yield "|---|---:|---:|"
        for way in row.ways:
            yield f"| {way.name} | {_figure(way.value)} | {_figure(way.value / ours) if ours else ''} |"
        yield ""
    if row.note:
        yield row.note


def _figure(value: float) -> str:
    """Write a figure with three digits that count.

    >>> _figure(0.04567), _figure(12345.6), _figure(2.5)
    ('0.0457', '12,346', '2.50')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:#.3g}".rstrip(".")
