"""The digest of the week as one HTML file: no script, nothing to load, readable without pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from serving.pages.agreement.charts import delivery_chart
from serving.pages.agreement.view import TITLES as MISSES
from serving.pages.charts.chart import Chart
from serving.pages.charts.files import chart_svg
from serving.pages.content.view import OfferRow, content_view
from serving.pages.grid_view import CellView, grid_view
from serving.pages.leads_view import LeadRow
from serving.pages.overview_view import OverviewView, overview_view
from serving.pages.rejections_view import rejections_view
from serving.pages.render import environment_of
from serving.pages.wording.formats import Formats
from serving.pages.wording.terms import reason_word
from serving.pages.worklist_view import WorklistRow, worklist_view
from serving.reports.agreement.report import DeliveryWeek
from serving.reports.digest import EVERYTHING, Digest
from serving.reports.lead_filter import PARTS
from serving.reports.rates import Rate

WEEKS, REASONS, TO_TALK_ABOUT, CONTENTS = 6, 6, 5, 6  # shown of each
NO_CHOICES: Mapping[str, Sequence[str]] = dict.fromkeys(PARTS, ())


@dataclass(frozen=True)
class ShownWeek:
    """A week of the agreement, and the promises that it missed."""

    week: DeliveryWeek
    missed: Sequence[str]


@dataclass(frozen=True)
class ShownReason:
    """Why sales rejected, and how many of the rejected."""

    reason: str
    rate: Rate


@dataclass(frozen=True)
class DigestPage:
    """The digest. address: of the service, without a slash at its end; None where no links are wanted."""

    company: str
    made_at: datetime
    address: str | None
    digest: Digest
    overview: OverviewView
    weeks: Sequence[ShownWeek]
    grid: Sequence[tuple[str, Sequence[CellView]]]
    worklist: Sequence[WorklistRow]
    reasons: Sequence[ShownReason]
    to_talk_about: Sequence[LeadRow]
    contents: Sequence[OfferRow]
    charts: Mapping[str, Chart]


def digest_page(digest: Digest, company: str, made_at: datetime, f: Formats, address: str | None = None) -> DigestPage:
    """Put the digest into words and pictures."""
    view = overview_view(digest.overview, f)
    grid = grid_view(digest.grid, EVERYTHING, NO_CHOICES, f)
    rejected = rejections_view(digest.rejections, digest.rejections.asked, NO_CHOICES, f)
    weeks = digest.agreement.weeks[:WEEKS]
    charts = {"cohorts": view.chart, "deliveries": delivery_chart(list(reversed(weeks)), f), "grid": grid.chart}
    return DigestPage(
        company=company,
        made_at=made_at,
        address=address,
        digest=digest,
        overview=view,
        weeks=[ShownWeek(week, [f.words(MISSES[miss]) for miss in week.misses]) for week in weeks],
        grid=grid.rows,
        worklist=worklist_view(digest.worklist, NO_CHOICES, f).rows,
        reasons=_reasons(digest, f),
        to_talk_about=rejected.high[:TO_TALK_ABOUT],
        contents=content_view("", EVERYTHING, digest.content, NO_CHOICES, f).newest[:CONTENTS],
        charts={name: replace(chart, id=f"digest-{name}") for name, chart in charts.items() if chart is not None},
    )


def digest_html(page: DigestPage, f: Formats) -> str:
    """Give the digest as HTML."""
    pictures = {name: chart_svg(chart) for name, chart in page.charts.items()}
    template = environment_of(f.language).get_template("digest.html")
    return template.render(page=page, pictures=pictures, f=f)


def _reasons(digest: Digest, f: Formats) -> Sequence[ShownReason]:
    whole = digest.rejections.whole
    return [
        ShownReason(reason_word(each.reason, f.words), whole.share_of(each.reason)) for each in whole.reasons[:REASONS]
    ]
