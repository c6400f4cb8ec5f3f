"""How many leads sales rejects, and why, counted by whatever parts them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from features.store.schema import lead_facts
from serving.reports.counted import REJECTED
from serving.reports.lead_filter import LeadFilter
from serving.reports.rates import Rate
from serving.reports.report import ReportContext

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Reason:
    """One reason, as the CRM wrote it, and how many leads were rejected for it; None: without a reason."""

    reason: str | None
    leads: int

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {"reason": self.reason, "leads": self.leads}


@dataclass(frozen=True)
class Rejected:
    """Some leads that sales decided on: `decided` how many, `reasons` why it rejected some, the most common first."""

    decided: int = 0
    reasons: tuple[Reason, ...] = ()

    @property
    def rate(self) -> Rate:
        """Give how many it rejected, of those it decided on."""
        return Rate(sum(each.leads for each in self.reasons), self.decided)

    def share_of(self, reason: str | None) -> Rate:
        """Give how many of the rejected leads were rejected for one reason."""
        return Rate(sum(each.leads for each in self.reasons if each.reason == reason), self.rate.positives)

    def __add__(self, other: "Rejected") -> "Rejected":
        """Give both together."""
        leads: Counter[str | None] = Counter()
        for each in (*self.reasons, *other.reasons):
            leads[each.reason] += each.leads
        return Rejected(self.decided + other.decided, _commonest_first(leads))

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {"rejected": self.rate.to_json(), "reasons": [each.to_json() for each in self.reasons]}


def rejected_by(
    context: ReportContext, asked: LeadFilter, parts: Sequence[ColumnElement[Any]]
) -> Mapping[Key, Rejected]:
    """Give what sales rejected of each group of leads that it decided on.

    A group is what has the same values in `parts`, columns of `lead_facts`.
    """
    reasons = reasons_by(context, asked, parts)
    decided = select(*parts, func.count()).where(*_conditions(context, asked), lead_facts.c.is_judged)
    rows = context.connection.execute(decided.group_by(*parts))
    return {tuple(key): Rejected(leads, reasons.get(tuple(key), ())) for *key, leads in rows}


def reasons_by(
    context: ReportContext, asked: LeadFilter, parts: Sequence[ColumnElement[Any]]
) -> Mapping[Key, tuple[Reason, ...]]:
    """Give why sales rejected leads of each group that has any, the most common reason first."""
    facts = lead_facts.c
    rejected = select(*parts, facts.reason, func.count()).where(*_conditions(context, asked), facts.outcome == REJECTED)
    found: dict[Key, Counter[str | None]] = defaultdict(Counter)
    for *key, reason, leads in context.connection.execute(rejected.group_by(*parts, facts.reason)):
        found[tuple(key)][reason or None] += leads
    return {key: _commonest_first(leads) for key, leads in found.items()}


def _conditions(context: ReportContext, asked: LeadFilter) -> Sequence[ColumnElement[bool]]:
    return asked.conditions(context.rules.agreement.zone)


def _commonest_first(leads: Mapping[str | None, int]) -> tuple[Reason, ...]:
    ordered = sorted(leads.items(), key=lambda each: (-each[1], each[0] or ""))
    return tuple(Reason(reason, count) for reason, count in ordered)
