"""A folder that is there whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from features.errors import DataError
from features.problems import Problem


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder`, which takes its place at the end; where something fails, it is removed.

    Raises DataError where the disk does not take it.
    """
    making: Path | None = None
    try:
        with writing_to(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            making = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
            yield making
            shutil.rmtree(folder, ignore_errors=True)
            making.replace(folder)
    finally:
        if making is not None:
            shutil.rmtree(making, ignore_errors=True)


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Say what keeps a file or a folder from being written: a full disk, or no permission."""
    try:
        yield
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        raise DataError([Problem(what, "make room there, or write elsewhere", file=str(path))]) from error
