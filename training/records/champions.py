"""Who was champion when: kept as tags of the registered model, so that every machine sees the same history."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

_TAG = "champion_since."  # one tag per change, named by its time, so that names sort as the changes came
_TIME_FORMAT = "%Y-%m-%dT%H.%M.%S.%f"
LONGEST_WHY = 1000  # letters; MLflow refuses long tags


class ChangeKind(StrEnum):
    """Forward to another version, back to an earlier champion, or seen to have moved without leadsift."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"
    FOUND = "found"


@dataclass(frozen=True)
class Change:
    """One change of champion: which version, of what kind, who did it and why."""

    version: str
    kind: ChangeKind
    who: str
    why: str
    at: datetime

    def tag(self) -> tuple[str, str]:
        """Give the name and value of the tag that keeps the change."""
        value = asdict(self) | {"at": self.at.isoformat(), "why": self.why[:LONGEST_WHY]}
        return _TAG + self.at.strftime(_TIME_FORMAT), json.dumps(value, ensure_ascii=False)


def read_changes(tags: Mapping[str, str]) -> tuple[Change, ...]:
    """Give the changes that the tags of a registered model keep, oldest first; other tags are passed over."""
    return tuple(_read(tags[name]) for name in sorted(tags) if name.startswith(_TAG))


def moment_after(changes: Sequence[Change], now: datetime) -> datetime:
    """Give the time to note for a new change: now, but later than every other, as clocks of machines differ."""
    return max([now.astimezone(UTC), *(change.at + timedelta(microseconds=1) for change in changes)])


def reigns(changes: Sequence[Change]) -> list[str]:
    """Give the versions that a rollback steps back through, the present one last.

    >>> at = datetime(2026, 3, 1, tzinfo=UTC)
    >>> def change(version, kind): return Change(version, ChangeKind(kind), "Ann", "", at)
    >>> reigns([change("1", "promote"), change("2", "promote"), change("1", "rollback"), change("3", "promote")])
    ['1', '3']
    """
    stack: list[str] = []
    for change in changes:
        if change.kind is ChangeKind.ROLLBACK and change.version in stack:
            while stack[-1] != change.version:
                stack.pop()
        else:
            stack.append(change.version)
    return stack


def before(stack: Sequence[str], champion: str | None) -> Sequence[str]:
    """Give the part of `reigns` before the present champion; all of it where it does not know that champion.

    >>> before(["1", "2", "3"], "2"), before(["1", "2"], "moved by hand")
    (['1'], ['1', '2'])
    """
    places = [place for place, version in enumerate(stack) if version == champion]
    return stack[: places[-1]] if places else stack


def _read(value: str) -> Change:
    said = json.loads(value)
    at = datetime.fromisoformat(said["at"])
    return Change(said["version"], ChangeKind(said["kind"]), said["who"], said["why"], at)
