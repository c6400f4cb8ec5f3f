"""Whether a model that has learned nothing yet becomes champion: only where nothing better is there."""

from serving.model.scoring import NOT_ENOUGH_EVIDENCE, ScoringModel
from training.champion.promotion import Decision, decide_by_hand


def decide_unlearned(champion: ScoringModel | None, forced: bool | None) -> Decision:
    """Decide on a model that rests on declared priors, against the champion (None where there is none yet)."""
    if forced is not None:
        return decide_by_hand(forced)
    if champion is None:
        return Decision(True, f"it is the first model; there is {NOT_ENOUGH_EVIDENCE} yet, and every score says so")
    if champion.info.has_learned:
        return Decision(False, f"there is {NOT_ENOUGH_EVIDENCE}, and version {champion.version} has learned from some")
    return Decision(True, f"there is {NOT_ENOUGH_EVIDENCE} still, and version {champion.version} knew no more")
