"""The service with its pages, in a thread of this process, on a clock that stands still."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

import uvicorn

from features.config import Config
from features.store import open_store
from serving.access import Role, create_key
from serving.http.app import create_app
from serving.http.settings import ServiceSettings

HOST = "127.0.0.1"
PATIENCE_S = 30.0
NAMES = {Role.CRM: "Ana", Role.MARKETER: "Bruno", Role.SCIENTIST: "Carla"}


@dataclass(frozen=True)
class RunningPages:
    """Where the pages are, and a key for each role. `address` has no slash at its end."""

    address: str
    keys: dict[Role, str]


@contextmanager
def running_pages(config: Config, now: datetime) -> Iterator[RunningPages]:
    """Serve the pages of a company while the block runs; for them it is always `now`."""
    with closing(open_store(config.store.url)) as store:
        keys = {role: create_key(store, role, NAMES[role], now).secret for role in Role}
    with socket.create_server((HOST, 0)) as listening:
        port = listening.getsockname()[1]
        app = create_app(ServiceSettings.of(config, host=HOST, port=port), now=lambda: now)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="on"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            _wait_for(server, thread)
            yield RunningPages(f"http://{HOST}:{port}", keys)
        finally:
            server.should_exit = True
            thread.join()


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the service did not start")
        time.sleep(0.02)
