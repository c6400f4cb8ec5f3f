"""Runs the service: worker processes behind one address, watched over and ended in good order."""

import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from features.errors import LeadsiftError
from serving.http.app import create_app
from serving.http.logs import UVICORN_LOGS, configure_logs
from serving.http.settings import ServiceSettings

BACKLOG = 2_048
KEEP_ALIVE_S = 5
STARTUP_S = 60  # how long a worker may take to load its model before it counts as hung
PARENT_LOOK_S = 1.0


def serve(settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT; requests in flight are finished first.

    Raises LeadsiftError where the address cannot be listened on.
    """
    listener = _listen(settings)
    with _metrics_folder() as folder:
        own = replace(settings, metrics_folder=folder)
        config = uvicorn.Config(
            partial(worker_app, own, os.getpid()),
            factory=True,
            workers=settings.workers,
            access_log=False,
            log_config=UVICORN_LOGS,
            server_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=settings.shutdown_s,
            timeout_worker_healthcheck=STARTUP_S,
        )
        Multiprocess(config, sockets=[listener]).run()


def worker_app(settings: ServiceSettings, parent: int) -> FastAPI:
    """Build the app inside a worker process, which ends by itself when its parent is gone."""
    configure_logs()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    return create_app(settings)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)


def _listen(settings: ServiceSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        place = f"{settings.host}, port {settings.port}"
        raise LeadsiftError(
            f"cannot listen on {place}: {error.strerror}; choose another with --host, --port"
        ) from error
    return listener


@contextmanager
def _metrics_folder() -> Iterator[Path]:
    """Give the workers a folder to add up their metrics in, and threads of numerics that do not fight each other.

    Both are read from the environment, by libraries, when a worker first imports them.
    """
    folder = Path(tempfile.mkdtemp(prefix="leadsift-metrics-"))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
