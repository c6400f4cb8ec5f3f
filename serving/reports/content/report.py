"""What leads took before they were handed over, what became of them, and what is worth sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import attrgetter
from statistics import NormalDist
from typing import Any

from features.store.known_contents import KnownContent, known_contents
from serving.reports.content.comparison import LeadsByWeek, comparison
from serving.reports.content.counts import ContentCounts, Counts, count_contents, useful_by_content
from serving.reports.content.matched import Matched
from serving.reports.content.offer import COLUMNS, Difference, Offer, Part, Taken, offer_row
from serving.reports.lead_filter import LeadFilter, day_start
from serving.reports.period import months_before
from serving.reports.rates import Rate
from serving.reports.report import ReportContext, Table

MONTHS = 12  # looked back where no day was asked for
LATELY = timedelta(days=90)
MOST_KNOWN = 2_000  # more contents than these are addresses with something of each visitor in them
MOST = 200  # of the contents, those that most leads took
NEWEST = 12
CHANCE = 0.05


@dataclass(frozen=True)
class ContentReport:
    """All contents, those that most leads took first.

    asked: which leads are looked at. kinds: all there are. everyone: all those leads; takers: those that took
    anything. left_out: contents that fewer leads took than the ones here. is_cut: there are more than MOST_KNOWN.
    lately_from: a content that no lead of this week or a later one took is not used any more.
    """

    asked: LeadFilter
    kind: str | None
    kinds: Sequence[str]
    everyone: Taken
    takers: int
    offers: Sequence[Offer]
    left_out: int
    is_cut: bool
    lately_from: date

    @property
    def takers_share(self) -> float | None:
        """Give the share of leads that took any content; None of no leads."""
        return self.takers / self.everyone.leads if self.everyone.leads else None

    @property
    def taken(self) -> Sequence[Offer]:
        """Give the contents that some of the leads took."""
        return [each for each in self.offers if each.taken.leads]

    @property
    def newest(self) -> Sequence[Offer]:
        """Give the newest contents, the last first."""
        dated = [each for each in self.offers if each.first_at is not None]
        return sorted(dated, key=lambda each: (each.first_at, each.name), reverse=True)[:NEWEST]

    @property
    def unused(self) -> Sequence[Offer]:
        """Give the contents that none of the leads took lately, those that were never taken first."""
        idle = [each for each in self.offers if each.last_week is None or each.last_week < self.lately_from]
        return sorted(idle, key=lambda each: (each.last_week or date.min, each.name))

    @property
    def compared(self) -> Sequence[tuple[Offer, Matched]]:
        """Give the contents with enough leads to compare, the greatest gain first."""
        pairs = [(each, each.matched) for each in self.offers if each.matched is not None]
        return sorted(pairs, key=lambda pair: -pair[1].difference.value)

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""
        return {
            "asked": self.asked.to_json() | {"kind": self.kind},
            "leads": self.everyone.to_json(),
            "leads_that_took_any": self.takers,
            "contents": [each.to_json() for each in self.offers],
            "contents_left_out": self.left_out,
            "newest": [each.name for each in self.newest],
            "unused": {"since": self.lately_from.isoformat(), "contents": [each.name for each in self.unused]},
        }

    def table(self) -> Table:
        """Give a row per content."""
        return Table(COLUMNS, [offer_row(each) for each in self.offers])


def content_report(context: ReportContext, asked: LeadFilter, kind: str | None = None) -> ContentReport:
    """Look at what some leads took; `kind`: at contents of this kind alone."""
    zone = context.rules.clock.zone
    if asked.since is None and asked.until is None:
        asked = replace(asked, since=months_before(context.now.astimezone(zone).date(), MONTHS))
    conditions = asked.conditions(zone)
    known = known_contents(context.connection, MOST_KNOWN + 1)
    chosen = [each for each in known[:MOST_KNOWN] if kind in {None, each.kind}]
    counts, useful = count_contents(context, conditions), useful_by_content(context, conditions)
    shown = _shown(chosen, counts)
    untold = useful.keys() - {each.name for each in known} if kind is None and len(known) <= MOST_KNOWN else ()
    end = context.now if asked.until is None else min(context.now, day_start(asked.until + timedelta(days=1), zone))
    return ContentReport(
        asked=asked,
        kind=kind,
        kinds=sorted({each.kind for each in known}),
        everyone=Taken.of(row.counts for row in counts.weeks),
        takers=sum(row.counts.leads for row in counts.weeks if row.cell.band),
        offers=_offers([*shown, *sorted(untold)], counts, useful),
        left_out=len(chosen) - len(shown),
        is_cut=len(known) > MOST_KNOWN,
        lately_from=context.rules.agreement.week_of(end - LATELY),
    )


def _shown(chosen: Sequence[KnownContent], counts: ContentCounts) -> Sequence[KnownContent]:
    """Give the contents to look at: of very many the ones that most leads took, the newest, and some nobody took."""
    if len(chosen) <= MOST:
        return chosen
    leads = {name: sum(row.counts.leads for row in rows) for name, rows in counts.takers.items()}
    by_leads = sorted(chosen, key=lambda each: (-leads.get(each.name, 0), each.name))
    newest = sorted(chosen, key=attrgetter("first_at"), reverse=True)[:NEWEST]
    untaken = [each for each in chosen if each.name not in leads][:MOST]
    return list({each.name: each for each in (*by_leads[:MOST], *newest, *untaken)}.values())


def _offers(
    contents: Sequence[KnownContent | str], counts: ContentCounts, useful: Mapping[str, int]
) -> Sequence[Offer]:
    """Give the contents, those that most leads took first; of one that no event names there is nothing but its name."""
    everyone = LeadsByWeek(counts.weeks)
    by_name = {each if isinstance(each, str) else each.name: each for each in contents}
    found = {name: comparison(counts.takers[name], everyone) for name in by_name if name in counts.takers}
    comparisons = sum(each is not None for each in found.values())
    offers = [
        replace(
            _offer(name, known if isinstance(known, KnownContent) else None, counts),
            useful=useful.get(name, 0),
            matched=found.get(name),
            difference=difference_of(found.get(name), comparisons),
        )
        for name, known in by_name.items()
    ]
    return sorted(offers, key=lambda each: (-each.taken.leads, each.name))


def _offer(name: str, known: KnownContent | None, counts: ContentCounts) -> Offer:
    """Give a content as it is by itself."""
    rows = counts.takers.get(name, ())
    return Offer(
        name=name,
        kind=None if known is None else known.kind,
        first_at=None if known is None else known.first_at,
        last_at=None if known is None else known.last_at,
        last_week=max((row.last_week for row in rows), default=None),
        taken=Taken.of(row.counts for row in rows),
        sectors=_parts(counts.by_sector.get(name, {})),
        sizes=_parts(counts.by_size.get(name, {})),
    )


def difference_of(found: Matched | None, comparisons: int) -> Difference:
    """Say what a comparison shows, as one of so many.

    Where content makes no difference, BETTER or WORSE comes up in at most 5 of 100 cases, in all comparisons taken
    together (Bonferroni).
    """
    if found is None:
        return Difference.FEW
    deviations = NormalDist().inv_cdf(1 - CHANCE / (2 * comparisons))
    if abs(found.difference.value) <= deviations * found.deviation:
        return Difference.UNCLEAR
    return Difference.BETTER if found.difference.value > 0 else Difference.WORSE


def _parts(by_value: Mapping[str | None, Counts]) -> Sequence[Part]:
    """Give the leads of each value, the most first."""
    parts = [Part(value, each.leads, Rate(each.sqls, each.judged)) for value, each in by_value.items()]
    return sorted(parts, key=lambda each: (-each.leads, each.value or ""))
