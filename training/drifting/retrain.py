"""Whether a new training is worth its while, and why; `leadsift retrain` acts on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import RenderableType

from features.config import Config, Training
from features.labels import label_leads
from features.progress import Progress
from features.sources import read_training_tables
from features.tables import Tables
from features.words import number
from serving.model.scoring import ScoringModel
from training.champion.challenge import can_score, fetch
from training.champion.learned import newer_than
from training.champion.promotion import FEWEST_LEADS, FEWEST_SQLS
from training.drifting.drift import Drift, find_drift
from training.drifting.newest_leads import newest_of
from training.drifting.shown_drift import show_drift
from training.measuring.metrics import Floats
from training.records.registry import Registry
from training.records.scoring_model import registry_of
from training.run import TrainingRun, run_training
from training.run_report import render_run

MORE = 0.2  # of the leads learned from: so many new ones move a model more than its seeds do
SECONDS_PER_DAY = 86_400
NAMED = 3  # drifted things named in the reason


@dataclass(frozen=True)
class Need:
    """Whether to train, and why, as a sentence. drift: what the champion was compared on; None without a model."""

    train: bool
    why: str
    drift: Drift | None = None


@dataclass(frozen=True)
class NewOutcomes:
    """Leads with a known outcome that the last version did not learn from."""

    leads: int
    sqls: int

    @property
    def can_decide(self) -> bool:
        """Say whether they are enough to show that another model is better: fewer are never promoted on."""
        return self.leads >= FEWEST_LEADS and self.sqls >= FEWEST_SQLS


@dataclass(frozen=True)
class Retraining:
    """What became of `leadsift retrain`; `run` is None where nothing was trained."""

    need: Need
    run: TrainingRun | None

    def to_json(self) -> dict[str, Any]:
        """Give the retraining as plain JSON values."""
        return {
            "retrained": self.run is not None,
            "why": self.need.why,
            "drift": self.need.drift and self.need.drift.to_json(),
            "training": self.run and self.run.to_json(),
        }


def retrain(config: Config, if_needed: bool, now: datetime, progress: Progress) -> Retraining:
    """Train, `if_needed` only where `find_need` says so. Raises as `run_training` does."""
    progress("Looking for a need", 0.0)
    need = find_need(config, now) if if_needed else Need(train=True, why="it was asked for")
    if need.drift is not None:
        show_drift(config, need.drift, now)
    run = run_training(config, None, progress, because=need.why) if need.train else None
    return Retraining(need, run)


def find_need(config: Config, now: datetime) -> Need:
    """Say whether to train: drift of severity `error`, enough new outcomes, or a last training long ago.

    What was learned is counted from the last version, promoted or not: else a version that lost against the champion
    would be trained again every night on the same leads. For the same reason drift alone calls for no training while
    there are too few new outcomes to show that another model is better.
    """
    registry = registry_of(config)
    versions = registry.versions()
    if not versions:
        return Need(train=True, why="there is no model yet")
    last = fetch(registry, versions[0])
    tables = read_training_tables(config)
    if not can_score(last, tables):
        return Need(train=True, why=_gone(last, tables))
    served = _served(registry, last)
    drift = find_drift(served, newest_of(config, tables, served))
    y = label_leads(tables, config.label.horizon_days).y
    return decide_need(config.training, last, drift, new_outcomes(y, newer_than(last, tables.leads), last), now)


def decide_need(training: Training, last: ScoringModel, drift: Drift, new: NewOutcomes, now: datetime) -> Need:
    """Decide by what was found: the champion's drift, and the outcomes that came after the last version's."""
    for why in (_drifted(drift, new), _grown(training, last, new), _old(training, last, now)):
        if why is not None:
            return Need(train=True, why=why, drift=drift)
    return Need(train=False, why=_nothing(drift, new, last), drift=drift)


def render_retraining(retraining: Retraining) -> Iterable[RenderableType]:
    """Give the retraining as a person reads it on a terminal."""
    if retraining.run is None:
        yield f"Not trained: {retraining.need.why}."
        return
    yield f"Trained because {retraining.need.why}."
    yield from render_run(retraining.run)


def _served(registry: Registry, last: ScoringModel) -> ScoringModel:
    """Give the champion; the last version where there is none."""
    champion = registry.champion()
    return last if champion is None or champion.number == last.version else fetch(registry, champion)


def new_outcomes(y: Floats, newer: NDArray[np.bool_], last: ScoringModel) -> NewOutcomes:
    """Count what is new to a version: `y` [leads] is NaN where not known, `newer` what came after all that it saw.

    A recalibrated version has seen leads that its parts did not learn from, and outcomes of old leads come late: where
    there is more than was counted at its training, that is new too. In an export that drops old leads there never is.
    """
    known, said = ~np.isnan(y), last.info.training
    after = NewOutcomes(int(known[newer].sum()), int(np.nansum(y[newer])))
    more = NewOutcomes(int(known.sum()) - said["known"], int(np.nansum(y)) - said["sql"])
    return max(after, more, key=lambda new: new.leads)


def _gone(last: ScoringModel, tables: Tables) -> str:
    kinds = {attribute.name: attribute.kind for attribute in tables.attributes}
    gone = [repr(each.name) for each in last.catalog.attributes if kinds.get(each.name) is not each.kind]
    return f"the data no longer has, or has as another kind, what version {last.version} reads: {', '.join(gone)}"


def _drifted(drift: Drift, new: NewOutcomes) -> str | None:
    return f"{_said(drift)}; {_counted(new)}" if drift.errors and new.can_decide else None


def _grown(training: Training, last: ScoringModel, new: NewOutcomes) -> str | None:
    learned = last.info.training["known"]
    enough = training.retrain_after_leads or max(1, ceil(MORE * learned))
    if new.leads < enough:
        return None
    return f"{_counted(new)} since version {last.version}, which learned from {learned:,}; {enough:,} are enough"


def _old(training: Training, last: ScoringModel, now: datetime) -> str | None:
    days = (now - last.info.trained_at).total_seconds() / SECONDS_PER_DAY
    limit = training.champion_max_age_days
    return f"the last training was {number(round(days))} days ago, more than {limit}" if days > limit else None


def _nothing(drift: Drift, new: NewOutcomes, last: ScoringModel) -> str:
    since = f"{_counted(new)} since version {last.version} was trained"
    if not drift.errors:
        return f"nothing needs it: no grave drift, and {since}"
    least = f"fewer than {FEWEST_LEADS} with {FEWEST_SQLS} SQLs cannot show that another model is better"
    return f"{_said(drift)}, but {since}: {least}"


def _said(drift: Drift) -> str:
    titles = list(dict.fromkeys(shift.title for shift in drift.errors))
    more = f" and {len(titles) - NAMED} more" if len(titles) > NAMED else ""
    return f"gravely drifted: {'; '.join(titles[:NAMED])}{more}"


def _counted(new: NewOutcomes) -> str:
    return f"{new.leads:,} more outcomes are known, {new.sqls:,} of them SQLs"
