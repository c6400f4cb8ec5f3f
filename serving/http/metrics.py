"""What the service counts, for Prometheus."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(frozen=True)
class Figure:
    """Something that no worker counts: it is read from elsewhere, and shown as it was then."""

    name: str
    said: str
    value: float


class Metrics:
    """The counters of one app. With a folder, `page` adds up those of all workers that share it.

    prometheus_client itself takes the folder from the environment, when it is first imported: `serve` sees to that.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._registry = registry = CollectorRegistry()
        by_route = ["method", "route", "status"]
        self.requests = Counter("leadsift_requests", "Requests answered.", by_route, registry=registry)
        self.seconds = Histogram(
            "leadsift_request_seconds", "Time to answer.", ["route", "status"], buckets=BUCKETS_S, registry=registry
        )
        self.inside = Gauge(
            "leadsift_requests_inside",
            "Requests that are worked on or wait for it, by what limits how many that may be.",
            ["gate"],
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.replays = Counter(
            "leadsift_idempotency_replays", "Writes that were sent again and got their first answer.", registry=registry
        )
        self.leads_scored = Counter("leadsift_leads_scored", "Leads scored.", registry=registry)
        self.unseen_levels = Counter(
            "leadsift_unseen_levels",
            "Category values that the model has no level for.",
            ["attribute"],
            registry=registry,
        )
        self.missing_values = Counter(
            "leadsift_missing_values", "Leads scored without a value for it.", ["attribute"], registry=registry
        )
        self.model_loaded = Gauge(
            "leadsift_model_loaded",
            "1 for the model version that scores.",
            ["version"],
            registry=registry,
            multiprocess_mode="livemax",
        )
        self.model_refused = Gauge(
            "leadsift_model_refused",
            "1 while the newest published model cannot be loaded and an older one, or none, scores.",
            registry=registry,
            multiprocess_mode="livemax",
        )
        self._missing: dict[str, Counter] = {}  # by attribute: looking one up takes longer than counting

    def count_lead(self, unseen: Sequence[str], missing: Sequence[str]) -> None:
        """Count a lead that was scored.

        `unseen` are its attributes with a value that the model does not know, `missing` those without any value.
        """
        self.leads_scored.inc()
        for name in unseen:
            self.unseen_levels.labels(name).inc()
        for name in missing:
            self._missing_value(name).inc()

    def count_leads(self, leads: int, unseen: Mapping[str, int], missing: Mapping[str, int]) -> None:
        """Count leads that were scored elsewhere; `unseen` and `missing` say of how many by attribute."""
        self.leads_scored.inc(leads)
        for name, count in unseen.items():
            self.unseen_levels.labels(name).inc(count)
        for name, count in missing.items():
            self._missing_value(name).inc(count)

    def page(self, figures: Iterable[Figure] = ()) -> bytes:
        """Give all counts, and figures from elsewhere, in Prometheus' text format."""
        together = CollectorRegistry()
        if self._folder is None:
            together.register(self._registry)
        else:
            _forget_ended(self._folder)
            MultiProcessCollector(together, str(self._folder))  # type: ignore[no-untyped-call]  # it has no types
        together.register(_Shown(figures))
        return generate_latest(together)

    def _missing_value(self, name: str) -> Counter:
        known = self._missing.get(name)
        if known is None:
            known = self._missing[name] = self.missing_values.labels(name)
        return known


class _Shown(Collector):
    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = tuple(figures)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for figure in self._figures:
            yield GaugeMetricFamily(figure.name, figure.said, value=figure.value)


def _forget_ended(folder: Path) -> None:
    """Forget what workers that have ended said of themselves; what they counted stays."""
    for file in folder.glob("gauge_live*_*.db"):
        process = int(file.stem.rpartition("_")[2])
        try:
            os.kill(process, 0)
        except OSError:  # gone, or by now a process of somebody else
            file.unlink(missing_ok=True)
