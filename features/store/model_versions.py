"""The versions of the model, as those who change the registry tell the store: so that pages can show them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from features.store.schema import DETAIL_CHARACTERS, NAME_CHARACTERS, model_versions


class Status(StrEnum):
    """What a version is: served; what a rollback leads to; compared; taken back; champion once; never champion."""

    CHAMPION = "champion"
    PREVIOUS = "previous"
    CHALLENGER = "challenger"
    TAKEN_BACK = "taken back"
    EARLIER = "earlier"
    NOT_PROMOTED = "not promoted"


@dataclass(frozen=True)
class ModelVersion:
    """One version. promoted_at: when it last became champion; who, why: of the last decision on it.

    quality: on leads newer than those it was fitted on, as `ModelInfo.quality`. changes: who changed grade when it
    became champion. Both are None where nobody told them.
    """

    version: str
    registered_at: datetime
    status: Status
    promoted_at: datetime | None = None
    who: str | None = None
    why: str | None = None
    quality: Mapping[str, Any] | None = None
    changes: Mapping[str, Any] | None = None


def keep_versions(connection: Connection, versions: Sequence[ModelVersion]) -> None:
    """Keep exactly these versions; quality and changes that were told once stay where they are not told again."""
    gone = delete(model_versions)
    connection.execute(gone.where(model_versions.c.version.not_in([each.version for each in versions])))
    if not versions:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(model_versions)
    replaced: dict[str, Any] = {
        name: new.excluded[name] for name in ("registered_at", "status", "promoted_at", "who", "why")
    }
    replaced["quality"] = func.coalesce(model_versions.c.quality, new.excluded.quality)  # a version never changes
    replaced["changes"] = func.coalesce(new.excluded.changes, model_versions.c.changes)
    rows = [_row(version) for version in versions]
    connection.execute(new.on_conflict_do_update(index_elements=["version"], set_=replaced), rows)


def all_versions(connection: Connection) -> list[ModelVersion]:
    """Give all versions, the newest first."""
    newest_first = select(model_versions).order_by(
        model_versions.c.registered_at.desc(), model_versions.c.version.desc()
    )
    rows = connection.execute(newest_first).mappings()
    return [ModelVersion(**{**row, "status": Status(row["status"])}) for row in rows]


def _row(version: ModelVersion) -> dict[str, Any]:
    cut = {"who": version.who and version.who[:NAME_CHARACTERS], "why": version.why and version.why[:DETAIL_CHARACTERS]}
    return asdict(version) | {"status": version.status.value} | cut
