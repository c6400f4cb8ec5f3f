"""Delivers webhooks: a process beside the service, one for all its workers.

    python -m serving.webhooks.deliverer --config FILE --parent PID

It reads the config itself, so that no secret stands in a list of processes. A thread for each webhook sends what is
due, so that a receiver that hangs holds up nobody else. With the store down, it waits and goes on.
"""

import argparse
import os
import signal
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event

from features.config import Config, load_config
from features.store import Store, open_store
from features.store.outbox import clear_settled
from serving.http.logs import configure_logs
from serving.webhooks.breaches import BreachWatch
from serving.webhooks.call import Caller
from serving.webhooks.endpoint import Clock, Endpoint
from serving.webhooks.rounds import Rounds

LOOK_EVERY_S = 1.0  # for messages
WATCH_EVERY_S = 60.0  # for leads that were left waiting, and for what is to be cleared away
LAST_CALLS_S = 11.0  # time enough to finish a call that is under way
PARENT_LOOK_S = 0.5


def main(arguments: Sequence[str] | None = None) -> int:
    """Deliver until the parent process is gone or this one is told to stop; give the exit code."""
    options = _options(arguments)
    ended = Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent tells us, once its workers have ended
    configure_logs()
    config = load_config(options.config)
    with closing(open_store(config.store.url)) as store:
        threads = [rounds.begin(ended) for rounds in rounds_of(config, store, Caller(), lambda: datetime.now(UTC))]
        while os.getppid() == options.parent and not ended.wait(PARENT_LOOK_S):
            pass
        ended.set()
        last = time.monotonic() + LAST_CALLS_S
        for thread in threads:
            thread.join(max(0.0, last - time.monotonic()))
    return 0


def rounds_of(config: Config, store: Store, caller: Caller, now: Clock) -> list[Rounds]:
    """Give all that a deliverer does again and again."""
    endpoints = [
        Rounds(webhook.name, Endpoint(store, webhook, caller, now).send_next, LOOK_EVERY_S)
        for webhook in config.webhooks
    ]
    breaches = BreachWatch(store, config.sla, config.company.zone, config.subscribers)
    return [
        *endpoints,
        Rounds("breaches", lambda: breaches.look(now()), WATCH_EVERY_S),
        Rounds("clearing", partial(_clear, config, store, now), WATCH_EVERY_S),
    ]


def _clear(config: Config, store: Store, now: Clock) -> None:
    with store.writing() as connection:
        clear_settled(connection, [webhook.name for webhook in config.webhooks], now())


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("serving.webhooks.deliverer", description="Delivers the webhooks of a config.")
    parser.add_argument("--config", required=True, type=Path, help="the leadsift.toml")
    parser.add_argument("--parent", required=True, type=int, help="stop when the process with this number is gone")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
