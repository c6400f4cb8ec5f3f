"""What a model card says against its own model: the limits that a reader has to know, with this model's numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from serving.model.scoring import ModelInfo

MANY_SQLS = 200  # from here on, intervals are narrow enough to choose by
HONEST_TENTHS = 1  # of ten 95 % intervals, one in two cards misses one by chance alone


@dataclass(frozen=True)
class Limit:
    """One limit: a few words, and what follows from it."""

    title: str
    text: str


def known_limits(info: ModelInfo, holdout: Mapping[str, Any]) -> tuple[Limit, ...]:
    """Give the limits of a model that says `info` of itself, and whose quality is `holdout`."""
    training, days = info.training, info.horizon_days
    if not info.has_learned:
        nothing = "Every lead gets what was declared before any outcome was known: points of priors, and their rate."
        return (Limit("Nothing is learned yet", nothing), *_young(training, days))
    return (*_always(days), *_unworked(training), *_young(training, days), *_evidence(training, holdout))


def _always(horizon_days: int) -> Iterator[Limit]:
    yield Limit(
        "A probability is about many leads",
        f"Score 22 means: of 100 such leads, about 22 become SQLs within {horizon_days} days of hand-over. "
        "Of the single lead it says no more than that.",
    )
    yield Limit(
        "Points are not causes",
        "They say what goes with becoming an SQL in these data. One more download sent does not make an SQL.",
    )
    yield Limit(
        "It ages",
        "When campaigns, the market or what sales accepts change, the level of the scores goes wrong first, and their "
        "order later. Compare promised with came true on new leads, recalibrate, retrain.",
    )
    yield Limit(
        "The numbers are a rehearsal",
        "Quality was measured on the newest leads by the same recipe fitted on the older ones. What is served has "
        "learned from all of them; its own record begins with the leads to come.",
    )


def _unworked(training: Mapping[str, Any]) -> Iterator[Limit]:
    unworked, leads = training.get("unworked", 0), training.get("leads", 0)
    if unworked:
        yield Limit(
            "It knows the leads that sales worked",
            f"{unworked:,} of {leads:,} leads ({unworked / leads:.0%}) were never worked and taught it nothing. If "
            "sales chose by something that the data does not hold, scores of leads like those are a guess.",
        )


def _young(training: Mapping[str, Any], horizon_days: int) -> Iterator[Limit]:
    young = training.get("young", 0)
    if young:
        yield Limit(
            "It does not know the newest leads",
            f"{young:,} leads are younger than {horizon_days} days. To count their early outcomes would make new leads "
            "look better than they are, as sales decides on good ones first.",
        )


def _evidence(training: Mapping[str, Any], holdout: Mapping[str, Any]) -> Iterator[Limit]:
    sqls = training.get("sql", 0)
    if sqls < MANY_SQLS:
        yield Limit("Few SQLs", f"It saw {sqls:,} SQLs. Read the intervals, not the figures in front of them.")
    tenths = holdout.get("tenths", ())
    missed = [each for each in tenths if not each["low"] <= each["predicted"] <= each["high"]]
    if len(missed) > HONEST_TENTHS:
        yield Limit(
            "Not every promise held",
            f"In {len(missed)} of {len(tenths)} tenths, what was promised lies outside the 95 % interval of what came "
            "true. Trust the order of the leads more than the level until it is recalibrated.",
        )
