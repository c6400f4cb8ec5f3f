"""Receivers of webhooks on this machine, an outbox with messages for them, and a clock that is set by hand."""

import base64
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from shutil import which
from threading import Event, Thread

import pytest

from features.config import Webhook
from features.store import Store
from features.store.outbox import Announcement, announce
from features.topics import Topic

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
KEY = b"a key of twenty-four bytes"
SECRET = base64.b64encode(KEY).decode()


@dataclass
class Receiver:
    """An HTTP server that writes down what it gets, and answers with `statuses` in turn, with the last one for ever."""

    port: int = 0
    arrived: Event = field(default_factory=Event)
    statuses: list[int] = field(default_factory=lambda: [200])
    location: str | None = None
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/hooks?from=leadsift"


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Run a receiver on loopback while the block runs."""
    own = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            own.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(own.statuses.pop(0) if len(own.statuses) > 1 else own.statuses[0])
            if own.location:
                self.send_header("Location", own.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            own.arrived.set()

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(HTTPServer):
        def handle_error(self, *_: object) -> None:
            """Say nothing of callers who hang up: tests make them."""

    with Quiet(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        own.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield own
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Give a receiver without TLS."""
    with receiving() as receiver:
        yield receiver


@dataclass(frozen=True)
class Certificate:
    """A certificate for hooks.example that signs itself."""

    file: Path
    key: Path


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Give a certificate for hooks.example; skipped where openssl is missing."""
    if which("openssl") is None:
        pytest.skip("openssl is missing")
    folder = tmp_path_factory.mktemp("certificate")
    made = Certificate(folder / "hooks.pem", folder / "hooks.key")
    what = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    whose = ["-subj", "/CN=hooks.example", "-addext", "subjectAltName=DNS:hooks.example", "-days", "2"]
    subprocess.run(
        [*what, *whose, "-keyout", str(made.key), "-out", str(made.file)], check=True, capture_output=True, timeout=30
    )
    return made


@pytest.fixture
def secure(certificate: Certificate) -> Iterator[Receiver]:
    """Give a receiver with TLS that calls itself hooks.example."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate.file, certificate.key)
    with receiving(tls) as receiver:
        yield receiver


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Give a clock that shows NOW."""
    return Clock()


@pytest.fixture
def webhook_to() -> Callable[[str], Webhook]:
    """Give what makes a webhook named crm, to a host that is allowed by its name."""
    return lambda url: Webhook.model_validate(
        {"name": "crm", "url": url, "secret": SECRET, "allow_private": ["localhost"]}
    )


Tell = Callable[..., None]


@pytest.fixture
def tell(store: Store, webhook_to: Callable[[str], Webhook]) -> Tell:
    """Give what puts a message for crm into the outbox."""

    def tell(event_id: str = "msg_1", at: datetime = NOW) -> None:
        told = Announcement(Topic.GOLDEN, {"lead_id": "a", "score": 31}, "a", event_id)
        with store.writing() as connection:
            announce(connection, [webhook_to("https://crm.example").subscriber], [told], at)

    return tell
