"""Runs the deliverer of webhooks beside the service."""

from contextlib import AbstractContextManager, nullcontext

from features.config import Config
from serving.beside import beside


def delivering(config: Config) -> AbstractContextManager[None]:
    """Deliver webhooks while the block runs, where the config has any."""
    if not config.webhooks:
        return nullcontext()
    return beside("serving.webhooks.deliverer", ["--config", str(config.path)])
