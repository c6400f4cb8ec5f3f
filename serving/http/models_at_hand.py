"""The models that can explain a score: the one that scores now, and earlier ones that are still kept."""

from features.errors import NoModelError
from serving.http.service import Service
from serving.live.live_model import LiveModel


def model_at_hand(service: Service, version: str) -> LiveModel | None:
    """Give the model of a version; None where it is not kept."""
    try:
        scorer = service.served.scorer()
    except NoModelError:
        return service.known_models.of(version)
    return scorer.live if scorer.version == version else service.known_models.of(version)
