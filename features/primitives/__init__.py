"""Every primitive, and the way back from JSON. Add a new one to `PRIMITIVES`; tests then hold it to the contract."""

from typing import Any

from features.errors import BundleError
from features.primitives.active_days import ActiveDays
from features.primitives.category_value import CategoryValue
from features.primitives.count_ever import CountEver
from features.primitives.count_in_window import CountInWindow
from features.primitives.days_since import DaysSinceFirst, DaysSinceLast
from features.primitives.days_since_date import DaysSinceDate
from features.primitives.decayed_count import DecayedCount
from features.primitives.distinct_contents import DistinctContents
from features.primitives.distinct_types import DistinctTypes
from features.primitives.number_value import FlagValue, NumberValue
from features.primitives.primitive import AttributePrimitive, EventPrimitive, FeatureValue, Primitive
from features.primitives.trend import Trend

__all__ = [
    "PRIMITIVES",
    "ActiveDays",
    "AttributePrimitive",
    "CategoryValue",
    "CountEver",
    "CountInWindow",
    "DaysSinceDate",
    "DaysSinceFirst",
    "DaysSinceLast",
    "DecayedCount",
    "DistinctContents",
    "DistinctTypes",
    "EventPrimitive",
    "FeatureValue",
    "FlagValue",
    "NumberValue",
    "Primitive",
    "Trend",
    "primitive_from_json",
]

PRIMITIVES: dict[str, type[Primitive]] = {
    primitive.kind: primitive
    for primitive in (
        NumberValue,
        FlagValue,
        CategoryValue,
        DaysSinceDate,
        CountInWindow,
        CountEver,
        DaysSinceLast,
        DaysSinceFirst,
        DecayedCount,
        DistinctContents,
        ActiveDays,
        Trend,
        DistinctTypes,
    )
}


def primitive_from_json(value: dict[str, Any]) -> Primitive:
    """Give back the primitive whose `to_json` gave `value`; one that this version does not have raises BundleError.

    >>> primitive_from_json({"kind": "count_in_window", "days": 30})
    CountInWindow(days=30)
    """
    parameters = dict(value)
    kind = parameters.pop("kind", None)
    if kind not in PRIMITIVES:
        known = ", ".join(PRIMITIVES)
        raise BundleError(f"{kind!r} is not a primitive of this version of leadsift, known are {known}; train anew")
    try:
        return PRIMITIVES[kind](**parameters)
    except (TypeError, ValueError) as error:
        raise BundleError(f"the primitive {value!r} cannot be made: {error}; train anew") from error
