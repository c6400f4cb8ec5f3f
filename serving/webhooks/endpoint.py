"""Sends what waits in the outbox to one webhook, one message after the other."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from features.config import Webhook
from features.store import Store
from features.store.outbox import RETRIED_FOR, Message, State, is_due, put_back, settle, take
from serving.webhooks.call import Caller, CallResult
from serving.webhooks.pauses import pause_after
from serving.webhooks.signing import signed_headers

LEASE = timedelta(minutes=3)  # longer than the slowest name to resolve and the longest call together

Clock = Callable[[], datetime]


class Endpoint:
    """One receiver. Its messages go out in the order they became due; what it does not take waits, others pass by.

    Several processes may each have an endpoint of the same name: they share the work.
    """

    def __init__(
        self, store: Store, webhook: Webhook, caller: Caller, now: Clock, draw: Callable[[], float] = random.random
    ) -> None:
        self._store = store
        self._webhook = webhook
        self._caller = caller
        self._now = now
        self._draw = draw

    def send_next(self) -> bool:
        """Send the next message that is due, and say whether there was one.

        Raises StoreError where the store cannot be used; a message that was sent is then sent again later.
        """
        with self._store.reading() as connection:
            if not is_due(connection, self._webhook.name, self._now()):
                return False
        with self._store.writing() as connection:
            message = take(connection, self._webhook.name, self._now(), LEASE)
        if message is None:
            return False
        self._end(message, self._send(message))
        return True

    def _send(self, message: Message) -> CallResult:
        key = self._webhook.secret.get_secret_value()
        headers = {"content-type": "application/json", "user-agent": "leadsift"}
        headers |= signed_headers(key, message.event_id, self._now(), message.body)
        return self._caller.post(self._webhook.url, self._webhook.may_be_private, headers, message.body)

    def _end(self, message: Message, result: CallResult) -> None:
        now = self._now()
        again_at = now + pause_after(message.attempts, self._draw())
        with self._store.writing() as connection:
            if result.error is None:
                settle(connection, message, State.DELIVERED, now)
            elif result.is_gone or again_at > message.created_at + RETRIED_FOR:
                settle(connection, message, State.GIVEN_UP, now, result.error)
                self._say("webhook given up", message, result.error)
            else:
                put_back(connection, message, again_at, result.error)
                self._say("webhook not delivered", message, result.error)

    def _say(self, what: str, message: Message, why: str) -> None:
        say = structlog.get_logger().warning
        say(what, webhook=self._webhook.name, message=message.id, attempts=message.attempts, why=why)
