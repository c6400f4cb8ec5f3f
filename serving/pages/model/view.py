"""What the model page shows: the report with its pictures and sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from features.attributes import Side
from features.findings import Severity
from features.store.model_requests import ModelRequest
from features.store.model_versions import ModelVersion, Status
from serving.pages.charts.chart import Chart
from serving.pages.model.charts import before_and_now, reliability, strongest
from serving.pages.model.drift_words import drift_sentence, gravity_word, shift_sentence
from serving.pages.model.value_words import value_word
from serving.pages.wording.feature_words import feature_title
from serving.pages.wording.formats import Formats
from serving.pages.wording.marked import N_
from serving.reports.model.drift_found import Drift, Shift
from serving.reports.model.points_cards import Bar, CardValue, PointsCard, bar
from serving.reports.model.report import Learned, ModelReport, VersionRecord

SHOWN_SHIFTS = 6
SHOWN_CARDS = 8  # of a side; the others are folded away
PATIENCE = timedelta(minutes=2)  # the registry is looked at every few seconds: what takes longer is stuck
STATUSES = {
    Status.CHAMPION: N_("in service"),
    Status.PREVIOUS: N_("the one before"),
    Status.CHALLENGER: N_("challenger"),
    Status.TAKEN_BACK: N_("taken back"),
    Status.EARLIER: N_("served earlier"),
    Status.NOT_PROMOTED: N_("never served"),
}
GRAVE = {Severity.ERROR: "bad", Severity.WARNING: "engagement", Severity.INFO: "good"}  # classes of the style sheet


@dataclass(frozen=True)
class ShownValue:
    """A row of a points card."""

    label: str
    value: CardValue
    bar: Bar


@dataclass(frozen=True)
class ShownCard:
    """A points card."""

    title: str
    card: PointsCard
    rows: Sequence[ShownValue]


@dataclass(frozen=True)
class ShownSide:
    """The cards of one side, those that move scores most apart from the `others`; `name` is the class of its colour."""

    name: str
    title: str
    cards: Sequence[ShownCard]
    others: Sequence[ShownCard]


@dataclass(frozen=True)
class ShownShift:
    """One thing that drifted; `look` is the class of its gravity."""

    title: str
    gravity: str
    look: str
    says: str
    chart: Chart | None


@dataclass(frozen=True)
class ShownDrift:
    """What drifted."""

    drift: Drift
    gravity: str
    look: str
    says: str
    shifts: Sequence[ShownShift]
    more: int


@dataclass(frozen=True)
class ShownVersion:
    """A row of the versions."""

    record: VersionRecord
    status: str
    is_champion: bool


@dataclass(frozen=True)
class ModelPage:
    """The page. back_to: the version that a reader who may roll back can go back to."""

    report: ModelReport
    learned: Learned | None
    reliability: Chart | None
    strongest: Chart | None
    sides: Sequence[ShownSide]
    drift: ShownDrift | None
    versions: Sequence[ShownVersion]
    champion: ModelVersion | None
    back_to: ModelVersion | None
    request_says: str | None
    is_asked: bool

    @property
    def has_charts(self) -> bool:
        """Say whether scripts are needed."""
        drawn = self.drift is not None and any(shift.chart for shift in self.drift.shifts)
        return drawn or self.reliability is not None or self.strongest is not None


def model_page(report: ModelReport, f: Formats, now: datetime, *, may_roll_back: bool) -> ModelPage:
    """Put the report into words and pictures."""
    learned, request = report.learned, report.request
    is_asked = request is not None and request.done_at is None
    has_tenths = learned is not None and bool(learned.quality.tenths)
    return ModelPage(
        report=report,
        learned=learned,
        reliability=reliability(learned.quality, f) if learned is not None and has_tenths else None,
        strongest=strongest(learned.cards, f) if learned is not None and learned.cards else None,
        sides=[] if learned is None else _sides(learned, f),
        drift=None if report.drift is None else _drift(report.drift, f),
        versions=[_version(each, f) for each in report.versions],
        champion=report.champion,
        back_to=report.back_to if may_roll_back and not is_asked else None,
        request_says=None if request is None else _request_says(request, f, now),
        is_asked=is_asked,
    )


def _sides(learned: Learned, f: Formats) -> list[ShownSide]:
    titles = {
        Side.FIT: f.words("Fit: who the lead is"),
        Side.ENGAGEMENT: f.words("Engagement: what the lead did"),
    }
    sides = [_side(side, title, learned, f) for side, title in titles.items()]
    return [side for side in sides if side.cards]


def _side(side: Side, title: str, learned: Learned, f: Formats) -> ShownSide:
    cards = [_card(card, learned.scale, f) for card in learned.cards if card.side is side]
    return ShownSide(side.value, title, cards[:SHOWN_CARDS], cards[SHOWN_CARDS:])


def _card(card: PointsCard, scale: float, f: Formats) -> ShownCard:
    rows = [ShownValue(_label(each, f), each, bar(each.points, scale)) for each in card.values]
    return ShownCard(feature_title(card.name, card.title, f), card, rows)


def _label(value: CardValue, f: Formats) -> str:
    if value.rarer:
        return f.words.plural("%(count)s rarer value", "%(count)s rarer values", value.rarer) % {
            "count": f.number(value.rarer)
        }
    return value_word(value.label, f)


def _drift(drift: Drift, f: Formats) -> ShownDrift:
    shown = [_shift(at, shift, f) for at, shift in enumerate(drift.found[:SHOWN_SHIFTS], start=1)]
    return ShownDrift(
        drift=drift,
        gravity=gravity_word(drift.severity, f),
        look=GRAVE[drift.severity],
        says=drift_sentence(drift, f),
        shifts=shown,
        more=len(drift.found) - len(shown),
    )


def _shift(at: int, shift: Shift, f: Formats) -> ShownShift:
    return ShownShift(
        title=feature_title(shift.feature, shift.title, f),
        gravity=gravity_word(shift.severity, f),
        look=GRAVE[shift.severity],
        says=shift_sentence(shift, f),
        chart=before_and_now(at, shift, f) if len(shift.shares) > 1 else None,
    )


def _version(record: VersionRecord, f: Formats) -> ShownVersion:
    status = record.version.status
    return ShownVersion(record, f.words(STATUSES[status]), status is Status.CHAMPION)


def _request_says(request: ModelRequest, f: Formats, now: datetime) -> str:
    """Say what became of the last wish to roll back."""
    said = {
        "who": request.who,
        "version": request.version,
        "asked": f.moment(request.asked_at),
        "done": f.moment(request.done_at),
        "refusal": request.refusal or "",
    }
    if request.done_at is None:
        return _waiting(request, f, now) % said
    if request.refusal is None:
        return f.words("Version %(version)s was taken back into service on %(done)s, as %(who)s asked.") % said
    return f.words("%(who)s asked on %(asked)s to go back to version %(version)s. It was not done: %(refusal)s.") % said


def _waiting(request: ModelRequest, f: Formats, now: datetime) -> str:
    if now - request.asked_at < PATIENCE:
        return f.words(
            "%(who)s asked to go back to version %(version)s; it is being done. Load the page again in a few seconds."
        )
    return f.words(
        "%(who)s asked on %(asked)s to go back to version %(version)s, and it has not been done yet: the registry of "
        "models may be out of reach. Whoever runs the service finds the reason in its log."
    )
