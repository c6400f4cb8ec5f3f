"""Runs the service: worker processes behind one address, watched over and ended in good order."""

import gc
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.importer import import_from_string
from uvicorn.supervisors import Multiprocess

from features.errors import LeadsiftError
from serving.http.logs import UVICORN_LOGS, configure_logs
from serving.http.settings import ServiceSettings

if TYPE_CHECKING:
    from uvicorn._types import ASGIApplication  # uvicorn gives its types at no public place

BACKLOG = 2_048
KEEP_ALIVE_S = 5
STARTUP_S = 60  # how long a worker may take to load its model before it counts as hung
PARENT_LOOK_S = 1.0
SWITCH_S = 0.0005  # how long a thread, one that loads a new model say, may keep the event loop waiting
APP = "serving.http.app:create_app"  # a name, so that the process that only watches over workers never imports it


def _nothing() -> None:
    pass


def serve(settings: ServiceSettings, started: Callable[[], None] = _nothing, app: str = APP) -> None:
    """Serve until SIGTERM or SIGINT; requests in flight are finished first.

    `started` is called once the workers are on their way: what is done in it costs the first request no time.
    `app` is "module:function" of what makes the app from the settings, in each worker.
    Raises LeadsiftError where the address cannot be listened on.
    """
    listener = _listen(settings)
    with _metrics_folder() as folder:
        own = replace(settings, metrics_folder=folder)
        config = uvicorn.Config(
            partial(worker_app, app, own, os.getpid()),
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
        _Supervisor(config, listener, started).run()


class _Supervisor(Multiprocess):
    """Tells when the workers were started."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket, started: Callable[[], None]) -> None:
        super().__init__(config, [listener])
        self._started = started

    def init_processes(self) -> None:
        super().init_processes()
        self._started()


def worker_app(app: str, settings: ServiceSettings, parent: int) -> "ASGIApplication":
    """Build the app inside a worker process, which ends by itself when its parent is gone."""
    configure_logs()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    made: ASGIApplication = import_from_string(app)(settings)
    sys.setswitchinterval(SWITCH_S)
    gc.freeze()  # what was imported stays: looking through it again and again would hold up requests for long
    return made


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
