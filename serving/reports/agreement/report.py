"""What marketing and sales promised each other, and what came of it, delivery by delivery."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from features.config import Sla
from features.config.week import DAYS, WeekTime
from serving.reports.agreement.delivered import Delivered, Group, count_delivered
from serving.reports.agreement.delivery_weeks import delivery_conditions, delivery_weeks
from serving.reports.agreement.misses import Miss, Promise, misses_of
from serving.reports.lead_filter import LeadFilter
from serving.reports.report import Cell, ReportContext, Table

POOLED_WEEKS = (4, 12)  # besides all


@dataclass(frozen=True)
class DeliveryWeek:
    """The delivery of the week that begins on `week`, a Monday; it is complete at `closes_at`."""

    week: date
    closes_at: datetime
    promise: Promise
    delivered: Delivered
    misses: tuple[Miss, ...]


@dataclass(frozen=True)
class Pooled:
    """The newest deliveries together: a week alone says little about a rate.

    weeks, promised and delivered: of complete deliveries. cohort_weeks and cohort: of deliveries in which what became
    of some leads is known, which are older.
    """

    weeks: int
    promised: int | None
    delivered: Delivered
    cohort_weeks: int
    cohort: Delivered


@dataclass(frozen=True)
class OwnerShare:
    """What one owner got, and did; None is of leads without an owner."""

    owner: str | None
    delivered: Delivered


@dataclass(frozen=True)
class AgreementReport:
    """The report. `weeks` are newest first; owners with the most breaches come first.

    is_part: only some of the leads are looked at, so that the promised number cannot be compared.
    """

    asked: LeadFilter
    sla: Sla
    horizon_days: int
    is_part: bool
    weeks: tuple[DeliveryWeek, ...]
    pools: tuple[Pooled, ...]
    owners: tuple[OwnerShare, ...]
    total: Delivered

    @property
    def comparisons(self) -> int:
        """Give how many deliveries are compared, side by side, with what their scores said."""
        return _comparisons(each.delivered for each in self.weeks)

    @cached_property
    def missed(self) -> Mapping[Miss, int]:
        """Give in how many weeks each promise was missed."""
        found = Counter(miss for week in self.weeks for miss in week.misses)
        return {miss: found[miss] for miss in Miss}

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""
        return {
            "filter": self.asked.to_json(),
            "agreed": {
                "weekly_leads": self.sla.weekly_leads,
                "good_fit_share": self.sla.good_fit_share,
                "deliver_by": _written(self.sla.deliver_by),
                "qualify_by": _written(self.sla.qualify_by),
            },
            "is_part": self.is_part,
            "weeks": [_week_json(each) for each in self.weeks],
            "pooled": [_pool_json(each) for each in self.pools],
            "owners": [{"owner": each.owner, **each.delivered.to_json()} for each in self.owners],
            "missed": {miss.value: weeks for miss, weeks in self.missed.items()},
            "total": self.total.to_json(),
        }

    def table(self) -> Table:
        """Give a row a week, then a row an owner."""
        weeks = [
            ("week", each.week.isoformat(), each.promise.leads, " ".join(each.misses), *_cells(each.delivered))
            for each in self.weeks
        ]
        owners = [("owner", each.owner, None, None, *_cells(each.delivered)) for each in self.owners]
        return Table(("of", "name", "promised", "missed", *COLUMNS), [*weeks, *owners])


COLUMNS = (
    "delivered", "graded", "good_fit", "due", "worked_in_time", "worked_late", "waiting",
    "speed_median_s", "speed_p90_s", "wait_median_s", "wait_p90_s",
    "not_matured", "not_worked", "judged", "sqls", "rate", "rate_low", "rate_high",
    "scored", "sqls_of_scored", "expected", "expected_spread",
)  # fmt: skip


def agreement_report(context: ReportContext, asked: LeadFilter) -> AgreementReport:
    """Count the deliveries that the filter asks for."""
    sla, is_part = context.rules.agreement.sla, bool(asked.parts)
    shown = delivery_weeks(context, asked)
    groups = count_delivered(context, delivery_conditions(context, asked))
    weeks = _weeks(context, shown, groups, is_part=is_part)
    return AgreementReport(
        asked=asked,
        sla=sla,
        horizon_days=context.rules.horizon.days,
        is_part=is_part,
        weeks=tuple(reversed(weeks)),
        pools=_pools(weeks, groups),
        owners=_owners(groups),
        total=Delivered.of(groups),
    )


def _weeks(
    context: ReportContext, shown: Sequence[date], groups: Sequence[Group], *, is_part: bool
) -> Sequence[DeliveryWeek]:
    by_week: dict[date, list[Group]] = defaultdict(list)
    for group in groups:
        by_week[group.week].append(group)
    delivered = {week: Delivered.of(by_week[week]) for week in shown}
    comparisons = _comparisons(delivered.values())
    agreement = context.rules.agreement
    promised = None if is_part else agreement.sla.weekly_leads
    found = []
    for week in shown:
        closes_at = agreement.closes_at(week)
        promise = Promise(promised, agreement.sla.good_fit_share, closes_at <= context.now)
        missed = misses_of(delivered[week], promise, comparisons)
        found.append(DeliveryWeek(week, closes_at, promise, delivered[week], missed))
    return found


def _comparisons(deliveries: Iterable[Delivered]) -> int:
    return max(1, sum(bool(each.counted.scored) for each in deliveries))


def _pools(weeks: Sequence[DeliveryWeek], groups: Sequence[Group]) -> tuple[Pooled, ...]:
    """Give the newest 4 weeks, 12 and all of them together; none that would hold no fewer than the next."""
    complete = [each for each in weeks if each.promise.is_complete]
    known = [each for each in weeks if each.delivered.counted.judged]
    most = max(len(complete), len(known))
    if not most:
        return ()
    sizes = [*(size for size in POOLED_WEEKS if size < most), most]
    return tuple(_pool(complete[-size:], known[-size:], groups) for size in sizes)


def _pool(complete: Sequence[DeliveryWeek], known: Sequence[DeliveryWeek], groups: Sequence[Group]) -> Pooled:
    promised = [each.promise.leads for each in complete if each.promise.leads is not None]
    return Pooled(
        weeks=len(complete),
        promised=sum(promised) if promised else None,
        delivered=_together(complete, groups),
        cohort_weeks=len(known),
        cohort=_together(known, groups),
    )


def _together(weeks: Sequence[DeliveryWeek], groups: Sequence[Group]) -> Delivered:
    wanted = {each.week for each in weeks}
    return Delivered.of([group for group in groups if group.week in wanted])


def _owners(groups: Sequence[Group]) -> tuple[OwnerShare, ...]:
    by_owner: dict[str | None, list[Group]] = defaultdict(list)
    for group in groups:
        by_owner[group.owner].append(group)
    shares = [OwnerShare(owner, Delivered.of(theirs)) for owner, theirs in by_owner.items()]
    return tuple(sorted(shares, key=lambda each: (-each.delivered.breaches, each.owner is None, each.owner or "")))


def _written(at: WeekTime | None) -> str | None:
    return None if at is None else f"{DAYS[at.day]} {at.time:%H:%M}"


def _week_json(each: DeliveryWeek) -> dict[str, Any]:
    return {
        "week": each.week.isoformat(),
        "closes_at": each.closes_at.isoformat(),
        "is_complete": each.promise.is_complete,
        "promised": each.promise.leads,
        "missed": [miss.value for miss in each.misses],
        **each.delivered.to_json(),
    }


def _pool_json(each: Pooled) -> dict[str, Any]:
    return {
        "weeks": each.weeks,
        "promised": each.promised,
        "deliveries": each.delivered.to_json(),
        "cohort_weeks": each.cohort_weeks,
        "cohorts": each.cohort.to_json(),
    }


def _cells(each: Delivered) -> tuple[Cell, ...]:
    counts, handling, rate = each.counted, each.handling, each.counted.rate
    low, high = (rate.low, rate.high) if rate.leads else (None, None)
    return (
        counts.leads, handling.graded, handling.good_fit, handling.due, handling.in_time, handling.late,
        handling.waiting, each.speed.median_s, each.speed.slow_s, each.wait.median_s, each.wait.slow_s,
        counts.pending, counts.unworked, counts.judged, counts.sqls, rate.share, low, high,
        counts.scored, counts.scored_sqls, counts.expected, each.spread,
    )  # fmt: skip
