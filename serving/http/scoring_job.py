"""What a worker and its scoring process tell each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

from serving.http.problems import ProblemError


@dataclass(frozen=True)
class Job:
    """A body to score, as of `now` where it says nothing else; it follows in pieces, the last one empty.

    bundle, version: the model to score with. zone: of dates sent without a time. many: a batch, or one lead.
    """

    bundle: Path
    version: str
    zone: tzinfo
    many: bool
    now: datetime


@dataclass(frozen=True)
class Done:
    """How a job ended; the answer's bytes follow, none where there is a problem.

    problem: what is wrong with the body. failure: a traceback, where the fault is ours.
    leads: how many were scored. unseen, missing: by attribute, how many had a value that the model does not know, and
    how many had none.
    """

    problem: ProblemError | None = None
    failure: str | None = None
    leads: int = 0
    unseen: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
