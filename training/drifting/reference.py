"""What a model keeps of the leads it learned from, beside the evidence of its reasons: enough to tell drift later."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from features.attributes import Kind
from features.errors import BundleError
from serving.model.scored import ScoredTable
from serving.model.scoring import ScoringModel
from training.measuring.metrics import Floats

TENTHS = 10
REFERENCE = "reference"  # its place in what the model says of its training


@dataclass(frozen=True)
class Numbers:
    """A number's mean, least and greatest value, over the leads where it is known."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Reference:
    """The leads learned from.

    score_edges: ascending upper ends (included) of all tenths of probability but the last. score_leads: leads in each.
    numbers: by name of each number or flag feature that was ever known.
    """

    score_edges: tuple[float, ...]
    score_leads: tuple[int, ...]
    numbers: dict[str, Numbers]

    def to_json(self) -> dict[str, Any]:
        """Give the reference as plain JSON values."""
        return asdict(self)


def make_reference(scored: ScoredTable) -> Reference:
    """Give what to keep of the leads learned from, as their model scores them."""
    p, features = scored.probability, scored.features
    edges = np.unique(np.quantile(p, np.arange(1, TENTHS) / TENTHS))
    known = {
        each.name: features[each.name].drop_nulls().to_numpy()
        for each in scored.catalog.features
        if each.kind is not Kind.CATEGORY
    }
    numbers = {
        name: Numbers(*(float(of(values)) for of in (np.mean, np.min, np.max)))
        for name, values in known.items()
        if len(values)
    }
    return Reference(tuple(edges.tolist()), score_counts(p, edges), numbers)


def reference_of(model: ScoringModel) -> Reference:
    """Read back what a model keeps. Raises BundleError where it keeps nothing of the kind."""
    kept = model.info.training.get(REFERENCE)
    if kept is None:
        raise BundleError(f"version {model.version} does not say how its scores lay in training; train again")
    numbers = {name: Numbers(**value) for name, value in kept["numbers"].items()}
    return Reference(tuple(kept["score_edges"]), tuple(kept["score_leads"]), numbers)


def score_counts(p: Floats, edges: Floats) -> tuple[int, ...]:
    """Give how many probabilities fall into each range between ascending upper ends.

    >>> score_counts(np.array([0.1, 0.2, 0.3]), np.array([0.2]))
    (2, 1)
    """
    at = np.searchsorted(edges, p, side="left")
    return tuple(np.bincount(at, minlength=len(edges) + 1).tolist())
