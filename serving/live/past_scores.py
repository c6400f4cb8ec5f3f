"""Gives leads that were handed over before there was a model their score as of the hand-over, from what was known then.

Only leads that came after all that the model learned from: of the others it knows the outcome, and to hold its scores
against that would flatter it. What is done stays done; done again, only what is left is done.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from features.errors import DataError
from features.problems import Problem
from features.progress import Progress
from features.store import Store
from features.store.fact_rules import FactRules
from features.store.facts import refresh_facts
from features.store.hand_overs import HandOvers, Unscored, count_unscored, still_unscored, unscored_after
from features.store.ledger import Trigger
from serving.live.live_model import SHOWN_REASONS, LiveModel, ScoredLead
from serving.live.recorded import record_scores

LEADS_AT_ONCE = 2_000  # read, scored and written within a second or two


@dataclass(frozen=True)
class PastScored:
    """What was done. too_old: leads that stay without a score of their hand-over, since the model knows their like.

    learned_until: the hand-over of the newest lead that the model learned from; None where it learned from none.
    """

    model_version: str
    learned_until: datetime | None
    scored: int
    too_old: int

    def to_json(self) -> dict[str, Any]:
        """Give the result as plain JSON values."""
        return asdict(self) | {"learned_until": self.learned_until and self.learned_until.isoformat()}

    def lines(self) -> list[str]:
        """Give the result as a person reads it on a terminal."""
        done = f"{self.scored:,} leads scored as of their hand-over with version {self.model_version}."
        if not self.too_old or self.learned_until is None:
            return [done]
        why = f"version {self.model_version} learned from leads handed over until {self.learned_until:%Y-%m-%d}"
        return [done, f"{self.too_old:,} older leads stay without: {why}."]


def score_past(
    store: Store,
    live: LiveModel,
    now: datetime,
    progress: Progress,
    *,
    rules: FactRules,
    at_once: int = LEADS_AT_ONCE,
) -> PastScored:
    """Score all leads that were handed over by now and have no score of that moment; count them anew by `rules`.

    Nobody is told of these scores by webhook: they are no news. Raises DataError where the model does not say until
    when it learned, StoreError where the store cannot be used.
    """
    since = _learned_until(live)
    wanted, scored, last = Unscored(since, now), 0, None
    with store.reading() as connection:
        total = count_unscored(connection, wanted)
        all_of_them = total if since is None else count_unscored(connection, Unscored(None, now))
    while True:
        progress("Scoring past hand-overs", min(1.0, scored / max(total, 1)))
        with store.reading() as connection:
            some = unscored_after(connection, wanted, last, at_once)
        if not some.lead_ids:
            progress("Scored", 1.0)
            return PastScored(live.model.version, since, scored, all_of_them - total)
        scored += _write(store, wanted, _scored(live, some), now, rules)
        last = some.lead_ids[-1]


def _learned_until(live: LiveModel) -> datetime | None:
    info = live.model.info
    if info.learned_until is None and info.learned_in_order:
        what = f"version {live.model.version} learned from leads without a time, so nobody can say which came after"
        raise DataError([Problem(what, "name [leads] handed_over_at and train again")])
    return info.learned_until


def _scored(live: LiveModel, some: HandOvers) -> list[ScoredLead]:
    features = live.features(some.lead_ids, some.attributes, some.events, some.handed_over_at)
    return [
        ScoredLead(lead_id, as_of, live.model.version, values, live.model.score_values(list(values), SHOWN_REASONS))
        for lead_id, as_of, values in zip(some.lead_ids, some.handed_over_at, features.iter_rows(), strict=True)
    ]


def _write(store: Store, wanted: Unscored, scored: Sequence[ScoredLead], now: datetime, rules: FactRules) -> int:
    """Write the scores of those leads of which nothing else was written meanwhile, and give how many."""
    with store.writing() as connection:
        still = still_unscored(connection, wanted, [each.lead_id for each in scored])
        new = [each for each in scored if still.get(each.lead_id) == each.as_of]
        record_scores(connection, new, Trigger.PAST, now)
        refresh_facts(connection, [each.lead_id for each in new], rules)
    return len(new)
