"""What other systems can be told of, and who wants to hear it."""

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What happened."""

    GOLDEN = "lead.golden"
    GRADE_CHANGED = "lead.grade_changed"
    SLA_BREACHED = "sla.breached"
    MODEL_PROMOTED = "model.promoted"
    DRIFT_FOUND = "drift.found"


@dataclass(frozen=True)
class Subscriber:
    """A webhook by its name in the config, and the topics it wants to hear of; where it is and its secret stay there.

    >>> Subscriber("crm", frozenset({Topic.GOLDEN})).topics
    frozenset({<Topic.GOLDEN: 'lead.golden'>})
    """

    name: str
    topics: frozenset[Topic]
