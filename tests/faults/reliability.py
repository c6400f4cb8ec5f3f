"""The record of the long runs: docs/reliability.json for programs, docs/reliability.md for people.

Each run replaces its own figures and leaves the others, so that one fault can be looked at again alone.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import orjson

DOCS = Path(__file__).parents[2] / "docs"
HEAD = """# What it survives

Written by `make test-faults`, which breaks a real service on purpose: processes on this machine's loopback, real
databases, and loads that end by themselves. A short form of each runs with all other tests. Every line is of the last
long run of its kind.
"""
FOOT = """
PostgreSQL runs on the same machine, with `fsync` off: what is killed is the service, not the database. SQLite runs as
it is shipped, and flushes each transaction to the disk.

Besides, schemathesis sends every address what the OpenAPI document allows and forbids, and hypothesis, on both
databases, what lies at the limits of bodies and addresses: no status that is not documented, and none of 5xx.
"""


@dataclass(frozen=True)
class Figure:
    """What one long run found, and what it had to find. `store` is the kind of database it ran on."""

    what: str
    store: str
    found: str
    bound: str
    met: bool
    how: str
    measured_on: str
    machine: str


class Note(Protocol):
    """Keeps what a long run found; does nothing in a short one."""

    def __call__(self, *, what: str, found: str, bound: str, how: str, met: bool = True) -> None:
        """Keep it; a run that fails without this leaves the figures of an earlier one."""


def keep(figure: Figure, docs: Path = DOCS) -> None:
    """Put a figure in the place of the one of the same fault and store, and write both files anew."""
    path = docs / "reliability.json"
    known = [Figure(**each) for each in orjson.loads(path.read_bytes())] if path.exists() else []
    others = [each for each in known if (each.what, each.store) != (figure.what, figure.store)]
    figures = sorted([*others, figure], key=lambda each: (each.what, each.store))
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    path.write_bytes(orjson.dumps([asdict(each) for each in figures], option=options))
    (docs / "reliability.md").write_text(render(figures), encoding="utf-8")


def render(figures: list[Figure]) -> str:
    """Give docs/reliability.md: a table of all faults, then how each was tried."""
    lines = ["| what was done | store | found | bound | met |", "|---|---|---|---|---|"]
    lines += [
        f"| {each.what} | {each.store} | {each.found} | {each.bound} | {'yes' if each.met else '**no**'} |"
        for each in figures
    ]
    for each in figures:
        lines += ["", f"**{each.what}, {each.store}**: {each.how}. {each.measured_on}, {each.machine}."]
    return "\n".join([HEAD, *lines, FOOT])
