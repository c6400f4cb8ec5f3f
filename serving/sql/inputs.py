"""The innermost part of the query: the table's columns, read and checked as files are.

Numbers become doubles, NaN becomes NULL, and a number out of bounds ends the query by name. A category becomes the
code of its level.
"""

from collections.abc import Mapping

from sqlglot import exp

from features.attributes import Attribute, Kind
from features.cell_values import LARGEST
from features.feature import Feature
from serving.model.scoring import ScoringModel
from serving.sql.codes import MISSING_CODE, level_codes
from serving.sql.dialect import Dialect
from serving.sql.expressions import double, is_null, number, quoted, whole
from serving.sql.idioms import refusal


def read_feature(model: ScoringModel, at: int, dialect: Dialect) -> exp.Expression:
    """Give a feature of the catalogue, by its place: a double that may be NULL, or the code of a level."""
    feature = model.catalog.features[at]
    if feature.kind is Kind.CATEGORY:
        return category_code(feature, level_codes(model.encoder)[at])
    attributes = {attribute.name: attribute for attribute in model.catalog.attributes}
    return checked_number(feature, attributes.get(feature.name), dialect)


def category_code(feature: Feature, codes: Mapping[str, int]) -> exp.Expression:
    """Give the code of a category's level; NULL and an empty text are missing."""
    text = _text(quoted(feature.name))
    missing = exp.Coalesce(this=text, expressions=[exp.Literal.string("")])
    cases = [exp.If(this=exp.Literal.string(""), true=whole(MISSING_CODE))]
    cases += [exp.If(this=exp.Literal.string(level), true=whole(code)) for level, code in codes.items()]
    return exp.Case(this=missing, ifs=cases, default=whole(len(codes)))


def checked_number(feature: Feature, attribute: Attribute | None, dialect: Dialect) -> exp.Expression:
    """Give a number or flag as a double, NULL where missing; one out of its bounds ends the query."""
    value = exp.Nullif(this=_double(feature), expression=double(exp.Literal.string("NaN")))
    low, high = _bounds(feature, attribute)
    inside = exp.Between(this=value, low=number(low), high=number(high))
    what = f"column {feature.name!r} must be from {low:g} to {high:g} or NULL, but is "
    ends = refusal(dialect, what, _text(quoted(feature.name)))
    cases = [exp.If(this=inside, true=value.copy()), exp.If(this=is_null(value.copy()), true=exp.null())]
    return exp.Case(ifs=cases, default=ends)


def _double(feature: Feature) -> exp.Expression:
    """Read a column as a double. A flag may be a boolean, which PostgreSQL casts to no number: it goes by its text."""
    if feature.kind is not Kind.FLAG:
        return double(quoted(feature.name))
    text = _text(quoted(feature.name))
    flags = [
        exp.If(this=exp.Literal.string(word), true=double(value)) for word, value in (("true", 1.0), ("false", 0.0))
    ]
    return exp.Case(this=text, ifs=flags, default=double(text.copy()))


def _bounds(feature: Feature, attribute: Attribute | None) -> tuple[float, float]:
    if feature.kind is Kind.FLAG:
        return 0.0, 1.0
    if attribute is None or attribute.kind is not Kind.NUMBER:
        return -LARGEST, LARGEST
    low, high = attribute.minimum, attribute.maximum
    return -LARGEST if low is None else low, LARGEST if high is None else high


def _text(value: exp.Expression) -> exp.Expression:
    return exp.cast(value, exp.DataType.Type.TEXT)
