"""What the service counts, for Prometheus."""

from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


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
            "leadsift_request_seconds", "Time to answer.", ["route"], buckets=BUCKETS_S, registry=registry
        )
        self.leads_scored = Counter("leadsift_leads_scored", "Leads scored.", registry=registry)
        self.unseen_levels = Counter(
            "leadsift_unseen_levels",
            "Category values that the model has no level for.",
            ["attribute"],
            registry=registry,
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

    def page(self) -> bytes:
        """Give all counts in Prometheus' text format."""
        if self._folder is None:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, str(self._folder))  # type: ignore[no-untyped-call]  # it has no types
        return generate_latest(together)
