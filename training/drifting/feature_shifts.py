"""How the newest leads' features differ from those learned from: values, missing cells, new levels, event volumes."""

from collections.abc import Iterator
from math import log

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.attributes import Kind
from features.feature import Feature
from features.primitives import CountInWindow
from features.problems import shorten
from features.words import number
from serving.model.evidence import FeatureEvidence
from serving.model.points import signed
from serving.model.scored import ScoredTable
from serving.model.scoring import ScoringModel
from training.drifting.reference import Numbers, Reference
from training.drifting.shift import Share, Shift, grade
from training.drifting.stability import chance_of_counts, chance_of_rates, population_stability
from training.fitting.encoding import FEWEST_LEADS, FEWEST_SHARE, MOST_LEVELS
from training.measuring.metrics import Floats

STABILITY = (0.1, 0.25)  # the custom of credit scoring: "look" and "another population"
MISSING = (0.05, 0.2)  # moved share of leads: a form that changed moves more, a quiet month moves less
NEW_LEVEL = (0.02, 0.1)  # share of leads whose value the model never learned; from a tenth on it guesses too often
VOLUME = (1.25, 2.0)  # times more or fewer: a quarter is beyond the seasons' swing; at half a tracker is usually broken


def feature_shifts(model: ScoringModel, reference: Reference, scored: ScoredTable) -> Iterator[Shift]:
    """Give every comparison of the features; `scored` are the newest leads, scored by the model.

    Severity is by size alone, warning and error from: population stability index .1 and .25, 5 and 20 points of
    share missing, 2 and 10 % of leads with a level never learned, 1.25 and 2 times more or fewer events.
    """
    moved = scored.feature_points.mean(axis=0)  # 0 in training, where points are centred
    for at, (feature, evidence) in enumerate(zip(model.catalog.features, model.evidence, strict=True)):
        values = scored.features[feature.name]
        numbers = reference.numbers.get(feature.name)
        counts = Counts(feature, evidence, values, numbers)
        yield _distribution(feature, counts, numbers, values, float(moved[at]))
        if counts.learned[-1] or counts.newest[-1]:
            yield _missing(feature, counts)
        if feature.kind is Kind.CATEGORY:
            yield _new_level(feature, evidence, values, counts)
        if feature.event_type is not None and isinstance(feature.primitive, CountInWindow):
            yield _volume(feature, counts, numbers.mean if numbers else 0.0, values)


class Counts:
    """Leads by range or level of one feature, the missing last: learned from and newest, float64[cells] each.

    What no lead learned from had gets a cell of its own, where the newest have it: numbers below or over all of
    those learned from, and levels where all that there were have a cell.
    """

    def __init__(self, feature: Feature, evidence: FeatureEvidence, values: pl.Series, numbers: Numbers | None) -> None:
        cells, known = evidence.cells, values.drop_nulls()
        missing = evidence.missing.leads if evidence.missing else 0
        if feature.kind is Kind.CATEGORY:
            at = _level_places(evidence, known)
            new = {"any other": at >= len(cells)}
        elif numbers is None:
            at = np.zeros(len(known), dtype=np.intp)
            new = {"known": at == 0}
        else:
            found = known.to_numpy()
            at, low, high = np.searchsorted(evidence.edges, found, side="left"), numbers.low, numbers.high
            new = {f"below {number(low)}": found < low, f"over {number(high)}": found > high}
        in_range = np.bincount(at[~np.any(list(new.values()), axis=0)], minlength=len(cells))
        extra = {label: int(there.sum()) for label, there in new.items() if there.any()}
        self.labels = [*(cell.label for cell in cells), *extra, "not known"]
        self.learned = np.array([*(cell.leads for cell in cells), *(0 for _ in extra), missing], dtype=np.float64)
        self.newest: Floats = np.array([*in_range, *extra.values(), values.null_count()], dtype=np.float64)

    @property
    def shares(self) -> tuple[Share, ...]:
        """Give the shares of leads, for a picture."""
        learned, newest = (counts / max(1.0, counts.sum()) for counts in (self.learned, self.newest))
        return tuple(map(Share, self.labels, learned.tolist(), newest.tolist()))

    def most_changed(self) -> Share:
        """Give the cell whose share of leads changed most."""
        return max(self.shares, key=lambda share: abs(share.newest - share.learned))


def _level_places(evidence: FeatureEvidence, known: pl.Series) -> NDArray[np.intp]:
    """Give the cell of each level, the one behind those of the levels for any other."""
    places = {level: at for at, level in enumerate(evidence.levels)}
    return known.replace_strict(places, default=len(places), return_dtype=pl.Int64).to_numpy().astype(np.intp)


def _distribution(feature: Feature, counts: Counts, numbers: Numbers | None, values: pl.Series, points: float) -> Shift:
    index = population_stability(counts.learned, counts.newest)
    now = None if feature.kind is Kind.CATEGORY else _mean(values)
    mean = numbers.mean if numbers else None
    most = counts.most_changed()
    change = f"{most.label!r} are {most.newest:.1%} of the newest leads against {most.learned:.1%}"
    means = f"; mean {number(now)} against {number(mean)}" if now is not None and mean is not None else ""
    return Shift(
        kind="distribution",
        feature=feature.name,
        title=feature.title,
        measure=index,
        learned=mean,
        newest=now,
        p_value=chance_of_counts(counts.learned, counts.newest),
        severity=grade(index, *STABILITY),
        detail=f"{feature.title}: stability index {index:.2f}; {change}{means}; it moves the mean score "
        f"by {signed(points)} points",
        shares=counts.shares,
    )


def _missing(feature: Feature, counts: Counts) -> Shift:
    learned, newest = (int(each.sum()) for each in (counts.learned, counts.newest))
    before, now = int(counts.learned[-1]), int(counts.newest[-1])
    old, new = before / max(1, learned), now / max(1, newest)
    return Shift(
        kind="missing",
        feature=feature.name,
        title=feature.title,
        measure=abs(new - old),
        learned=old,
        newest=new,
        p_value=chance_of_rates((before, learned), (now, newest)),
        severity=grade(abs(new - old), *MISSING),
        detail=f"{feature.title}: not known for {new:.1%} of the newest leads against {old:.1%}",
        shares=(Share("not known", old, new), Share("known", 1 - old, 1 - new)),
    )


def _new_level(feature: Feature, evidence: FeatureEvidence, values: pl.Series, counts: Counts) -> Shift:
    """Compare the most common value that has no cell of its own with the most leads that it can have had."""
    leads, learned = len(values), int(counts.learned.sum())
    unseen = values.filter(values.is_not_null() & ~values.is_in(list(evidence.levels))).rename("level")
    found = unseen.value_counts(name="leads").sort(["leads", "level"], descending=[True, False])
    level, now = found.row(0) if found.height else ("", 0)
    others = evidence.cells[len(evidence.levels) :]
    pooled = others[0].leads if others else 0
    most = (
        pooled if len(evidence.levels) >= MOST_LEVELS else min(pooled, int(max(FEWEST_LEADS, FEWEST_SHARE * learned)))
    )
    share, before = now / max(1, leads), most / max(1, learned)
    bound = f"at most {before:.1%} of those learned from"
    said = f"{shorten(level)!r} is on {share:.1%} of the newest leads; it was on {bound}"
    return Shift(
        kind="level",
        feature=feature.name,
        title=feature.title,
        measure=share,
        learned=before,
        newest=share,
        p_value=chance_of_rates((most, learned), (now, leads)) if share > before else 1.0,
        severity=grade(share, *NEW_LEVEL),
        detail=f"{feature.title}: {said}" if found.height else f"{feature.title}: no level that is new",
        shares=(Share(shorten(level), before, share),) if found.height else (),
    )


def _volume(feature: Feature, counts: Counts, mean: float, values: pl.Series) -> Shift:
    now = _mean(values) or 0.0
    times = _times(mean, now)
    return Shift(
        kind="volume",
        feature=feature.name,
        title=feature.title,
        measure=times,
        learned=mean,
        newest=now,
        p_value=chance_of_counts(counts.learned, counts.newest),
        severity=grade(times, *VOLUME),
        detail=f"{feature.title}: {now:.2f} a lead against {mean:.2f}",
        shares=counts.shares,
    )


def _times(learned: float, newest: float) -> float:
    """Give how many times more or fewer, never under 1; a thousandth of an event keeps it finite.

    >>> round(_times(2.0, 1.0), 2)
    2.0
    """
    least = 0.001
    return float(np.exp(abs(log(newest + least) - log(learned + least))))


def _mean(values: pl.Series) -> float | None:
    mean = values.mean()
    return mean if isinstance(mean, float) else None
