"""How long work says how far it is."""

from collections.abc import Callable

Progress = Callable[[str, float], None]  # what is being done, and how far: 0 to 1


def share_of(progress: Progress, start: float, end: float) -> Progress:
    """Give the progress of a step that is the share from `start` to `end` of the whole.

    >>> said = []
    >>> share_of(lambda step, done: said.append((step, done)), 0.2, 0.6)("Reading", 0.5)
    >>> said
    [('Reading', 0.4)]
    """
    return lambda step, done: progress(step, start + (end - start) * done)
