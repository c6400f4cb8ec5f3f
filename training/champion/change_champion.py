"""Moving the champion by hand: forward to a version or back to the last one, and what that changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType

from features.config import Config
from features.errors import LeadsiftError
from features.sources import read_training_tables
from features.store.audit import Action
from serving.published import PUBLISHED
from training.champion.challenge import can_score, fetch
from training.champion.grade_changes import GradeChanges, grade_changes
from training.champion.grade_changes_report import render_grade_changes
from training.champion.noted import note_champion
from training.champion.shown_versions import Told, show_versions
from training.person import person
from training.records.champions import ChangeKind
from training.records.deploy import publish_champion
from training.records.registry import Registry, Version
from training.records.scoring_model import registry_of
from training.telling import tell_promoted


@dataclass(frozen=True)
class ChampionChange:
    """A change of champion: from which version (None for the first) to which, who did it and why.

    grades: who changes grade; None where `unsaid` tells why that cannot be said.
    """

    kind: ChangeKind
    old: Version | None
    new: Version
    who: str
    why: str
    grades: GradeChanges | None
    unsaid: str

    def to_json(self) -> dict[str, Any]:
        """Give the change as plain JSON values."""
        return {
            "kind": self.kind.value,
            "from": self.old and self.old.number,
            "to": self.new.number,
            "who": self.who,
            "why": self.why,
            "grade_changes": self.grades and self.grades.to_json(),
        }


def promote_version(config: Config, name: str, why: str) -> ChampionChange:
    """Make a version (its number, or challenger) the champion, and deploy it.

    Raises StoreError where the registry cannot be reached or has no such version, BundleError for an unsound bundle.
    """
    registry, who = registry_of(config), person()
    old, new = registry.champion(), registry.version(name)
    grades, unsaid = _grades(config, registry, old, new)
    new = registry.promote(new.number, who, why)
    note_champion(config, Action.MODEL_PROMOTED, new.number, who, why)
    publish_champion(registry, config.root / PUBLISHED)
    tell_promoted(config, old, new.number)
    show_versions(config, registry, Told(new.number, changes=grades))
    return ChampionChange(ChangeKind.PROMOTE, old, new, who, why, grades, unsaid)


def roll_back(config: Config, why: str, who: str | None = None) -> ChampionChange:
    """Make the champion before this one the champion again, and deploy it: first of all, whatever the data is like.

    It is noted for `who`, or else for the person at the keyboard.

    Raises StoreError where there is no earlier champion, or the registry cannot be reached.
    """
    registry, who = registry_of(config), who or person()
    old = registry.champion()
    new = registry.rollback(who, why)
    note_champion(config, Action.MODEL_ROLLED_BACK, new.number, who, why)
    publish_champion(registry, config.root / PUBLISHED)
    tell_promoted(config, old, new.number)
    grades, unsaid = _grades(config, registry, old, new)
    show_versions(config, registry, Told(new.number, changes=grades))
    return ChampionChange(ChangeKind.ROLLBACK, old, new, who, why, grades, unsaid)


def render_change(change: ChampionChange) -> Iterable[RenderableType]:
    """Give the change as a person reads it on a terminal."""
    if change.grades is not None:
        yield from render_grade_changes(change.grades)
    elif change.unsaid:
        yield f"Who changes grade cannot be said: {change.unsaid}"
    again = " again" if change.kind is ChangeKind.ROLLBACK else ""
    moved = change.old and change.old.number != change.new.number
    before = f" in place of version {change.old.number}" if change.old and moved else ""
    yield f"Version {change.new.number} is champion{again}{before}; noted for {change.who}: {change.why}."


def _grades(config: Config, registry: Registry, old: Version | None, new: Version) -> tuple[GradeChanges | None, str]:
    """Say who changes grade on the newest leads, or why that cannot be said: a promotion does not depend on it."""
    if old is None or old.number == new.number:
        return None, ""
    try:
        tables = read_training_tables(config)
        before, after = fetch(registry, old), fetch(registry, new)
    except LeadsiftError as error:
        return None, str(error).partition("\n")[0]
    if not (can_score(before, tables) and can_score(after, tables)):
        return None, "the data no longer has every attribute that both versions read"
    return grade_changes(before, after, tables), ""
