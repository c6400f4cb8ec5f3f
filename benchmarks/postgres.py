"""A real PostgreSQL of our own: started in a folder for temporary files, and stopped by its own `pg_ctl`."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

USUAL_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
NOT_INSTALLED = "PostgreSQL's programs are not installed"
USER = "postgres"  # it refuses to run as root


class NotInstalledError(Exception):
    """There is no PostgreSQL that could be started here."""


@contextmanager
def running_postgres(settings: Sequence[str] = ()) -> Iterator[str]:
    """Run a server with these settings while the block runs; give its URL with `{name}` for the database's name.

    It listens on a socket in a folder of its own, so that any number of them run side by side. Raises
    NotInstalledError where its programs, or a user to run them as, are missing.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="leadsift-postgres-"))  # short: the path of a socket has at most 107 bytes
    try:
        run = _runner(folder)
        run(programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = " ".join(["-k", str(folder), *(f"-c {each}" for each in ("listen_addresses=''", *settings))])
        control = (programs / "pg_ctl", "-D", folder / "data", "-w")
        run(*control, "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://postgres@/{{name}}?host={folder}"
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Give the folder with PostgreSQL's programs, the newest where there are several."""
    places = [folder for pattern in USUAL_PLACES for folder in Path("/").glob(pattern.removeprefix("/"))]
    asked = shutil.which("pg_config")
    if asked is not None:
        told = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=True)  # noqa: S603 - its own program
        places.insert(0, Path(told.stdout.strip()))
    whole = [place for place in places if (place / "initdb").is_file() and (place / "pg_ctl").is_file()]
    if not whole:
        raise NotInstalledError(NOT_INSTALLED)
    return whole[0]


def _runner(folder: Path) -> Callable[..., Any]:
    """Give a function that runs a program as a user that PostgreSQL accepts."""
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        try:
            known = pwd.getpwnam(USER)
        except KeyError:
            raise NotInstalledError(f"{NOT_INSTALLED}: there is no user {USER!r} to run them as") from None
        os.chown(folder, known.pw_uid, known.pw_gid)
        user = {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}

    def run(*words: object) -> None:
        command = [str(word) for word in words]
        subprocess.run(  # noqa: S603 - its own programs
            command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user
        )

    return run
