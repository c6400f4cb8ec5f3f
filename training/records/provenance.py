"""Where a model comes from: the data, the code and the libraries, so that a number can be traced and repeated."""

import hashlib
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import polars as pl

from features.tables import Tables

UNKNOWN = "unknown"
LIBRARIES = ("leadsift", "lightgbm", "mlflow", "numpy", "polars", "scikit-learn", "scipy")

_GIT_PATIENCE_S = 10


def data_hash(tables: Tables) -> str:
    """Give a fingerprint of all that training reads: equal tables give the same 64 hex digits on any machine.

    A changed, added or moved value changes it; the order of the columns and the format of the file do not.
    """
    parts = [table_hash(tables.leads), table_hash(tables.events)]
    if tables.outcomes is not None:
        parts.append(table_hash(tables.outcomes))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def table_hash(table: pl.DataFrame) -> str:
    """Give the SHA-256, in hex, of one table's column names, types and values, rows in their order.

    >>> table_hash(pl.DataFrame({"a": [1.5, None], "b": ["x", ""]}))[:8]
    '12556f2d'
    """
    total = hashlib.sha256(f"{table.height} rows\n".encode())
    for column in sorted(table.columns):
        total.update(f"{column!r} {table.schema[column]}\n".encode())
        _add_values(total, table[column])
    return total.hexdigest()


def git_commit(folder: Path) -> str:
    """Give the commit that is checked out where `folder` is, "-dirty" behind it where tracked files differ from it.

    "unknown" outside a checkout, before the first commit, and where git is not installed.
    """
    git = shutil.which("git")
    if git is None:
        return UNKNOWN
    describe = [git, "-C", str(folder), "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"]
    try:
        answer = subprocess.run(describe, capture_output=True, text=True, timeout=_GIT_PATIENCE_S, check=True)  # noqa: S603 - fixed words and a folder, no shell
    except (subprocess.SubprocessError, OSError):
        return UNKNOWN
    return answer.stdout.strip()


def library_versions() -> dict[str, str]:
    """Give the versions of Python and of the libraries that a fitted number can depend on."""
    return {"python": platform.python_version()} | {name: _version(name) for name in LIBRARIES}


def _add_values(total: "hashlib._Hash", values: pl.Series) -> None:
    total.update(np.packbits(values.is_null().to_numpy()).tobytes())
    if not values.dtype.is_numeric() and not values.dtype.is_temporal() and values.dtype != pl.Boolean:
        texts = values.cast(pl.String).fill_null("")
        total.update(texts.str.len_bytes().to_numpy().astype("<u4").tobytes())
        total.update("".join(texts).encode())
        return
    numbers = values.to_physical().to_numpy()
    total.update(np.where(values.is_null().to_numpy(), 0, numbers).astype(numbers.dtype.newbyteorder("<")).tobytes())


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return UNKNOWN
