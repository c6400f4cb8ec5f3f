"""The report: docs/benchmarks.md for people, docs/benchmarks.json for programs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from benchmarks.machine import Machine
from benchmarks.row import Row, Way


@dataclass(frozen=True)
class Measured:
    """What one benchmark found: its rows, and in how many seconds on which day they were measured."""

    rows: tuple[Row, ...]
    seconds: int
    day: str


@dataclass(frozen=True)
class Report:
    """What was measured on one machine, by the name of the benchmark."""

    machine: Machine
    measured: Mapping[str, Measured] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """Give the report as indented JSON."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def report_of(path: Path, machine: Machine) -> Report:
    """Give the report in a file, or an empty one where there is none or it is of another machine or other versions."""
    if path.exists():
        found = orjson.loads(path.read_bytes())
        if found["machine"] == asdict(machine):
            return Report(machine, {name: _measured(each) for name, each in found["measured"].items()})
    return Report(machine)


def render(report: Report, names: Iterable[str]) -> str:
    """Give docs/benchmarks.md, in the order of `names`: the table of targets, then each row with all its ways."""
    machine = report.machine
    packages = ", ".join(f"{name} {version}" for name, version in machine.packages.items())
    measured = [report.measured[name] for name in names if name in report.measured]
    rows = [row for each in measured for row in each.rows]
    days = " and ".join(sorted({each.day for each in measured}))
    lines = [
        "# Speed, side by side with peers",
        "",
        f"Made by the benchmarks in {sum(each.seconds for each in measured) / 60:.0f} minutes, on {days}. In each, "
        "ours and the peers' take turns; what stands here are medians and their ratios. Other machines give other "
        "seconds.",
        "",
        f"{machine.cores} cores of {machine.processor}, {machine.memory_bytes / 2**30:.0f} GiB, {machine.system}, "
        f"Python {machine.python}, {packages}.",
        "",
        "| work | result | target | met |",
        "|---|---|---|---|",
        *(f"| {row.work} | {row.result} | {row.target} | {'yes' if row.met else '**no**'} |" for row in rows),
        *(line for row in rows for line in _details(row)),
    ]
    return "\n".join([*lines, ""])


def _measured(value: dict[str, Any]) -> Measured:
    rows = (Row(**{**row, "ways": tuple(Way(**way) for way in row["ways"])}) for row in value["rows"])
    return Measured(tuple(rows), value["seconds"], value["day"])


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
