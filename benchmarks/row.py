"""One line of the table: what was measured, how each way of doing it fared, and the target."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """One way of doing the work, ours or a peer's: a median, in the row's unit."""

    name: str
    value: float


@dataclass(frozen=True)
class Row:
    """What was measured. Ours is the first of `ways`; `result` is the figure that `target` speaks of, as text.

    `note` says what the reader must know to judge it: sizes, settings, what bounds it where the target is missed.
    """

    work: str
    unit: str
    ways: tuple[Way, ...]
    result: str
    target: str
    met: bool
    note: str = ""
