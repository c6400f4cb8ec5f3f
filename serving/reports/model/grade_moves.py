"""Who changed grade when a version became champion, as its promotion told the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class SideMoves:
    """How many leads had which grade before (row) and have after (column), in the order of `grades`."""

    grades: tuple[str, ...]
    matrix: Matrix
    changed: int

    @property
    def rows(self) -> list[tuple[str, tuple[tuple[int, bool], ...]]]:
        """Give a row for each old grade: how many leads got each new one, and whether that is no change."""
        pairs = zip(self.grades, self.matrix, strict=True)
        return [
            (grade, tuple((count, at == column) for column, count in enumerate(counts)))
            for at, (grade, counts) in enumerate(pairs)
        ]


@dataclass(frozen=True)
class GradeMoves:
    """The changes among the newest `leads`, from one version to another."""

    old: str
    new: str
    leads: int
    fit: SideMoves
    engagement: SideMoves
    golden_before: int
    golden_after: int
    enter_golden: int
    leave_golden: int

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "GradeMoves":
        """Read what the promotion wrote."""
        golden = said["golden"]
        return cls(
            old=said["from"],
            new=said["to"],
            leads=said["leads"],
            fit=_side(said["fit"]),
            engagement=_side(said["engagement"]),
            golden_before=golden["before"],
            golden_after=golden["after"],
            enter_golden=golden["enter"],
            leave_golden=golden["leave"],
        )


def _side(said: Mapping[str, Any]) -> SideMoves:
    return SideMoves(tuple(said["grades"]), tuple(map(tuple, said["matrix"])), said["changed"])
