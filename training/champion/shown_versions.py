"""Tells the store which versions there are and what became of each, so that the pages show what the registry has."""

import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from features.config import Config
from features.errors import StoreError
from features.store import Store, open_store
from features.store.model_versions import ModelVersion, Status, keep_versions
from training.champion.grade_changes import GradeChanges
from training.records.registry import CHALLENGER, CHAMPION, Registry, Version

LAST_DECISIONS = ("taken_back", "champion")  # tags that say when, who and why; the later one counts


@dataclass(frozen=True)
class Told:
    """What is known of one version beyond the registry's own list: its quality, and who changed grade by it."""

    version: str
    quality: Mapping[str, Any] | None = None
    changes: GradeChanges | None = None


def show_versions(config: Config, registry: Registry, told: Told) -> None:
    """Tell the store after a training, a promotion or a rollback; where it cannot be used, say so and stop nothing."""
    try:
        with closing(open_store(config.store.url)) as store:
            keep_shown(store, registry, told)
    except StoreError as error:
        sys.stderr.write(f"The pages do not show this change of the model until the store can be used: {error}\n")


def keep_shown(store: Store, registry: Registry, told: Told | None = None) -> None:
    """Bring the store's versions up to the registry's. Raises StoreError where either cannot be reached."""
    before = registry.before_champion()
    versions = [_shown(version, before, told) for version in registry.versions()]
    with store.writing() as connection:
        keep_versions(connection, versions)


def _shown(version: Version, before: str | None, told: Told | None) -> ModelVersion:
    more = told if told is not None and told.version == version.number else Told(version.number)
    promoted_at, (who, why) = version.tags.get("champion.at"), _decision(version)
    return ModelVersion(
        version=version.number,
        registered_at=version.created_at,
        status=_status(version, before),
        promoted_at=None if promoted_at is None else datetime.fromisoformat(promoted_at),
        who=who,
        why=why,
        quality=more.quality or dict(version.metrics) or None,
        changes=None if more.changes is None else more.changes.to_json() | {"to": version.number},
    )


def _status(version: Version, before: str | None) -> Status:
    tags = version.tags
    if CHAMPION in version.aliases:
        return Status.CHAMPION
    if version.number == before:
        return Status.PREVIOUS
    if CHALLENGER in version.aliases:
        return Status.CHALLENGER
    if tags.get("taken_back.at", "") > tags.get("champion.at", ""):
        return Status.TAKEN_BACK
    return Status.EARLIER if "champion.at" in tags else Status.NOT_PROMOTED


def _decision(version: Version) -> tuple[str | None, str | None]:
    """Give who decided on a version last, and why."""
    tags = version.tags
    made = [name for name in LAST_DECISIONS if f"{name}.at" in tags]
    last = max(made, key=lambda name: tags[f"{name}.at"], default="promotion")
    return tags.get(f"{last}.who"), tags.get(f"{last}.why")
