"""Copies the embedded store into one file while the service goes on."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, make_url, select

from features.errors import StoreError
from features.progress import Progress
from features.store.schema import leads
from features.store.sqlite_file import copy_whole, file_of, looking_into


@dataclass(frozen=True)
class BackedUp:
    """What a backup holds."""

    file: Path
    bytes: int
    leads: int

    def to_json(self) -> dict[str, Any]:
        """Give the result as plain JSON values."""
        return asdict(self) | {"file": str(self.file)}

    def lines(self) -> list[str]:
        """Give the result as a person reads it on a terminal."""
        size = f"{self.bytes / 1e6:,.1f} MB"
        return [f"{self.leads:,} leads are backed up in {self.file} ({size}), which was read through and is whole."]


def back_up(url: str, to: Path, progress: Progress, *, overwrite: bool = False) -> BackedUp:
    """Write one state of the store into the file `to`, whole or not at all, and look through it.

    Raises StoreError where the store is PostgreSQL, is not there or is damaged, or the file is there already.
    """
    store = file_of(url)
    if store is None:
        raise StoreError(f"a PostgreSQL store is backed up by its own program: {_dump_command(url, to)}")
    if store.exists() and to.exists() and to.samefile(store):
        raise StoreError(f"{to} is the store itself; choose another file")
    if to.exists() and not overwrite:
        raise StoreError(f"{to} is there already; choose another file, or overwrite it with --force")
    progress("Copying the store, and looking through it", 0.0)
    copy_whole(store, to)
    progress("Copied", 1.0)
    with looking_into(to) as connection:
        count = connection.execute(select(func.count()).select_from(leads)).scalar_one()
    return BackedUp(to, to.stat().st_size, count)


def restore_command(url: str, backup: Path) -> str:
    """Give the command that brings a dump back into a PostgreSQL store."""
    return f"pg_restore --clean --if-exists --single-transaction --no-owner --dbname='{_shown(url)}' {backup}"


def _dump_command(url: str, to: Path) -> str:
    return f"pg_dump --format=custom --file={to} '{_shown(url)}'"


def _shown(url: str) -> str:
    """Give a URL for PostgreSQL's own programs, without the password: others could see it; ~/.pgpass is its place."""
    return make_url(url)._replace(drivername="postgresql", password=None).render_as_string()
