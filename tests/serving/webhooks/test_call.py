"""A call goes to the address that was checked, within its time, and nowhere else."""

import socket
import ssl
from threading import Thread

import pytest

from serving.webhooks.call import Caller, CallResult
from tests.serving.webhooks.conftest import Certificate, Receiver

HERE = "127.0.0.1"


def post(caller: Caller, url: str, *, may_be_private: bool = True) -> CallResult:
    return caller.post(url, may_be_private, {"webhook-id": "msg_1"}, b'{"a": 1}')


def test_path_query_headers_and_body_arrive_as_they_are(receiver: Receiver) -> None:
    assert post(Caller(), receiver.url) == CallResult()
    ((path, headers, body),) = receiver.got
    assert (path, headers["webhook-id"], body) == ("/hooks?from=leadsift", "msg_1", b'{"a": 1}')
    assert headers["host"] == f"localhost:{receiver.port}"


@pytest.mark.parametrize(("status", "is_gone"), [(400, False), (410, True), (429, False), (500, False)])
def test_a_refusal_is_an_error_and_410_is_for_good(receiver: Receiver, status: int, is_gone: bool) -> None:
    receiver.statuses = [status]
    assert post(Caller(), receiver.url) == CallResult(f"answered {status}", is_gone)


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.statuses, receiver.location = [307], receiver.url
    assert post(Caller(), receiver.url) == CallResult("answered 307; redirects are not followed")
    assert len(receiver.got) == 1


def test_a_private_host_that_nobody_allowed_is_not_called(receiver: Receiver) -> None:
    result = post(Caller(), receiver.url, may_be_private=False)
    assert result.error is not None
    assert "an address that is not on the internet" in result.error
    assert receiver.got == []


def test_a_name_is_resolved_once_and_that_address_is_called(receiver: Receiver) -> None:
    answers = iter([[HERE], ["10.0.0.1"]])  # the second is what a rebinding name would say
    url = f"http://rebinding.example:{receiver.port}"
    assert post(Caller(lambda *_: next(answers)), url).is_delivered
    assert next(answers) == ["10.0.0.1"]


def test_the_next_address_is_tried_where_the_first_does_not_answer(receiver: Receiver) -> None:
    url = f"http://two.example:{receiver.port}"
    assert post(Caller(lambda *_: ["::1", HERE]), url).is_delivered


def trusting(certificate: Certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate.file))


def test_with_tls_the_certificate_must_be_the_hosts_own(secure: Receiver, certificate: Certificate) -> None:
    caller = Caller(lambda *_: [HERE], trusting(certificate))
    assert post(caller, f"https://hooks.example:{secure.port}/") == CallResult()
    result = post(caller, f"https://other.example:{secure.port}/")
    assert result.error is not None
    assert "certificate verify failed" in result.error
    assert len(secure.got) == 1


def test_with_tls_an_unknown_certificate_is_refused(secure: Receiver) -> None:
    result = post(Caller(lambda *_: [HERE]), f"https://hooks.example:{secure.port}/")
    assert result.error is not None
    assert "certificate verify failed" in result.error


def test_nobody_there_is_an_error_that_does_not_show_the_address() -> None:
    with socket.socket() as taken:
        taken.bind((HERE, 0))  # bound and not listening: refused
        result = post(Caller(), f"http://localhost:{taken.getsockname()[1]}/?token=canary")
    assert result.error is not None
    assert "ConnectionRefusedError" in result.error
    assert "canary" not in result.error


def test_a_name_that_nobody_knows_is_an_error() -> None:
    def unknown(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert post(Caller(unknown), "http://nowhere.example").error == (
        "could not be called (gaierror: Name or service not known)"
    )


def test_an_answer_that_is_none_is_an_error() -> None:
    assert "BadStatusLine" in str(answered_by(b"not HTTP at all\r\n\r\n"))


def test_a_receiver_that_drips_is_left_when_the_time_is_over() -> None:
    assert answered_by(b"HTTP/1.1 200 OK\r\n", then_drips=True) == "did not answer within 0.3 seconds"


def test_a_receiver_that_is_silent_is_left_when_the_time_is_over() -> None:
    assert answered_by(b"", then_drips=True) == "did not answer within 0.3 seconds"


def answered_by(start: bytes, *, then_drips: bool = False) -> str | None:
    """Call a receiver that answers like this, and then with a header every moment or not at all."""
    with socket.create_server((HERE, 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.settimeout(0.05)
                connection.sendall(start)
                while then_drips and not _hung_up(connection):
                    if start:
                        connection.sendall(b"x: y\r\n")

        thread = Thread(target=answer)
        thread.start()
        result = post(Caller(timeout_s=0.3), f"http://localhost:{server.getsockname()[1]}")
        thread.join(10)
        assert not thread.is_alive()
    return result.error


def _hung_up(connection: socket.socket) -> bool:
    try:
        return connection.recv(65_536) == b""
    except TimeoutError:
        return False
    except OSError:
        return True
