"""The sections of leadsift.toml, each with its keys and defaults."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from features.attributes import Kind
from features.config.values import (
    AtWeekTime,
    ColumnName,
    ColumnNames,
    DataFile,
    Days,
    Encoding,
    GradeCuts,
    Hours,
    StoreUrl,
    Text,
    TrackingUri,
    Words,
    ZoneName,
    refuse,
)

DateFormat = Literal["YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY"]
OUTCOMES = ("sql", "rejected", "recycled", "unworked")


class Section(BaseModel):
    """A section that cannot change once read, and that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def is_section(annotation: Any) -> bool:
    """Say whether a type is one of the sections here."""
    return isinstance(annotation, type) and issubclass(annotation, Section)


class Company(Section):
    """Whose leads these are, and the zone of every time that carries none."""

    name: Text = "Our company"
    timezone: ZoneName = "UTC"

    @property
    def zone(self) -> ZoneInfo:
        """Give the company's time zone."""
        return ZoneInfo(self.timezone)


class TableFile(Section):
    """How a file is written, where it should be said rather than found out."""

    delimiter: Literal[",", ";", "\t", "|"] | None = None
    encoding: Encoding | None = None
    decimal: Literal[".", ","] | None = None
    date_format: DateFormat | None = None


class LabelColumn(Section):
    """The column in which the export itself says what became of the lead, and which of its words mean SQL."""

    column: ColumnName
    positive: Words


class Leads(TableFile):
    """The leads table. Without `id` the row is the id, "row 2" being the first lead of a file.

    `source` says what is learned from where there is both, a file and the store. `owner` names who works the lead:
    the store shows it, nothing is learned from it. `first_touch_at` says when sales first looked: reports count it,
    nothing is learned from it.
    """

    file: DataFile | None = None
    source: Literal["file", "store"] | None = None
    id: ColumnName | None = None
    handed_over_at: ColumnName | None = None
    order: ColumnName | None = None
    owner: ColumnName | None = None
    first_touch_at: ColumnName | None = None
    label: LabelColumn | None = None
    exclude: ColumnNames = ()

    @property
    def from_store(self) -> bool:
        """Say whether leads, events and outcomes to learn from come from the store, not from files."""
        return self.source == "store" or (self.source is None and self.file is None)


class Events(TableFile):
    """The events table. The file and its columns are needed wherever a file is read.

    `unknown_leads` says whether events of leads that are not in the leads file are an error; `exclude` names types of
    events that are never used.
    """

    file: DataFile | None = None
    lead_id: ColumnName = "lead_id"
    occurred_at: ColumnName = "occurred_at"
    type: ColumnName = "type"
    content: ColumnName | None = None
    event_id: ColumnName | None = None
    unknown_leads: Literal["error", "ignore"] = "error"
    exclude: Words = ()


class OutcomeWords(Section):
    """The CRM's words for each outcome. leadsift's own words always count as themselves."""

    sql: Words = ("sql",)
    rejected: Words = ("rejected",)
    recycled: Words = ("recycled",)
    unworked: Words = ("unworked",)

    def outcome_of(self) -> dict[str, str]:
        """Give the outcome that each word, case folded, stands for."""
        own = {outcome: outcome for outcome in OUTCOMES}
        return own | {word.casefold(): outcome for outcome in OUTCOMES for word in getattr(self, outcome)}


class Outcomes(TableFile):
    """The table of what sales decided. The file and its columns are needed wherever a file is read."""

    file: DataFile | None = None
    lead_id: ColumnName = "lead_id"
    decided_at: ColumnName = "decided_at"
    outcome: ColumnName = "outcome"
    reason: ColumnName | None = None
    values: OutcomeWords = OutcomeWords()


class FeatureColumn(Section):
    """A column of the leads table to learn from; `kind` is inferred if left out, bounds are for numbers."""

    column: ColumnName
    kind: Annotated[Kind, Field(strict=False)] | None = None
    min: float | None = Field(default=None, allow_inf_nan=False)
    max: float | None = Field(default=None, allow_inf_nan=False)


def _feature_column(value: Any) -> Any:
    if isinstance(value, str):
        return {"column": value}
    if not isinstance(value, dict | FeatureColumn):
        refuse("is neither a column's name nor a table", 'write "zip" or { column = "zip", kind = "category" }')
    return value


FeatureColumns = Annotated[
    tuple[Annotated[FeatureColumn, BeforeValidator(_feature_column)], ...],
    Field(strict=False),
]


class Features(Section):
    """Which columns say who the lead is (fit) and what the lead did (engagement).

    `fit` left out means: every column that is not named anywhere else.
    """

    fit: FeatureColumns | None = None
    engagement: FeatureColumns = ()


class LabelSettings(Section):
    """How long a lead has, from hand-over, to become an SQL."""

    horizon_days: int = Field(default=90, ge=1, le=3650)


class Leaks(Section):
    """Columns that the leak guard flagged and a person cleared."""

    allow: ColumnNames = ()


class Sla(Section):
    """What marketing and sales promised each other. On `holidays` no business hour passes."""

    weekly_leads: int | None = Field(default=None, ge=1)
    good_fit_share: float | None = Field(default=None, ge=0, le=1)
    deliver_by: AtWeekTime | None = None
    qualify_by: AtWeekTime | None = None
    business_hours: Hours | None = None
    holidays: Days = ()


class Reports(Section):
    """The CRM's names of the attributes by which reports part the leads; one that leads do not have stays empty.

    A `size` in numbers, of employees say, is shown in bands.
    """

    sector: Text = "sector"
    size: Text = "employees"
    source: Text = "source"
    campaign: Text = "campaign"


class Grades(Section):
    """The quantiles of the training leads at which grades are cut, best first."""

    fit: GradeCuts = (0.8, 0.5, 0.2)
    engagement: GradeCuts = (0.8, 0.5, 0.2)


class Store(Section):
    """Where the live store is."""

    url: StoreUrl = Field(default="sqlite:///.leadsift/leadsift.db", validate_default=True)


class ServiceLimits(Section):
    """How much the HTTP service lets each caller do: how often one key may be used."""

    requests_per_second: float = Field(default=5_000, gt=0, le=1_000_000)


class Mlflow(Section):
    """Where models are recorded, and the registered name."""

    tracking_uri: TrackingUri = Field(default="sqlite:///.leadsift/mlflow.db", validate_default=True)
    model_name: Text = "lead-score"


class Priors(Section):
    """What the company believes of its leads before there are outcomes to learn from.

    rate: the share of leads that become SQLs, which weighs as much as `leads` leads with a known outcome.
    points: what a value of a feature adds, +20 for twice the odds, as `"sector=software" = 10`.
    """

    rate: float | None = Field(default=None, gt=0, lt=1)
    leads: float = Field(default=20, gt=0, le=1_000_000)
    points: dict[str, Annotated[float, Field(ge=-200, le=200)]] = Field(default_factory=dict)


class Trees(Section):
    """How the trees of the model are grown; the defaults serve most companies well, and a search may set them.

    depth: levels of questions; three keep exact reasons cheap. learning_rate: how far each tree goes.
    feature_fraction, bagging_fraction: the share of columns and of leads that a tree sees; with few columns, one
    strong and drifting column cannot rule them all. lambda_l2: pull of leaves towards zero. min_leaf: the fewest leads
    of a leaf, fewer where there are few leads.
    """

    depth: int = Field(default=3, ge=1, le=3)
    learning_rate: float = Field(default=0.05, gt=0, le=1)
    feature_fraction: float = Field(default=0.3, gt=0, le=1)
    bagging_fraction: float = Field(default=0.7, gt=0, le=1)
    lambda_l2: float = Field(default=1.0, ge=0, le=1e6)
    min_leaf: int = Field(default=20, ge=1, le=100_000)


class Training(Section):
    """How a model is fitted and tested: the newest `holdout_share` of leads is kept to test on.

    exploration: the share of a worklist that is drawn at random whatever the score, so that the model also learns
    what becomes of leads it thinks little of. retrain_after_leads: how many newly known outcomes call for a training;
    a fifth more than were learned from, where nothing is said.
    """

    holdout_share: float = Field(default=0.3, gt=0, lt=0.9)
    seeds: int = Field(default=3, ge=1, le=50)
    random_state: int = Field(default=0, ge=0, le=2**31 - 1)
    trees: Trees = Trees()
    champion_max_age_days: int = Field(default=90, ge=1, le=3650)
    exploration: float = Field(default=0.05, ge=0, le=0.5)
    retrain_after_leads: int | None = Field(default=None, ge=1)
