"""Tells other systems by webhook what happened to the model."""

import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from features.config import Config
from features.errors import StoreError
from features.store import open_store
from features.store.outbox import Announcement, announce
from features.topics import Topic
from training.records.registry import Version


def tell_promoted(config: Config, before: Version | None, version: str) -> None:
    """Tell whoever wants to hear it which version is the champion now, and which one was, where it is another."""
    if before is not None and before.number == version:
        return
    tell(config, Topic.MODEL_PROMOTED, {"model_version": version, "before": before and before.number})


def tell(config: Config, topic: Topic, data: Mapping[str, Any]) -> None:
    """Put messages for those who want the topic into the outbox; the service that runs beside the store sends them.

    What happened has happened: a store that cannot be used undoes nothing of it, and is said on standard error.
    """
    if not any(topic in subscriber.topics for subscriber in config.subscribers):
        return
    try:
        with closing(open_store(config.store.url)) as store, store.writing() as connection:
            announce(connection, config.subscribers, [Announcement(topic, data)], datetime.now(UTC))
    except StoreError as error:
        sys.stderr.write(f"{topic.value} is not told by webhook: {error}\n")
