"""Scores all open leads anew, so that scores fall with time where nothing happens, and follow a new model.

Leads are read, scored as tables and written a few thousand at a time. A lead gets a new row in the ledger only where
what people see of its score changed since its last row: the rounded score, a grade, the segment, or the model. A run
that was interrupted goes on where it stopped.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from features.progress import Progress
from features.store import Store
from features.store.ledger import StoredScore, Trigger, held_leads, newest_scores
from features.store.rescores import (
    OpenLeads,
    Rescore,
    begin_rescore,
    count_open,
    is_sweep_due,
    keep_rescore,
    open_leads_after,
    unfinished_rescore,
)
from features.topics import Subscriber
from serving.live.fast_clocks import happened_table
from serving.live.live_model import SHOWN_REASONS, LiveModel, ScoredLead
from serving.live.recorded import record_scores
from serving.model.encoding import Value
from serving.model.scored import ScoredTable

LEADS_AT_ONCE = 5_000  # with twenty events each, read and scored within a second
GOES_ON_FOR = timedelta(hours=12)  # a run that stopped longer ago is left, and a new one begins

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Rescored:
    """What a run did. `scored` counts the leads looked at, `changed` those that got a new row in the ledger.

    went_on: whether it went on with a run that had been interrupted; the counts are of both.
    """

    model_version: str
    scored: int
    changed: int
    went_on: bool

    def to_json(self) -> dict[str, Any]:
        """Give the result as plain JSON values."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Give the result as a person reads it on a terminal."""
        went_on = ["This went on with a run that had been interrupted; the counts are of both."] if self.went_on else []
        done = f"{self.scored:,} open leads scored with version {self.model_version}; {self.changed:,} changed."
        return [done, *went_on]


def rescore(
    store: Store,
    live: LiveModel,
    now: Clock,
    progress: Progress,
    at_once: int = LEADS_AT_ONCE,
    *,
    subscribers: Sequence[Subscriber] = (),
) -> Rescored:
    """Score all open leads as of now. Raises StoreError where the store cannot be used; what is done stays done."""
    run, went_on, total = _begun(store, live, now())
    left = True
    while left:
        progress("Scoring open leads", run.scored / max(total, 1))
        run, left = _next(store, live, run, now, at_once, subscribers=subscribers)
    with store.writing() as connection:
        keep_rescore(connection, run, finished_at=now())
        sweep = is_sweep_due(connection, run)
    if sweep:
        progress("Clearing away what was erased", 1.0)
        store.sweep()
    progress("Scored", 1.0)
    return Rescored(run.model_version, run.scored, run.changed, went_on)


def _begun(store: Store, live: LiveModel, now: datetime) -> tuple[Rescore, bool, int]:
    """Give the run to go on with or a new one, whether it goes on, and how many leads there are to do in all."""
    version = live.model.version
    with store.writing() as connection:
        run = unfinished_rescore(connection, version, now - GOES_ON_FOR)
        went_on = run is not None
        run = run or begin_rescore(connection, version, now)
        return run, went_on, run.scored + count_open(connection, run.last_lead_id)


def _next(
    store: Store, live: LiveModel, run: Rescore, now: Clock, at_once: int, *, subscribers: Sequence[Subscriber]
) -> tuple[Rescore, bool]:
    """Do the next leads; give the run as it is then, and whether there were any."""
    with store.reading() as connection:
        some = open_leads_after(connection, run.last_lead_id, at_once)
        before = newest_scores(connection, some.lead_ids)
    if not some.lead_ids:
        return run, False
    moment = now()
    changed = _changed(live, some, before, moment)
    with store.writing() as connection:
        there = held_leads(connection, [each.lead_id for each in changed])
        new = [each for each in changed if each.lead_id in there]
        record_scores(connection, new, Trigger.RESCORE, moment, subscribers=subscribers)
        run = replace(
            run,
            last_lead_id=some.lead_ids[-1],
            scored=run.scored + len(some.lead_ids),
            changed=run.changed + len(new),
        )
        keep_rescore(connection, run)
    return run, True


def _changed(live: LiveModel, some: OpenLeads, before: dict[str, StoredScore], as_of: datetime) -> Sequence[ScoredLead]:
    """Give the scores of those leads of which people would see a change."""
    events = happened_table(some.events, as_of)
    features = live.features(some.lead_ids, some.attributes, events, as_of)
    shown = _shown(live.model.score_table(features), live.model.version)
    rows = [at for at, lead_id in enumerate(some.lead_ids) if shown[at] != _was_shown(before.get(lead_id))]
    return [_scored(live, some.lead_ids[at], features.row(at), as_of) for at in rows]


def _scored(live: LiveModel, lead_id: str, values: Sequence[Value], as_of: datetime) -> ScoredLead:
    score = live.model.score_values(list(values), SHOWN_REASONS)
    return ScoredLead(lead_id, as_of, live.model.version, values, score)


Shown = tuple[str, int, str, str, str]  # version, score, fit grade, engagement grade, segment


def _shown(table: ScoredTable, version: str) -> list[Shown]:
    frame = table.frame([""] * len(table.probability), 0, version)
    columns = ("model_version", "score", "fit_grade", "engagement_grade", "segment")
    return list(frame.select(columns).iter_rows())


def _was_shown(score: StoredScore | None) -> Shown | None:
    if score is None:
        return None
    rounded = round(100 * score.probability)
    return (score.model_version, rounded, score.fit_grade, score.engagement_grade, score.segment)
