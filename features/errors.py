"""What can go wrong, as one tree; a class of its own only where a caller would act differently.

LeadsiftError
├── DataError          the data or the config is not acceptable; carries every problem found
├── BundleError        a model bundle is truncated, changed, foreign or of another format
├── NoModelError       nothing to score with yet
├── UnknownLeadError   the store has no lead of this id
└── StoreError         the store or the registry cannot be reached, or holds nothing of that name
"""

from collections.abc import Sequence

from features.problems import Problem


class LeadsiftError(Exception):
    """Something the user can act on. The message says what, and what to do."""


class DataError(LeadsiftError):
    """The data or the config is not acceptable: every problem found, together.

    `problems` is never empty; `str()` gives one plain line a problem.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.line() for problem in self.problems))

    def __reduce__(self) -> tuple[type["DataError"], tuple[tuple[Problem, ...]]]:
        """Say how to make it again in another process."""
        return type(self), (self.problems,)


class BundleError(LeadsiftError):
    """A model bundle is truncated, changed, foreign or of another format; nothing of it was used."""


class NoModelError(LeadsiftError):
    """There is no model to score with yet."""


class UnknownLeadError(LeadsiftError):
    """The store has no lead of this id: it was never sent, or it was erased."""

    def __init__(self, lead_id: str) -> None:
        self.lead_id = lead_id
        super().__init__(f"the store has no lead {lead_id!r}")


class StoreError(LeadsiftError):
    """The store or the model registry cannot be reached, or holds nothing of that name."""
