"""The page on contents: what it shows of its report, ready to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from features.words import words as plain_words
from serving.pages.charts.chart import Chart
from serving.pages.content.chart import comparison_chart, difference_interval, difference_words
from serving.pages.filters import FilterForm, filter_form
from serving.pages.wording.formats import NONE, Formats
from serving.pages.wording.marked import N_
from serving.reports.content.offer import Difference, Offer, Part
from serving.reports.content.report import MOST_KNOWN, ContentReport
from serving.reports.lead_filter import LeadFilter

TONES = {Difference.BETTER: "good", Difference.WORSE: "bad"}
PARTS_SHOWN = 3


@dataclass(frozen=True)
class Kind:
    """A kind of content to choose."""

    value: str
    label: str


@dataclass(frozen=True)
class OfferRow:
    """A content in a table. tone: the class of the colour that its difference has."""

    offer: Offer
    kind: str
    verdict: str
    tone: str
    difference: str
    interval: str
    sectors: Sequence[str]
    sizes: Sequence[str]


@dataclass(frozen=True)
class ContentView:
    """What the page shows. better, worse: names of contents that stand out; uncompared: how many have too few leads."""

    report: ContentReport
    form: FilterForm
    kinds: Sequence[Kind]
    most_known: int
    chart: Chart | None
    better: Sequence[str]
    worse: Sequence[str]
    uncompared: int
    newest: Sequence[OfferRow]
    unused: Sequence[OfferRow]
    taken: Sequence[OfferRow]


def content_view(
    action: str, asked: LeadFilter, report: ContentReport, options: Mapping[str, Sequence[str]], formats: Formats
) -> ContentView:
    """Give the page of a report; `asked` is what its reader asked for, `options` are the values to filter by."""
    form = filter_form(action, asked, options, formats.words)
    kinds = [*report.kinds] if report.kind in {None, *report.kinds} else [str(report.kind), *report.kinds]
    standing = {each: [offer.name for offer in report.taken if offer.difference is each] for each in Difference}
    return ContentView(
        report=report,
        form=form,
        kinds=[Kind(kind, plain_words(kind)) for kind in kinds],
        most_known=MOST_KNOWN,
        chart=comparison_chart(report, formats) if report.compared else None,
        better=standing[Difference.BETTER],
        worse=standing[Difference.WORSE],
        uncompared=len(standing[Difference.FEW]),
        newest=_rows(report.newest, formats),
        unused=_rows(report.unused, formats),
        taken=_rows(report.taken, formats),
    )


def _rows(offers: Sequence[Offer], formats: Formats) -> Sequence[OfferRow]:
    return [_row(offer, formats) for offer in offers]


def _row(offer: Offer, formats: Formats) -> OfferRow:
    found = offer.matched.difference if offer.matched is not None else None
    return OfferRow(
        offer=offer,
        kind="" if offer.kind is None else plain_words(offer.kind),
        verdict=difference_words(offer.difference, formats),
        tone=TONES.get(offer.difference, "soft"),
        difference=NONE if found is None else formats.signed(100 * found.value),
        interval="" if found is None else difference_interval(found, formats),
        sectors=_parts(offer.sectors, formats),
        sizes=_parts(offer.sizes, formats),
    )


def _parts(parts: Sequence[Part], formats: Formats) -> Sequence[str]:
    """Give the first few parts with their leads, and how many more there are."""
    words = formats.words
    shown = [f"{part.value or words(N_('not known'))}: {formats.number(part.leads)}" for part in parts[:PARTS_SHOWN]]
    more = len(parts) - len(shown)
    return [*shown, words.plural("%(count)s more", "%(count)s more", more) % {"count": more}] if more else shown
