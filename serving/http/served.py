"""Which model scores now: follows the published bundles, and keeps the last good one whatever happens."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import structlog

from features.errors import BundleError, NoModelError
from serving.http.metrics import Metrics
from serving.http.scorer import Scorer
from serving.model.bundle import read_bundle
from serving.model.scoring import ScoringModel
from serving.published import Published, current, kept_before, looked_at

NOTHING_PUBLISHED = (
    "no model is published yet; train one with `leadsift train`, or promote one with `leadsift promote`, "
    "and this service takes it up by itself"
)


class ServedModel:
    """The model that scores, swapped between requests: a request keeps the one it began with."""

    def __init__(self, root: Path, zone: tzinfo, metrics: Metrics) -> None:
        self._root = root
        self._zone = zone
        self._metrics = metrics
        self._scorer: Scorer | None = None
        self._taken_up: Published | None = None
        self._refusal: str | None = None

    @property
    def version(self) -> str | None:
        """Give the version that scores; None where none does."""
        return None if self._scorer is None else self._scorer.version

    @property
    def model(self) -> ScoringModel | None:
        """Give the model that scores; None where none does."""
        return None if self._scorer is None else self._scorer.live.model

    @property
    def problem(self) -> str | None:
        """Say that the newest published bundle does not score; None where it does. The log says why."""
        if self._refusal is None:
            return None
        return "the newest published model cannot be loaded (the service's log says why); train or promote again"

    def unasked_for(self, now: datetime) -> timedelta | None:
        """Give how long ago the registry last said which version is the champion; None where it never did."""
        last = looked_at(self._root)
        return None if last is None else now - last

    def scorer(self) -> Scorer:
        """Give what scores. Raises NoModelError that says what to do where nothing does."""
        if self._scorer is None:
            raise NoModelError(self.problem or NOTHING_PUBLISHED)
        return self._scorer

    async def follow(self, every_s: float) -> None:
        """Look for a newer bundle again and again, until cancelled."""
        while True:
            await asyncio.sleep(every_s)
            await asyncio.to_thread(self.look)

    def look(self) -> None:
        """Take up what is published where that is not what scores; what was refused is tried again.

        A worker that starts while the newest bundle is bad takes up the last good one, as the others still have.
        """
        try:
            published = current(self._root)
            if published is not None and published != self._taken_up:
                self._take_up(published.version, published.path)
                self._taken_up = published
            self._refusal = None
            self._metrics.model_refused.set(0)
        except (BundleError, OSError) as error:
            self._refuse(str(error))
            if self._scorer is None:
                self._fall_back()

    def _fall_back(self) -> None:
        with suppress(BundleError, OSError):
            for version, path in kept_before(self._root):
                with suppress(BundleError, OSError):
                    self._take_up(version, path)
                    return

    def _take_up(self, version: str, path: Path) -> None:
        scorer = Scorer(read_bundle(path, version), self._zone, self._metrics.count_lead, path)
        before, self._scorer = self.version, scorer
        if before is not None:
            self._metrics.model_loaded.labels(before).set(0)
        self._metrics.model_loaded.labels(scorer.version).set(1)
        structlog.get_logger().info("model taken up", model_version=scorer.version, before=before)

    def _refuse(self, why: str) -> None:
        if why == self._refusal:
            return
        self._refusal = why
        self._metrics.model_refused.set(1)
        structlog.get_logger().error("model refused", why=why, model_version=self.version)
