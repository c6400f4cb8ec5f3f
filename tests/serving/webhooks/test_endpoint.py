"""Messages reach their receiver signed, at least once, and are tried again for three days."""

import base64
import hmac
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import orjson
import pytest
from sqlalchemy import delete, select

from features.config import Webhook
from features.errors import StoreError
from features.store import Store
from features.store.outbox import RETRIED_FOR, queue
from features.store.schema import outbox
from serving.webhooks.call import Caller, CallResult
from serving.webhooks.endpoint import LEASE, Endpoint
from serving.webhooks.pauses import PAUSES, pause_after
from tests.serving.webhooks.conftest import KEY, NOW, Clock, Receiver, Tell

MakeEndpoint = Callable[[str], Endpoint]


@pytest.fixture
def endpoint_to(store: Store, webhook_to: Callable[[str], Webhook], clock: Clock) -> MakeEndpoint:
    """Give what makes an endpoint whose pauses are not spread."""
    return lambda url: Endpoint(store, webhook_to(url), Caller(), clock, draw=lambda: 0.5)


def row(store: Store) -> Any:
    with store.reading() as connection:
        return connection.execute(select(outbox)).mappings().one()


def test_a_message_arrives_signed_over_its_id_time_and_body(
    store: Store, receiver: Receiver, endpoint_to: MakeEndpoint, tell: Tell
) -> None:
    tell()
    assert endpoint_to(receiver.url).send_next()
    ((_, headers, body),) = receiver.got
    assert orjson.loads(body)["data"] == {"lead_id": "a", "score": 31}
    signed = f"msg_1.{int(NOW.timestamp())}.".encode() + body
    expected = base64.b64encode(hmac.digest(KEY, signed, sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_1", str(int(NOW.timestamp())))
    assert headers["content-type"] == "application/json"
    assert row(store)["state"] == "delivered"


def test_what_was_delivered_is_not_sent_again(receiver: Receiver, endpoint_to: MakeEndpoint, tell: Tell) -> None:
    tell()
    endpoint = endpoint_to(receiver.url)
    assert [endpoint.send_next() for _ in range(3)] == [True, False, False]
    assert len(receiver.got) == 1


def test_what_was_refused_comes_again_the_same_after_a_pause(
    store: Store, receiver: Receiver, endpoint_to: MakeEndpoint, tell: Tell, clock: Clock
) -> None:
    tell()
    receiver.statuses = [500, 200]
    endpoint = endpoint_to(receiver.url)
    assert endpoint.send_next()
    waiting = row(store)
    assert (waiting["state"], waiting["last_error"]) == ("waiting", "answered 500")
    clock.now += PAUSES[0] / 2
    assert not endpoint.send_next()
    clock.now += PAUSES[0] / 2
    assert endpoint.send_next()
    (_, first, body), (_, second, again) = receiver.got
    assert (first["webhook-id"], body) == (second["webhook-id"], again)
    assert second["webhook-timestamp"] != first["webhook-timestamp"]
    assert (row(store)["state"], row(store)["attempts"], row(store)["last_error"]) == ("delivered", 2, None)


def test_one_that_is_not_taken_does_not_hold_up_the_next(
    receiver: Receiver, endpoint_to: MakeEndpoint, tell: Tell
) -> None:
    tell("msg_1")
    tell("msg_2")
    receiver.statuses = [500, 200]
    endpoint = endpoint_to(receiver.url)
    assert [endpoint.send_next() for _ in range(3)] == [True, True, False]
    assert [headers["webhook-id"] for _, headers, _ in receiver.got] == ["msg_1", "msg_2"]


def test_after_three_days_a_message_is_given_up_and_stays_to_be_seen(
    store: Store, receiver: Receiver, endpoint_to: MakeEndpoint, tell: Tell, clock: Clock
) -> None:
    tell()
    receiver.statuses = [503]
    endpoint = endpoint_to(receiver.url)
    while row(store)["state"] == "waiting":
        clock.now = row(store)["next_attempt_at"]
        assert endpoint.send_next()
    assert NOW + RETRIED_FOR - PAUSES[-1] < clock.now <= NOW + RETRIED_FOR
    assert row(store)["attempts"] == len(receiver.got) == 25
    with store.reading() as connection:
        assert queue(connection).given_up == 1
    clock.now += RETRIED_FOR
    assert not endpoint.send_next()


def test_a_receiver_that_is_gone_is_not_asked_again(
    store: Store, receiver: Receiver, endpoint_to: MakeEndpoint, tell: Tell
) -> None:
    tell()
    receiver.statuses = [410]
    endpoint_to(receiver.url).send_next()
    assert (row(store)["state"], row(store)["last_error"]) == ("given up", "answered 410")


def test_nothing_of_the_person_nor_of_the_secret_is_logged(
    endpoint_to: MakeEndpoint, tell: Tell, receiver: Receiver, capfd: pytest.CaptureFixture[str]
) -> None:
    tell("msg_canary")
    receiver.statuses = [500]
    endpoint_to(receiver.url).send_next()
    said = capfd.readouterr()
    logged = said.out + said.err
    assert "webhook not delivered" in logged
    for secret in ("msg_canary", base64.b64encode(KEY).decode(), KEY.decode(), "lead_id", "from=leadsift"):
        assert secret not in logged


class _Interrupting(Caller):
    """Does something to the store while the call is under way."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self.meanwhile = meanwhile
        self.calls = 0

    def post(self, *_: object) -> CallResult:
        self.calls += 1
        self.meanwhile()
        return CallResult()


def test_while_one_process_sends_a_message_no_other_does(
    store: Store, webhook_to: Callable[[str], Webhook], tell: Tell, clock: Clock
) -> None:
    tell()
    webhook = webhook_to("https://crm.example")
    other = Endpoint(store, webhook, Caller(), clock)
    found: list[bool] = []
    caller = _Interrupting(lambda: found.append(other.send_next()))
    assert Endpoint(store, webhook, caller, clock).send_next()
    assert found == [False]


def test_a_message_whose_sender_died_is_sent_by_the_next_one(
    store: Store, receiver: Receiver, webhook_to: Callable[[str], Webhook], tell: Tell, clock: Clock
) -> None:
    tell()

    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Endpoint(store, webhook_to(receiver.url), _Interrupting(die), clock).send_next()
    endpoint = Endpoint(store, webhook_to(receiver.url), Caller(), clock)
    assert not endpoint.send_next()
    clock.now += LEASE
    assert endpoint.send_next()
    assert len(receiver.got) == 1


def test_a_lead_that_is_erased_meanwhile_leaves_nothing_behind(
    store: Store, webhook_to: Callable[[str], Webhook], tell: Tell, clock: Clock
) -> None:
    tell()

    def erase() -> None:
        with store.writing() as connection:
            connection.execute(delete(outbox))

    assert Endpoint(store, webhook_to("https://crm.example"), _Interrupting(erase), clock).send_next()
    with store.reading() as connection:
        assert connection.execute(select(outbox)).all() == []


def test_without_the_store_nothing_is_sent(webhook_to: Callable[[str], Webhook], clock: Clock) -> None:
    class Down(Store):
        def __init__(self) -> None:
            pass

        def reading(self) -> Any:
            raise StoreError("down")

    caller = _Interrupting(lambda: None)
    with pytest.raises(StoreError, match="down"):
        Endpoint(Down(), webhook_to("https://crm.example"), caller, clock).send_next()
    assert caller.calls == 0


def test_pauses_grow_and_are_spread_by_a_fifth() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert pause_after(1, draw=0.0) == timedelta(seconds=8)
    assert pause_after(1, draw=1.0) == timedelta(seconds=12)
