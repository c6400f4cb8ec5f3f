"""What a list of leads shows, ready to be written out."""

from collections.abc import Sequence
from dataclasses import dataclass

from serving.pages.addresses import address, lead_address
from serving.pages.grid_view import LEADS, PAGE
from serving.pages.wording.formats import Formats
from serving.pages.wording.terms import outcome_word, reason_word, segment_word
from serving.reports.lead_list import OPEN, LeadList, LeadsAsked, ListedLead


@dataclass(frozen=True)
class LeadRow:
    """A lead. `outcome` is in words; so is `reason`, empty where none was given."""

    lead: ListedLead
    address: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class LeadsView:
    """The page. `which`: what was asked beside the filter, in words; `before` and `after`: the pages beside, if any."""

    report: LeadList
    which: Sequence[tuple[str, str]]
    rows: Sequence[LeadRow]
    back: str
    before: str | None
    after: str | None


def leads_view(report: LeadList, f: Formats) -> LeadsView:
    """Make the page."""
    asked = report.asked
    return LeadsView(
        report=report,
        which=_which(asked, f),
        rows=lead_rows(report.listed, f),
        back=address(PAGE, asked.asked),
        before=_page(asked, asked.page - 1) if 1 < asked.page <= report.pages else None,
        after=_page(asked, asked.page + 1) if asked.page < report.pages else None,
    )


def lead_rows(leads: Sequence[ListedLead], f: Formats) -> Sequence[LeadRow]:
    """Give leads as rows of a table."""
    return [
        LeadRow(
            lead,
            lead_address(lead.lead_id),
            outcome_word(lead.outcome, f.words),
            reason_word(lead.reason, f.words) if lead.reason else "",
        )
        for lead in leads
    ]


def _page(asked: LeadsAsked, page: int) -> str:
    return address(LEADS, asked.asked, **asked.more, page=page)


def _which(asked: LeadsAsked, f: Formats) -> list[tuple[str, str]]:
    words = f.words
    found = [
        (words("Fit"), asked.fit_grade),
        (words("Engagement"), asked.engagement_grade),
        (words("Segment"), None if asked.segment is None else segment_word(asked.segment, words)),
        (words("Outcome"), None if asked.outcome is None else _outcome(asked.outcome, f)),
        (words("Reason"), None if asked.reason is None else reason_word(asked.reason, words)),
        (words("Sector"), asked.asked.sector),
        (words("Size"), asked.asked.size),
        (words("Source"), asked.asked.source),
        (words("Campaign"), asked.asked.campaign),
        (words("Owner"), asked.asked.owner),
        (words("Handed over from"), None if asked.asked.since is None else f.date(asked.asked.since)),
        (words("to"), None if asked.asked.until is None else f.date(asked.asked.until)),
        (words("By lot"), words("yes") if asked.by_lot else None),
    ]
    return [(name, value) for name, value in found if value is not None]


def _outcome(outcome: str, f: Formats) -> str:
    return outcome_word(None if outcome == OPEN else outcome, f.words)
