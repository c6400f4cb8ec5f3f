"""Which columns of the leads table are attributes, and of what kind."""

from collections.abc import Iterator

from features.attributes import Attribute, Kind, Side
from features.config import Config, FeatureColumn
from features.findings import Severity
from features.sources.head_counts import is_head_count
from features.sources.journal import Journal
from features.sources.kinds import infer_kind
from features.sources.raw_table import RawTable


def choose_attributes(config: Config, raw: RawTable, journal: Journal) -> tuple[Attribute, ...]:
    """Give the attributes of the leads table: those that [features] lists, kinds inferred where not said.

    Where `fit` is left out, every column that the config does not name elsewhere is a fit attribute. Columns that
    are not used are written down as findings, listed columns that the file lacks as problems.
    """
    attributes: list[Attribute] = []
    for side, columns in ((Side.FIT, config.features.fit or ()), (Side.ENGAGEMENT, config.features.engagement)):
        for listed in columns:
            if raw.column(listed.column, journal, f"[features] {side}") is not None:
                attributes += _attribute(config, raw, listed, side, journal)
    spare = [name for name in raw.columns if name not in set(_named(config))]
    if config.features.fit is None:
        for name in spare:
            attributes += _attribute(config, raw, FeatureColumn(column=name), Side.FIT, journal)
    else:
        for name in spare:
            journal.finding("unused", f"{raw.file}: column {name!r} is not listed under [features]", name)
    for name in config.leads.exclude:
        if not raw.has(name):
            detail = f"{raw.file} has no column {name!r}, though [leads] exclude names it"
            journal.finding("unused", detail, name, Severity.WARNING)
    return tuple(attributes)


def lead_columns(config: Config) -> frozenset[str] | None:
    """Give the columns that a file of past leads is read for; None for all, where `fit` is left out."""
    if config.features.fit is None:
        return None
    return frozenset(name for name in _named(config) if name is not None)


def _named(config: Config) -> Iterator[str | None]:
    """Give the columns of the leads table that the config names."""
    leads, events, features = config.leads, config.events, config.features
    yield from (leads.id, leads.handed_over_at, leads.order, leads.owner, leads.first_touch_at, *leads.exclude)
    yield from (each.column for each in (*(features.fit or ()), *features.engagement))
    if leads.label:
        yield leads.label.column
    if events:
        yield from (events.lead_id, events.event_id)


def _attribute(
    config: Config, raw: RawTable, listed: FeatureColumn, side: Side, journal: Journal
) -> Iterator[Attribute]:
    """Give the attribute of a column, or none where nothing can be learnt from it."""
    name, kind = listed.column, listed.kind or infer_kind(raw, listed.column)
    if kind is None:
        journal.finding(
            "unused", f"{raw.file}: column {name!r} holds no single value in any row", name, Severity.WARNING
        )
        return
    if kind is Kind.DATE and not config.leads.handed_over_at:
        detail = f"{raw.file}: column {name!r} holds dates, which mean something only beside [leads] handed_over_at"
        journal.finding("unused", detail, name, Severity.WARNING)
        return
    if listed.kind is None:
        journal.finding("kind", f"{raw.file}: column {name!r} is read as {kind} ({side})", name)
    minimum = 0.0 if listed.min is None and kind is Kind.NUMBER and is_head_count(name) else listed.min
    yield Attribute(name, side, kind, minimum, listed.max)
