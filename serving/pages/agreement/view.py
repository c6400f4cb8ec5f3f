"""What the page of the agreement shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from babel.dates import format_time

from features.config import Sla
from features.config.week import BusinessHours, WeekTime
from serving.pages.agreement.breaches_view import BreachRow, breach_rows, breaches_address
from serving.pages.agreement.charts import cohort_chart, delivery_chart
from serving.pages.charts.chart import Chart
from serving.pages.filters import FilterForm, filter_form
from serving.pages.wording.formats import Formats
from serving.pages.wording.marked import N_
from serving.pages.wording.terms import verdict_word
from serving.reports.agreement.breaches import Breaches, BreachState
from serving.reports.agreement.misses import Miss
from serving.reports.agreement.report import AgreementReport, DeliveryWeek, OwnerShare, Pooled

PATH = "/agreement"
MOST_OWNERS = 100
TITLES = {
    Miss.VOLUME: N_("Volume"),
    Miss.QUALITY: N_("Quality"),
    Miss.SPEED: N_("Speed"),
    Miss.CAPACITY: N_("Capacity"),
}
RULES = {
    Miss.VOLUME: N_("The delivery is complete, and has fewer leads than promised."),
    Miss.QUALITY: N_(
        "The delivery is complete, and fewer of its leads than promised have fit A or B. Or its leads became fewer SQLs"
        " than their own scores said, by more than chance explains."
    ),
    Miss.SPEED: N_(
        "Leads were not worked in time, though no more than the promised number came. Where more came, sales owes the"
        " promised number: it is missed when fewer than that were worked in time."
    ),
    Miss.CAPACITY: N_("More leads came than promised, and some of them were not worked in time."),
}


@dataclass(frozen=True)
class WeekShown:
    """A week with its misses by their names; `verdict`: whether its scores held."""

    week: DeliveryWeek
    misses: Sequence[str]
    verdict: str


@dataclass(frozen=True)
class PoolShown:
    """The newest weeks together; `cohorts`: how many of them the rate is of."""

    title: str
    pool: Pooled
    cohorts: str
    verdict: str


@dataclass(frozen=True)
class OwnerShown:
    """An owner, and where the breaches are listed that were theirs."""

    share: OwnerShare
    breaches: str
    verdict: str


@dataclass(frozen=True)
class RuleShown:
    """How one kind of miss is told, and in how many weeks it was."""

    title: str
    rule: str
    weeks: str


@dataclass(frozen=True)
class AgreementPage:
    """The page.

    promises: what was agreed, in words. recent: the newest weeks together, None where there are none yet;
    recent_weeks, recent_cohorts: how many that are. newest: some breaches, newest_says: of how many.
    more_owners: how many are not shown, in words.
    """

    report: AgreementReport
    form: FilterForm
    promises: Sequence[str]
    horizon_days: int
    recent: Pooled | None
    recent_weeks: str
    recent_cohorts: str
    charts: Sequence[Chart]
    rules: Sequence[RuleShown]
    weeks: Sequence[WeekShown]
    pools: Sequence[PoolShown]
    owners: Sequence[OwnerShown]
    more_owners: str
    newest: Sequence[BreachRow]
    newest_says: str
    all_breaches: str
    waiting_breaches: str


def agreement_view(
    report: AgreementReport, newest: Breaches, options: Mapping[str, Sequence[str]], f: Formats
) -> AgreementPage:
    """Give the page for a reader."""
    charts = (delivery_chart(list(reversed(report.weeks)), f), cohort_chart(report.weeks, f))
    recent = report.pools[0] if report.pools else None
    return AgreementPage(
        report=report,
        form=filter_form(PATH, report.asked, options, f.words),
        promises=_promises(report.sla, f),
        horizon_days=report.horizon_days,
        recent=recent,
        recent_weeks="" if recent is None else _newest_weeks(recent.weeks, f),
        recent_cohorts="" if recent is None else _known_weeks(recent.cohort_weeks, f),
        charts=[chart for chart in charts if chart is not None],
        rules=_rules(report, f),
        weeks=_weeks(report, f),
        pools=[_pool(each, f) for each in report.pools],
        owners=_owners(report, f),
        more_owners=_more_owners(report, f),
        newest=breach_rows(newest),
        newest_says=_said(newest, f),
        all_breaches=breaches_address(report.asked),
        waiting_breaches=breaches_address(report.asked, BreachState.WAITING),
    )


def _weeks(report: AgreementReport, f: Formats) -> Sequence[WeekShown]:
    return [
        WeekShown(
            week,
            [f.words(TITLES[miss]) for miss in week.misses],
            verdict_word(week.delivered.counted.verdict(report.comparisons), f.words),
        )
        for week in report.weeks
    ]


def _pool(pool: Pooled, f: Formats) -> PoolShown:
    verdict = verdict_word(pool.cohort.counted.verdict(), f.words)
    return PoolShown(_newest_weeks(pool.weeks, f), pool, _known_weeks(pool.cohort_weeks, f), verdict)


def _owners(report: AgreementReport, f: Formats) -> Sequence[OwnerShown]:
    shown = report.owners[:MOST_OWNERS]
    return [
        OwnerShown(
            each,
            breaches_address(replace(report.asked, owner=each.owner)),
            verdict_word(each.delivered.counted.verdict(len(shown)), f.words),
        )
        for each in shown
    ]


def _more_owners(report: AgreementReport, f: Formats) -> str:
    more = len(report.owners) - MOST_OWNERS
    if more <= 0:
        return ""
    said = f.words.plural("%(count)s more owner is in the CSV.", "%(count)s more owners are in the CSV.", more)
    return said % {"count": f.number(more)}


def _newest_weeks(weeks: int, f: Formats) -> str:
    return f.words.plural("%(count)s complete week", "%(count)s complete weeks", weeks) % {"count": f.number(weeks)}


def _known_weeks(weeks: int, f: Formats) -> str:
    said = f.words.plural("%(count)s week old enough", "%(count)s weeks old enough", weeks)
    return said % {"count": f.number(weeks)}


def _said(newest: Breaches, f: Formats) -> str:
    named = {"shown": f.number(len(newest.listed)), "leads": f.leads(newest.total)}
    return f.words("%(shown)s of %(leads)s: those that still wait first, then the newest.") % named


def _promises(sla: Sla, f: Formats) -> Sequence[str]:
    words, said = f.words, []
    if sla.weekly_leads is not None:
        text = words.plural("%(count)s lead a week", "%(count)s leads a week", sla.weekly_leads)
        said.append(text % {"count": f.number(sla.weekly_leads)})
    if sla.good_fit_share is not None:
        said.append(words("%(share)s of them with fit A or B") % {"share": f.percent(sla.good_fit_share)})
    if sla.deliver_by is not None:
        said.append(words("delivered by %(moment)s") % {"moment": _week_time(sla.deliver_by, f)})
    if sla.qualify_by is not None:
        said.append(words("worked by %(moment)s") % {"moment": _week_time(sla.qualify_by, f)})
    if sla.business_hours is not None:
        said.append(words("business hours: %(hours)s") % {"hours": _hours(sla.business_hours, f)})
    if sla.holidays:
        text = words.plural("%(count)s holiday on which no hour counts", "%(count)s holidays on which no hour counts",
                            len(sla.holidays))  # fmt: skip
        said.append(text % {"count": f.number(len(sla.holidays))})
    return said


def _rules(report: AgreementReport, f: Formats) -> Sequence[RuleShown]:
    weeks = len(report.weeks)
    text = f.words.plural("in %(count)s of %(weeks)s week", "in %(count)s of %(weeks)s weeks", weeks)
    return [
        RuleShown(
            f.words(TITLES[miss]), f.words(RULES[miss]), text % {"count": f.number(count), "weeks": f.number(weeks)}
        )
        for miss, count in report.missed.items()
    ]


def _week_time(at: WeekTime, f: Formats) -> str:
    return f"{_day_name(at.day, f)} {format_time(at.time, 'short', locale=f.locale)}"


def _hours(hours: BusinessHours, f: Formats) -> str:
    opens, closes = (format_time(each, "short", locale=f.locale) for each in (hours.opens, hours.closes))
    first, last = (_day_name(hours.days[end], f) for end in (0, -1))
    days = first if first == last else f.words("%(first)s to %(last)s") % {"first": first, "last": last}
    return f"{days}, {opens}–{closes}"


def _day_name(day: int, f: Formats) -> str:
    return str(f.locale.days["format"]["wide"][day])
