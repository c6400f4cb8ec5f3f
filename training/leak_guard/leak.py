"""A leak: what knows the outcome, because it is filled in or changed after sales has decided."""

from dataclasses import dataclass
from enum import Enum

import orjson

from features.findings import Finding, Severity
from features.problems import Problem


class Place(Enum):
    """Where a leak is: in a column, in the events of a type, or in the rows of the leads."""

    COLUMN = "column"
    EVENT_TYPE = "events of type"
    LEADS = "leads"


@dataclass(frozen=True)
class Leak:
    """What leaks by its name, how grave it is, and the evidence as a phrase with numbers.

    `name` is the word that `allow` in [leaks] clears it by: a column, an event type, or a word for the rows.
    `knows_outcome` is False for what only has nothing to teach, as an id.
    """

    name: str
    severity: Severity
    evidence: str
    place: Place = Place.COLUMN
    knows_outcome: bool = True

    def finding(self) -> Finding:
        """Give the leak as `check` and the model card tell it."""
        named = None if self.place is Place.LEADS else self.name
        return Finding("leak", self.severity, named, self.problem().line())

    def problem(self) -> Problem:
        """Give the leak as what stops training, with both ways out."""
        listed = orjson.dumps([self.name]).decode()
        if not self.knows_outcome:
            remedy = f"write exclude = {listed} in [leads], or where it is meant so, allow = {listed} in [leaks]"
            return Problem(self.evidence, remedy, column=self.name)
        if self.place is Place.COLUMN:
            remedy = (
                f"if that is known only after the hand-over, write exclude = {listed} in [leads]; "
                f"if it is known before, allow = {listed} in [leaks]"
            )
            return Problem(self.evidence, remedy, column=self.name)
        if self.place is Place.EVENT_TYPE:
            remedy = (
                f"if it is sales' decision that sets them off, write exclude = {listed} in [events]; if not, "
                f"allow = {listed} in [leaks]"
            )
            return Problem(f"events of type {self.name!r}: {self.evidence}", remedy)
        return Problem(self.evidence, f"mend the file, or where it is meant so, allow = {listed} in [leaks]")
