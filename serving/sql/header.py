"""The comment above the query: which model it is, and which columns the table must have."""

from collections.abc import Sequence

from features.attributes import Kind
from features.feature import Feature
from serving.model.scoring import ScoringModel
from serving.sql.dialect import Dialect
from serving.sql.expressions import quoted

_KINDS = {Kind.NUMBER: "number", Kind.FLAG: "1 or 0, or true or false", Kind.CATEGORY: "text"}


def header(model: ScoringModel, dialect: Dialect, lead_id: str, used: Sequence[Feature]) -> str:
    """Give the comment, a line a column that is read."""
    lines = [
        f"Scores of leadsift, model version {model.version} of {model.info.trained_at:%Y-%m-%d} in {dialect.product}.",
        *model.info.warnings,
        "",
        "The table has a row per lead, and a column per feature as of the moment of scoring. Not known is NULL.",
        f"{_name(lead_id, dialect)}: the lead's id",
        *(f"{_name(each.name, dialect)}: {_KINDS[each.kind]}; {each.how}" for each in used),
    ]
    return "".join(f"-- {' '.join(line.split())}".rstrip() + "\n" for line in lines)


def _name(name: str, dialect: Dialect) -> str:
    return quoted(name).sql(dialect=dialect.value)
