"""Does the rollbacks that people ask for on the page, as `leadsift rollback` does, with their name."""

from datetime import datetime

from features.config import Config
from features.errors import LeadsiftError
from features.store import Store
from features.store.model_requests import ModelRequest, settle_request, take_request
from training.champion.change_champion import roll_back
from training.records.registry import Registry
from training.records.scoring_model import registry_of


def do_asked_rollback(config: Config, store: Store, now: datetime) -> ModelRequest | None:
    """Do the oldest rollback that is asked for, or refuse it for a reason that its asker reads; None without any.

    It is refused where the registry has moved on since the page was read. Raises StoreError where the store cannot be
    used.
    """
    with store.writing() as connection:
        request = take_request(connection, now)
    if request is None:
        return None
    refusal = _refusal(config, request)
    with store.writing() as connection:
        settle_request(connection, request.id, now, refusal)
    return request


def _refusal(config: Config, request: ModelRequest) -> str | None:
    """Roll back, and give None; or why not."""
    try:
        registry = registry_of(config)
        if _is_done(registry, request):
            return None
        if (found := _moved_on(registry, request)) is not None:
            return found
        roll_back(config, request.why, request.who)
    except LeadsiftError as error:
        return str(error).partition("\n")[0]
    return None


def _is_done(registry: Registry, request: ModelRequest) -> bool:
    """Say whether whoever took the request before, and died, had done it."""
    champion = registry.champion()
    if champion is None or champion.number != request.version:
        return False
    return champion.tags.get("champion.at", "") > request.asked_at.isoformat()


def _moved_on(registry: Registry, request: ModelRequest) -> str | None:
    champion = registry.champion()
    number = None if champion is None else champion.number
    if (number, registry.before_champion()) == (request.champion, request.version):
        return None
    return f"the champion is version {number or 'none'} now; look at the page again, and ask anew"
