"""The reports of the pages for the command line: each counted in the store, of all leads that its page begins with."""

from collections.abc import Callable, Mapping
from datetime import datetime

from features.config import Config
from features.errors import StoreError
from features.store import Store
from features.store.fact_rules import FactRules
from features.store.facts import are_facts_whole
from serving.model.bundle import read_bundle
from serving.model.scoring import ScoringModel
from serving.published import PUBLISHED, current
from serving.reports.agreement.report import agreement_report
from serving.reports.content.report import content_report
from serving.reports.grid.report import grid
from serving.reports.lead_filter import LeadFilter
from serving.reports.model.report import model_report
from serving.reports.overview.report import overview
from serving.reports.rejections import rejections
from serving.reports.report import Report, ReportContext
from serving.reports.worklist import WorklistAsked, worklist_report

EVERYTHING = LeadFilter()
BUILDERS: Mapping[str, Callable[[ReportContext], Report]] = {
    "overview": overview,
    "agreement": lambda context: agreement_report(context, EVERYTHING),
    "grid": lambda context: grid(context, EVERYTHING),
    "worklist": lambda context: worklist_report(context, WorklistAsked()),
    "rejections": lambda context: rejections(context, EVERYTHING),
    "content": lambda context: content_report(context, EVERYTHING),
    "model": model_report,
}


def stored_report(store: Store, config: Config, name: str, now: datetime) -> Report:
    """Make one of BUILDERS' reports, from one state of the store.

    Raises StoreError where the store cannot be used, or its figures do not follow all of it yet.
    """
    rules, model = FactRules.of(config), _published_model(config)
    with store.reading() as connection:
        context = ReportContext(connection, now, rules, config.training.exploration, model)
        check_facts(context)
        return BUILDERS[name](context)


def check_facts(context: ReportContext) -> None:
    """Raise StoreError where what reports count does not follow the whole store yet."""
    if not are_facts_whole(context.connection, context.rules):
        remedy = "run `leadsift import` or `leadsift serve` first, which bring them up to date"
        raise StoreError(f"the figures of the reports do not follow the whole store yet; {remedy}")


def _published_model(config: Config) -> ScoringModel | None:
    published = current(config.root / PUBLISHED)
    return None if published is None else read_bundle(published.path, published.version)
