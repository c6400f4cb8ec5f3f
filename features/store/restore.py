"""Puts a backup in the place of the embedded store, without undoing what was done to that for good."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, func, inspect, select
from sqlalchemy.exc import DBAPIError

from features.errors import StoreError
from features.progress import Progress
from features.store.audit import Action, note
from features.store.backup import restore_command
from features.store.engine import open_store
from features.store.lasting import NOTHING, DoneAgain, Lasting, do_again, lasting_of
from features.store.migrate import check_version
from features.store.own_secrets import SecretName, forget_secret
from features.store.schema import api_keys, leads
from features.store.sqlite_file import (
    COMPANIONS,
    InUseError,
    alone_with,
    check_whole,
    copy_whole,
    file_of,
    looking_into,
    settle,
    told_of_disk,
)


@dataclass(frozen=True)
class Restored:
    """What a store holds that was restored.

    replaced: the file that was in its place, kept; None where there was none. erased_again, revoked_again: leads and
    keys of the backup that the replaced store had erased and revoked. replaced_read: whether it could be asked for
    them.
    """

    leads: int
    replaced: Path | None
    replaced_read: bool
    erased_again: int
    revoked_again: int

    def to_json(self) -> dict[str, Any]:
        """Give the result as plain JSON values."""
        return asdict(self) | {"replaced": None if self.replaced is None else str(self.replaced)}

    def lines(self) -> list[str]:
        """Give the result as a person reads it on a terminal."""
        said = [f"The store is restored with {self.leads:,} leads. Everybody has to log in to the pages again."]
        if self.erased_again:
            erased = f"{self.erased_again:,} leads that were erased since the backup were erased again"
            said.append(f"{erased}; the backup itself still holds them.")
        if self.revoked_again:
            said.append(f"{self.revoked_again:,} keys that were revoked since the backup were revoked again.")
        if not self.replaced_read:
            unread = "What was erased or revoked since the backup could not be read from the store that was replaced"
            said.append(f"{unread}: erase and revoke it again by hand.")
        if self.replaced is not None:
            said.append(f"What was in its place is kept as {self.replaced}; delete it once it is not needed.")
        return said


def restore(url: str, backup: Path, who: str, now: datetime, progress: Progress) -> Restored:
    """Put a backup in the place of the store; until it is there as a whole, the store stays as it is.

    Raises StoreError where the store is PostgreSQL or is in use, or the backup is damaged, is no store, or is that of a
    newer version.
    """
    store = file_of(url)
    if store is None:
        raise StoreError(f"a PostgreSQL store is restored by its own program: {restore_command(url, backup)}")
    draft = store.with_name(f"{store.name}.restoring")
    progress("Looking through the backup", 0.0)
    _check(backup, store)
    with told_of_disk(store), _removed_at_the_end(draft):
        store.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as alone:
            lasting = _lasting(store, alone)
            progress("Copying the backup", 0.3)
            copy_whole(backup, draft)
            progress("Erasing again what was erased since", 0.7)
            done, count = _bring_up(draft, lasting or NOTHING, who, now, f"from {backup.name}")
        replaced = _put_in_place(draft, store, now)
    progress("Restored", 1.0)
    return Restored(count, replaced, lasting is not None, done.erased, done.revoked)


def _check(backup: Path, store: Path) -> None:
    if store.exists() and backup.exists() and backup.samefile(store):
        raise StoreError(f"{backup} is the store itself; give a backup of it")
    check_whole(backup)
    with looking_into(backup) as connection:
        if not inspect(connection).has_table(api_keys.name):
            raise StoreError(f"{backup} holds no store of leadsift; give a file that `leadsift backup` wrote")
        check_version(connection)


def _lasting(store: Path, alone: ExitStack) -> Lasting | None:
    """Give what was done to the store for good, and keep everybody else out; None where it is too damaged to say."""
    if not store.exists():
        return NOTHING
    try:
        return lasting_of(alone.enter_context(alone_with(store)))
    except InUseError:
        raise
    except (StoreError, DBAPIError):
        return None


def _bring_up(draft: Path, lasting: Lasting, who: str, now: datetime, detail: str) -> tuple[DoneAgain, int]:
    """Bring a copy of a backup up to this version and to what was done since; give that, and how many leads it has."""
    url = URL.create("sqlite", database=str(draft)).render_as_string()
    with closing(open_store(url)) as copy, copy.writing() as connection:
        done = do_again(connection, lasting)
        forget_secret(connection, SecretName.SESSIONS)  # it may have been changed since, to end them
        note(connection, who, Action.STORE_RESTORED, now=now, detail=detail)
        count = connection.execute(select(func.count()).select_from(leads)).scalar_one()
    copy_whole(draft, draft)  # without what is left of rows that are gone
    return done, count


def _put_in_place(draft: Path, store: Path, now: datetime) -> Path | None:
    """Let the draft be the store; give where what was there is kept."""
    there, replaced = store.exists(), store.with_name(f"{store.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    if there:
        _give_to_owner_of(store, draft)
        os.link(store, replaced)  # at no moment is there no store: a service would make an empty one
    for beside in _companions(store):  # else SQLite would take the log of another file for that of this one
        beside.rename(f"{replaced}{beside.name.removeprefix(store.name)}")
    draft.replace(store)
    settle(store.parent)
    return replaced if there else None


def _give_to_owner_of(store: Path, draft: Path) -> None:
    own = store.stat()
    draft.chmod(own.st_mode & 0o777)
    with suppress(PermissionError):  # whoever is not root gives nothing away, and needs not
        os.chown(draft, own.st_uid, own.st_gid)


@contextmanager
def _removed_at_the_end(draft: Path) -> Iterator[None]:
    try:
        yield
    finally:
        for each in (draft, *_companions(draft)):
            each.unlink(missing_ok=True)


def _companions(file: Path) -> list[Path]:
    """Give what SQLite left beside a file that was not closed in good order."""
    paths = [file.with_name(file.name + suffix) for suffix in COMPANIONS]
    return [path for path in paths if path.exists()]
