"""What `leadsift check` finds: how config and data were understood, and every problem with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from features.attributes import Attribute
from features.compute import feature_table
from features.config import Config
from features.errors import DataError
from features.findings import Finding, Severity
from features.labels import Labels, label_leads
from features.sources import read_training_tables
from features.tables import Tables
from training.known_leads import known_leads
from training.leak_guard import find_leaks
from training.pipeline import catalog_of
from training.priors.prior_model import is_enough, prior_findings
from training.priors.prior_points import read_points
from training.priors.rate_belief import believe

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


@dataclass(frozen=True)
class Check:
    """What was understood. `rows` counts the leads; None where the data could not be read."""

    rows: int | None
    events: int
    outcomes: int
    attributes: tuple[Attribute, ...]
    label: dict[str, Any]
    findings: tuple[Finding, ...]

    @property
    def acceptable(self) -> bool:
        """Say whether nothing stops training."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Give the check as plain JSON values."""
        return {
            "rows": self.rows,
            "events": self.events,
            "outcomes": self.outcomes,
            "attributes": [attribute.to_json() for attribute in self.attributes],
            "label": self.label,
            "findings": [finding.to_json() for finding in self.findings],
        }


def check_data(config: Config) -> Check:
    """Read all that training would read; problems become findings of severity `error`, nothing is raised for them."""
    try:
        tables = read_training_tables(config)
    except DataError as error:
        return Check(None, 0, 0, (), {}, problems_found(error))
    return _checked(tables, config)


def problems_found(error: DataError) -> tuple[Finding, ...]:
    """Give the problems of the data as findings."""
    return tuple(Finding("problem", Severity.ERROR, each.column, each.line()) for each in error.problems)


def _checked(tables: Tables, config: Config) -> Check:
    labels = label_leads(tables, config.label.horizon_days)
    try:
        found = _found(tables, labels, config)
    except DataError as error:
        found = problems_found(error)
    return Check(
        rows=tables.leads.height,
        events=tables.events.height,
        outcomes=0 if tables.outcomes is None else tables.outcomes.height,
        attributes=tables.attributes,
        label=labels.summary,
        findings=(*found, *labels.findings, *tables.notes),
    )


def _found(tables: Tables, labels: Labels, config: Config) -> tuple[Finding, ...]:
    """Give leaks or, where too little is known to learn from, what training would make of it."""
    y, catalog = labels.y[known_leads(tables.leads, labels.y)], catalog_of(tables.leads, tables)
    declared = read_points(config.priors.points, catalog)
    if is_enough(y, config.training.holdout_share):
        return find_leaks(tables, labels.y, config.leaks.allow, config.training.holdout_share)
    features = feature_table(tables.leads, tables.events, catalog)
    return prior_findings(believe(y, config.priors), declared, features, catalog)


def render_check(check: Check) -> Iterable[RenderableType]:
    """Give the check as a person reads it on a terminal."""
    if check.rows is not None:
        yield f"{check.rows:,} leads, {check.events:,} events, {check.outcomes:,} outcomes."
        yield from _label_lines(check.label)
        yield _attributes_table(check.attributes)
    for finding in check.findings:
        if finding.kind == "kind":
            continue  # the table above says it
        yield Text(f"{finding.severity.value}: {finding.detail}", style=STYLES[finding.severity])
    yield "Nothing stops training." if check.acceptable else "Training would stop at the errors above."


def _label_lines(label: dict[str, Any]) -> Iterable[str]:
    yield (
        f"{label['sql']:,} became SQLs and {label['not_sql']:,} did not ({label['rate']:.1%}); left out are "
        f"{label['young']:,} whose horizon has not passed, {label['unworked']:,} never worked and "
        f"{label['unknown']:,} without a label."
    )


def _attributes_table(attributes: tuple[Attribute, ...]) -> Table:
    table = Table("column", "side", "kind", box=None, pad_edge=False, title="Understood", title_justify="left")
    for attribute in attributes:
        table.add_row(Text(attribute.name), attribute.side.value, attribute.kind.value)
    return table
