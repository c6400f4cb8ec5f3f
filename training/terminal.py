"""Results on standard output, and progress on standard error where that is a terminal."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console, RenderableType
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from features.errors import DataError
from features.problems import Problem
from features.progress import Progress

STANDARD_OUTPUT = "-"
WIDTH_OF_A_PIPE = 140  # where there is no terminal to ask


def show(parts: Iterable[RenderableType], value: Any, json: str | None) -> None:
    """Print a result for people; with `json`, write `value` there instead ("-") or as well (a file).

    Raises DataError where the file cannot be written.
    """
    if json == STANDARD_OUTPUT:
        sys.stdout.write(dump(value))
        return
    if json is not None:
        _write(Path(json), dump(value))
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE, highlight=False, markup=False)
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, str | Text))  # a line stays a line: it may be searched for


def dump(value: Any) -> str:
    """Give a value as indented JSON; what is not a number is null."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
    return orjson.dumps(value, option=options).decode()


@contextmanager
def progress() -> Iterator[Progress]:
    """Give a function that shows how far long work is; silent where standard error is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step, share: None  # noqa: ARG005 - nobody watches
        return
    columns = (TextColumn("{task.description:<32}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda step, share: bar.update(task, description=step, completed=share)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise DataError([Problem(what, "give another file to --json", file=str(path))]) from error
