"""What is wrong with one part of what was sent."""

from dataclasses import dataclass

SHOWN_ERRORS = 50  # of one lead: enough to mend it, too few to flood anyone


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with a body: where, as a JSON pointer ("#/events/3/type"), and what to do."""

    pointer: str
    detail: str


def pointer_part(key: str) -> str:
    """Write a key as one part of a JSON pointer (RFC 6901).

    >>> pointer_part("a/b~c")
    'a~1b~0c'
    """
    return key.replace("~", "~0").replace("/", "~1")
