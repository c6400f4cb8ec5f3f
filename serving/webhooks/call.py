"""Makes one call: to an address that was checked, within a time that is kept, and nowhere else.

The standard library's HTTP client over a socket of our own: libraries that resolve names themselves would have to be
trusted to resolve them the same way twice.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from threading import Event, Timer
from urllib.parse import urlsplit

from serving.webhooks.addresses import AddressRefusedError, Host, Resolve, addresses_of, resolve

TIMEOUT_S = 10.0
PORTS = {"http": 80, "https": 443}
GONE = 410


@dataclass(frozen=True)
class CallResult:
    """How a call ended. error: None where it was delivered; is_gone: there is no such receiver any more."""

    error: str | None = None
    is_gone: bool = False

    @property
    def is_delivered(self) -> bool:
        """Say whether the receiver took it."""
        return self.error is None


class Caller:
    """Makes calls; `resolve` finds the addresses of a host, `tls` says whose certificates are trusted."""

    def __init__(
        self, resolve: Resolve = resolve, tls: ssl.SSLContext | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._resolve = resolve
        self._tls = tls
        self._timeout_s = timeout_s

    def post(self, url: str, may_be_private: bool, headers: Mapping[str, str], body: bytes) -> CallResult:
        """Post a body. Redirects are not followed; every failure is in the result, in words without the address."""
        parts = urlsplit(url)
        host = Host(parts.hostname or "", parts.port or PORTS[parts.scheme], may_be_private)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        try:
            status = self._status(host, parts.scheme == "https", target, headers, body)
        except AddressRefusedError as error:
            return CallResult(str(error))
        except TimeoutError:
            return CallResult(f"did not answer within {self._timeout_s:g} seconds")
        except (OSError, http.client.HTTPException) as error:
            return CallResult(f"could not be called ({type(error).__name__}: {_reason(error)})")
        return _result(status)

    def _status(self, host: Host, tls: bool, target: str, headers: Mapping[str, str], body: bytes) -> int:
        with self._connected(host, tls) as connection:
            connection.request("POST", target, body, dict(headers))
            return connection.getresponse().status

    @contextmanager
    def _connected(self, host: Host, tls: bool) -> Iterator[http.client.HTTPConnection]:
        """Give a connection to a checked address of a host, which ends when the time is over."""
        addresses = addresses_of(host, self._resolve)
        with _connect(addresses, host.port, self._timeout_s) as plain, _ending(plain, self._timeout_s):
            connection: http.client.HTTPConnection
            if tls:
                context = self._tls or _trusting_the_system()
                connection = http.client.HTTPSConnection(host.name, host.port, context=context)
                connection.sock = context.wrap_socket(plain, server_hostname=host.name)
            else:
                connection = http.client.HTTPConnection(host.name, host.port)
                connection.sock = plain
            try:
                yield connection
            finally:
                connection.close()


@lru_cache(maxsize=1)
def _trusting_the_system() -> ssl.SSLContext:
    return ssl.create_default_context()


def _connect(addresses: list[str], port: int, timeout_s: float) -> socket.socket:
    """Connect to the first address that answers. Raises OSError where none does."""
    failed: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout_s / len(addresses))
        except OSError as error:
            failed = error
    raise failed or OSError("the host has no address")


@contextmanager
def _ending(connected: socket.socket, after_s: float) -> Iterator[None]:
    """End a connection when the time is over, however little at a time the other side sends.

    Raises TimeoutError then.
    """
    connected.settimeout(after_s)
    over = Event()

    def end(own: socket.socket) -> None:
        over.set()
        with suppress(OSError):
            own.shutdown(socket.SHUT_RDWR)

    with connected.dup() as own:
        timer = Timer(after_s, end, (own,))
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, http.client.HTTPException) as error:
            if over.is_set():
                raise TimeoutError from error
            raise
        finally:
            timer.cancel()
            timer.join()
        if over.is_set():  # an answer that was cut off may look like a whole one
            raise TimeoutError


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _result(status: int) -> CallResult:
    if 200 <= status < 300:
        return CallResult()
    if 300 <= status < 400:
        return CallResult(f"answered {status}; redirects are not followed")
    return CallResult(f"answered {status}", is_gone=status == GONE)
