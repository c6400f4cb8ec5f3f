"""Follows the champion: a process beside the service that publishes whatever the alias in MLflow points to.

    python -m training.records.watcher --tracking-uri URI --model-name NAME --root FOLDER --every SECONDS --parent PID
                                       [--config FILE]

The service never imports MLflow; this does. Whatever fails, the last good bundle stays published and the next look
tries again. A failure is one line of JSON on standard error, said once until it changes. With the config, it also
tells the store which versions there are, and does the rollbacks that people ask for on the page.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from serving.published import Published, note_look
from training.records.deploy import publish_champion
from training.records.registry import Registry

LONGEST_WAIT_S = 30.0  # between looks, after failure upon failure: a rollback must not wait long to be seen
NICENESS = 10  # importing MLflow takes seconds of a core, which the service that starts beside this needs more
_PARENT_CHECK_S = 1.0

Look = Callable[[], Published | None]
Follow = Callable[[Published | None], None]
Log = structlog.typing.FilteringBoundLogger


@dataclass
class Watcher:
    """Looks again and again; remembers what it said last, so that it does not repeat itself.

    `answered` is called after each look that did not fail, and then `follow`, whose failures hold up nothing.
    """

    look: Look
    log: Log
    every_s: float
    answered: Callable[[], None]
    follow: Follow
    failures: int = 0
    said: tuple[str, ...] = ()
    not_followed: str = ""

    def step(self) -> float:
        """Look once and give the seconds until the next look, doubled with each failure in a row."""
        try:
            published = self.look()
            self.answered()
        except Exception as error:  # a watcher that dies would freeze the model in silence
            self.failures += 1
            self._say("champion_not_published", reason=str(error).partition("\n")[0], kind=type(error).__name__)
        else:
            self.failures = 0
            if published is not None:
                self._say("champion_published", version=published.version, digest=published.digest)
            self._follow(published)
        wait: float = self.every_s * 2 ** min(self.failures, 30)
        return min(wait, max(self.every_s, LONGEST_WAIT_S))

    def _follow(self, published: Published | None) -> None:
        try:
            self.follow(published)
            self.not_followed = ""
        except Exception as error:  # as above
            reason = str(error).partition("\n")[0]
            if reason != self.not_followed:
                self.not_followed = reason
                say = self.log.error  # without the traceback: a line a failure
                say("store_not_followed", reason=reason, kind=type(error).__name__)

    def _say(self, event: str, **what: str) -> None:
        if self.said != (event, *what.values()):
            self.said = (event, *what.values())
            say = self.log.info if event == "champion_published" else self.log.error
            say(event, **what)


def main(arguments: Sequence[str] | None = None) -> int:
    """Watch until the parent process is gone or this one is told to stop; give the exit code."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    registry = Registry(options.tracking_uri, options.model_name)
    watcher = Watcher(
        lambda: publish_champion(registry, options.root),
        _json_log(),
        options.every,
        answered=lambda: note_look(options.root),
        follow=_follower(options.config, registry),
    )
    parent_lives = life_of(options.parent)
    while parent_lives():
        _wait(watcher.step(), parent_lives)
    return 0


def life_of(process: int) -> Callable[[], bool]:
    """Give what says, asked again and again, whether a process still lives."""
    if os.getppid() == process:  # then we see its end even while nobody has collected it
        return lambda: os.getppid() == process
    return lambda: _is_known(process)


def _wait(seconds: float, parent_lives: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and parent_lives():
        time.sleep(min(left, _PARENT_CHECK_S))


def _is_known(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _follower(config: Path | None, registry: Registry) -> Follow:
    """Give what keeps the store of a config with the registry; nothing without a config."""
    if config is None:
        return lambda _: None
    from features.config import load_config  # noqa: PLC0415 - a watcher without a config needs neither
    from training.champion.store_follower import StoreFollower  # noqa: PLC0415

    return StoreFollower(load_config(config), registry, lambda: datetime.now(UTC))


def _json_log() -> Log:
    processors: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(),
    ]
    log: Log = structlog.wrap_logger(structlog.PrintLogger(sys.stderr), processors)
    return log


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("training.records.watcher", description="Publishes the champion for the service.")
    parser.add_argument("--tracking-uri", required=True, help="of MLflow's server or database")
    parser.add_argument("--model-name", required=True, help="of the registered model")
    parser.add_argument("--root", required=True, type=Path, help="folder of published bundles")
    parser.add_argument("--every", type=float, default=5.0, help="seconds between looks")
    parser.add_argument("--config", type=Path, help="the leadsift.toml whose store shows the versions")
    parser.add_argument("--parent", required=True, type=int, help="stop when the process with this number is gone")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    os.nice(NICENESS)
    raise SystemExit(main())
