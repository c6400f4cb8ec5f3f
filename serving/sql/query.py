"""The whole query: from a table with a column per feature to probability, points, grades and segment.

Its steps: `inputs` reads and checks the columns, `linear`, `answers` and `trees` add up what groups of features add,
`points` has the two sides, `graded` their grades, `scored` the probability.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from features.attributes import Side
from serving.model.scoring import ScoringModel
from serving.sql.added import constant_and_linear, group_column, tree_steps
from serving.sql.dialect import Dialect
from serving.sql.expressions import feature, quoted, total
from serving.sql.header import header
from serving.sql.inputs import read_feature
from serving.sql.names import check_names, read_table
from serving.sql.outputs import grades, probability, score, segment
from serving.sql.steps import Steps

LEAD_ID = "lead_id"
SIDE_POINTS = ("fit_points", "engagement_points")
GRADED = ("points", "fit_grade", "engagement_grade")


def scoring_query(
    model: ScoringModel, dialect: Dialect, table: str, *, lead_id: str = LEAD_ID, feature_points: bool = False
) -> str:
    """Give the query as text, below a comment on the columns that the table must have.

    It gives the scores of `ScoringModel.score_table` within 1e-9. `lead_id` is the column with the leads' ids, handed
    on as it is. With `feature_points` there is one more column per feature that the model uses, `points.NAME`, in the
    catalogue's order; those of a side add up to its points. Raises DataError where `table` is no name of a table, or
    the dialect takes two columns for one.
    """
    sides = [int(each.side is Side.ENGAGEMENT) for each in model.catalog.features]
    groups = list(range(len(sides))) if feature_points else sides
    linear, trees = constant_and_linear(model, groups), tree_steps(model, groups, dialect)
    used = _used(model, [linear, *(patterns for patterns, _ in trees)])
    check_names([lead_id, *used.values()], dialect)
    inputs = {feature(at).name: read_feature(model, at, dialect) for at in used}
    own = {group_column(at): f"points.{name}" for at, name in used.items()} if feature_points else {}

    steps = Steps(dialect, read_table(table, dialect))
    steps.add("inputs", [], {LEAD_ID: quoted(lead_id), **inputs})
    steps.add("linear", [LEAD_ID, *inputs], linear)
    for at, (patterns, added) in enumerate(trees, start=1):
        steps.add(f"answers_{at}", [LEAD_ID, *inputs, *linear], patterns)
        steps.add(f"trees_{at}", [LEAD_ID, *inputs], {name: added.get(name, exp.column(name)) for name in linear})
    steps.add("points", [LEAD_ID, *own], _side_points(sides, groups))
    steps.add("graded", [LEAD_ID, *own, *SIDE_POINTS], grades(model.cuts))
    steps.add("scored", [LEAD_ID, *own, *SIDE_POINTS, *GRADED], {"probability": probability(model.base)})
    comment = header(model, dialect, lead_id, [model.catalog.features[at] for at in used])
    return f"{comment}{steps.text(_outputs(model.version, dialect, own))};\n"


def _used(model: ScoringModel, columns: Iterable[Mapping[str, exp.Expression]]) -> dict[int, str]:
    """Give the features that some column depends on: their places in the catalogue, and their names."""
    read = {each.name for made in columns for value in made.values() for each in value.find_all(exp.Column)}
    return {at: name for at, name in enumerate(model.catalog.names) if feature(at).name in read}


def _side_points(sides: Sequence[int], groups: Sequence[int]) -> dict[str, exp.Expression]:
    own = [sorted({group for group, its in zip(groups, sides, strict=True) if its == side}) for side in (0, 1)]
    return {
        name: total([exp.column(group_column(group)) for group in each])
        for name, each in zip(SIDE_POINTS, own, strict=True)
    }


def _outputs(version: str, dialect: Dialect, own: Mapping[str, str]) -> dict[str, exp.Expression]:
    """Give the last step's columns: those of `leadsift score`, in its order, and each feature's points."""
    return {
        LEAD_ID: exp.column(LEAD_ID),
        "probability": exp.column("probability"),
        "score": score(dialect),
        "points": exp.column("points"),
        "fit_points": exp.column("fit_points"),
        "fit_grade": exp.column("fit_grade"),
        "engagement_points": exp.column("engagement_points"),
        "engagement_grade": exp.column("engagement_grade"),
        "segment": segment(),
        **{name: exp.column(group) for group, name in own.items()},
        "model_version": exp.Literal.string(version),
    }
