"""A real PostgreSQL for the tests: started once by each worker that needs it, and stopped by its own `pg_ctl`."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

USUAL_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
NOT_INSTALLED = "PostgreSQL's programs are not installed"
SETTINGS = ("listen_addresses=''", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Give the URL of a running server, to which the name of a database is added by `postgres_url`.

    It listens on a socket in a folder of its own, so that any number of them run side by side. Tests are skipped where
    PostgreSQL's programs are not installed.
    """
    programs = _programs()
    if programs is None:
        pytest.skip(NOT_INSTALLED)
    folder = Path(tempfile.mkdtemp(prefix="leadsift-postgres-"))  # short: the path of a socket has at most 107 bytes
    run = _runner(folder)
    try:
        run(programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = " ".join(["-k", str(folder), *(f"-c {each}" for each in SETTINGS)])
        control = (programs / "pg_ctl", "-D", folder / "data", "-w")
        run(*control, "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://postgres@/{{name}}?host={folder}"
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """Give the URL of a fresh, empty database, `postgresql://...`."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres_server.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return postgres_server.format(name=name)


def _programs() -> Path | None:
    """Give the folder with PostgreSQL's programs, the newest where there are several; None where there is none."""
    places = [folder for pattern in USUAL_PLACES for folder in Path("/").glob(pattern.removeprefix("/"))]
    asked = shutil.which("pg_config")
    if asked is not None:
        told = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=True)
        places.insert(0, Path(told.stdout.strip()))
    whole = [place for place in places if (place / "initdb").is_file() and (place / "pg_ctl").is_file()]
    return whole[0] if whole else None


def _runner(folder: Path) -> Callable[..., Any]:
    """Give a function that runs a program as a user that PostgreSQL accepts: it refuses to run as root."""
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        try:
            known = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip(f"{NOT_INSTALLED}: there is no user 'postgres' to run them as")
        os.chown(folder, known.pw_uid, known.pw_gid)
        user = {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}

    def run(*words: object) -> None:
        command = [str(word) for word in words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **user)

    return run
