"""What the service is told when it starts; nothing in it reads the environment or a file by itself."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from features.config import Config
from features.errors import DataError
from features.problems import Problem
from features.store.fact_rules import NOTHING_AGREED, FactRules
from features.topics import Subscriber
from serving.published import PUBLISHED

LOCALHOST = "localhost"


@dataclass(frozen=True)
class ServiceSettings:
    """Where the service listens, what it scores with and whom it lets in.

    published: the folder that bundles are published into (see `serving.published`).
    store_url: where the API keys are.
    one_time_token: lets its holder do everything while the service runs; only ever on this machine alone.
    timezone: the company's, for date attributes sent without a time.
    exploration: the share of a worklist's places that are drawn by lot, 0 to 1.
    requests_per_second: how often one key may be used, by all workers together.
    subscribers: who is told what by webhooks; their addresses and secrets are none of the service's business.
    fact_rules: how reports count leads.
    metrics_folder: an empty folder in which several workers add up their metrics, and the use of each key; None for
    a single process.
    Raises DataError where the token would be offered to other machines.
    """

    published: Path
    store_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    one_time_token: str | None = None
    timezone: str = "UTC"
    look_every_s: float = 1.0
    scoring_at_once: int = 64
    batches_at_once: int = 1
    batches_waiting: int = 7
    store_at_once: int = 4
    store_waiting: int = 60
    exploration: float = 0.05
    requests_per_second: float = 5_000
    subscribers: tuple[Subscriber, ...] = ()
    fact_rules: FactRules = NOTHING_AGREED
    shutdown_s: int = 10
    metrics_folder: Path | None = None

    @classmethod
    def of(
        cls, config: Config, *, host: str, port: int, workers: int = 1, one_time_token: str | None = None
    ) -> "ServiceSettings":
        """Give the settings of a service for the company that the config describes."""
        return cls(
            published=config.root / PUBLISHED,
            store_url=config.store.url,
            host=host,
            port=port,
            workers=workers,
            one_time_token=one_time_token,
            timezone=config.company.timezone,
            exploration=config.training.exploration,
            subscribers=config.subscribers,
            fact_rules=FactRules.of(config),
            requests_per_second=config.service.requests_per_second,
        )

    def __post_init__(self) -> None:
        if self.one_time_token is not None and not is_loopback(self.host):
            what = "is not this machine alone, and no API key was made yet"
            remedy = "make one with `leadsift keys create`, or listen on 127.0.0.1"
            raise DataError([Problem(what, remedy, value=self.host)])

    @property
    def one_time_link(self) -> str | None:
        """Give the link that lets its reader in; None where keys do that."""
        if self.one_time_token is None:
            return None
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/?token={self.one_time_token}"


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach a service that listens there.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == LOCALHOST:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
