"""A leak: a column that knows the outcome, because it is filled in or changed after sales has decided."""

from dataclasses import dataclass

import orjson

from features.findings import Finding, Severity
from features.problems import Problem


@dataclass(frozen=True)
class Leak:
    """One column, how grave it is, and the evidence as a phrase with numbers."""

    column: str
    severity: Severity
    evidence: str

    def finding(self) -> Finding:
        """Give the leak as `check` and the model card tell it."""
        return Finding("leak", self.severity, self.column, self.problem().line())

    def problem(self) -> Problem:
        """Give the leak as what stops training, with both ways out."""
        listed = orjson.dumps([self.column]).decode()
        remedy = (
            f"if that is known only after the hand-over, write exclude = {listed} in [leads]; "
            f"if it is known before, allow = {listed} in [leaks]"
        )
        return Problem(self.evidence, remedy, column=self.column)
