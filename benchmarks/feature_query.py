"""The features over events as one query for DuckDB, as a person would write it: an aggregate with a filter for each."""

from features.catalog import Catalog
from features.feature import Feature
from features.primitives import (
    ActiveDays,
    CountEver,
    CountInWindow,
    DaysSinceFirst,
    DaysSinceLast,
    DecayedCount,
    DistinctContents,
    DistinctTypes,
    EventPrimitive,
    Trend,
)
from features.primitives.instants import DAY_US, HOUR_US

PAST = f"""
    SELECT lead_id, type, content, epoch_us(as_of) - epoch_us(occurred_at) AS age_us,
        epoch_us(occurred_at) // {DAY_US} AS day
    FROM events JOIN leads USING (lead_id)
    WHERE occurred_at <= as_of
"""  # noqa: S608 - constants of our own


def feature_query(catalog: Catalog) -> str:
    """Give a query over the tables `leads` and `events` (columns as in `Tables`) with `lead_id` and those features.

    The rows come in any order. Features over attributes are left out: there is nothing to compute in them.
    """
    features = [feature for feature in catalog.features if isinstance(feature.primitive, EventPrimitive)]
    columns = ",\n    ".join(f"{_aggregate(feature)} AS {_quoted(feature.name, chr(34))}" for feature in features)
    return f"SELECT lead_id,\n    {columns}\nFROM leads LEFT JOIN ({PAST}) USING (lead_id)\nGROUP BY lead_id"


def _aggregate(feature: Feature) -> str:
    kind = "type IS NOT NULL" if feature.event_type is None else f"type = {_quoted(feature.event_type, chr(39))}"
    match feature.primitive:
        case CountEver():
            said = f"count(*) FILTER ({kind})"
        case CountInWindow(days=days):
            said = f"count(*) FILTER ({kind} AND {_within(days)})"
        case Trend(days=days):
            new = f"count(*) FILTER ({kind} AND {_within(days)})"
            said = f"2 * {new} - count(*) FILTER ({kind} AND {_within(2 * days)})"
        case DaysSinceFirst():
            said = f"max(age_us) FILTER ({kind}) / {DAY_US}"
        case DaysSinceLast():
            said = f"min(age_us) FILTER ({kind}) / {DAY_US}"
        case DecayedCount(half_life_days=days):
            said = f"coalesce(sum(pow(0.5, age_us // {HOUR_US} / {24 * days})) FILTER ({kind}), 0)"
        case ActiveDays(days=days):
            said = f"count(DISTINCT day) FILTER ({kind} AND {_within(days)})"
        case DistinctTypes(days=days):
            said = f"count(DISTINCT type) FILTER ({kind} AND {_within(days)})"
        case DistinctContents(days=days):
            said = f"count(DISTINCT content) FILTER ({kind} AND {_within(days)} AND content <> '')"
        case primitive:
            raise NotImplementedError(f"say {primitive.kind} in SQL here")
    return said


def _within(days: int) -> str:
    return f"age_us < {days * DAY_US}"


def _quoted(text: str, quote: str) -> str:
    return quote + text.replace(quote, 2 * quote) + quote
