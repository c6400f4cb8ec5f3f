"""A score of the ledger, explained again by the model that gave it."""

from dataclasses import replace

from features.store.ledger import StoredScore, unpack_inputs
from serving.live.live_model import LiveModel
from serving.model.scored import LeadScore
from serving.model.scoring import ScoringModel


def explain_again(stored: StoredScore, model: ScoringModel, reasons: int) -> LeadScore:
    """Give the same score again, with as many reasons as wanted, from the inputs that the ledger keeps.

    `model` must be of the stored score's version. What is said of event types that the model does not know is not
    said again.
    """
    assert model.version == stored.model_version, "another version explains another score"
    return model.score_values(unpack_inputs(stored.inputs), reasons, model.info.warnings)


def with_reasons(stored: StoredScore, live: LiveModel | None, reasons: int) -> StoredScore:
    """Give a stored score with its `reasons` strongest reasons; with those it has where its model is not at hand."""
    if live is None:
        return stored
    return replace(stored, reasons=explain_again(stored, live.model, reasons).to_json()["reasons"])
