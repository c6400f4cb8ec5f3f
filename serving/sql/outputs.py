"""The outer parts of the query: from the two sides' points to the columns of `leadsift score`."""

from collections.abc import Sequence

from sqlglot import exp

from serving.model.grades import ENGAGEMENT_GRADES, FIT_GRADES, SEGMENTS, UPPER_HALF, GradeCuts
from serving.model.points import POINTS_PER_LOG_ODDS
from serving.sql.dialect import Dialect
from serving.sql.expressions import choose, double, number
from serving.sql.idioms import half_to_even

TIE = 1e-9  # points; sums in another order differ in the last bits, and a lead at a cut must stay below it
EXP_LIMIT = 700.0  # log-odds; beyond it PostgreSQL's exp() is an error, and the probability 0 or 1 all the same


def grades(cuts: GradeCuts) -> dict[str, exp.Expression]:
    """Give the columns points, fit_grade and engagement_grade, by name, from fit_points and engagement_points."""
    return {
        "points": exp.Add(this=exp.column("fit_points"), expression=exp.column("engagement_points")),
        "fit_grade": _grade("fit_points", cuts.fit, FIT_GRADES),
        "engagement_grade": _grade("engagement_points", cuts.engagement, ENGAGEMENT_GRADES),
    }


def probability(base: float) -> exp.Expression:
    """Give the probability from the column points; `base` is the log-odds at 0 points."""
    scaled = exp.Div(this=exp.column("points"), expression=number(POINTS_PER_LOG_ODDS))
    log_odds = exp.Add(this=number(base), expression=scaled)
    below = exp.Least(this=log_odds, expressions=[double(EXP_LIMIT)])
    within = exp.Greatest(this=below, expressions=[double(-EXP_LIMIT)])
    odds_against = exp.Exp(this=exp.Neg(this=within))
    return exp.Div(this=double(1.0), expression=exp.paren(exp.Add(this=number(1.0), expression=odds_against)))


def score(dialect: Dialect) -> exp.Expression:
    """Give the score, a whole number, from the column probability."""
    percent = exp.Mul(this=number(100.0), expression=exp.column("probability"))
    return exp.cast(half_to_even(dialect, percent), exp.DataType.Type.BIGINT)


def segment() -> exp.Expression:
    """Give the segment from the columns fit_grade and engagement_grade."""
    golden, nurture, curious, park = (exp.Literal.string(each.value) for each in SEGMENTS)
    fits = exp.column("fit_grade").isin(*FIT_GRADES[:UPPER_HALF])
    engaged = exp.column("engagement_grade").isin(*ENGAGEMENT_GRADES[:UPPER_HALF])
    return choose(fits, choose(engaged, golden, nurture), choose(engaged.copy(), curious, park))


def _grade(points: str, cuts: Sequence[float], letters: Sequence[str]) -> exp.Expression:
    cases = [
        exp.If(this=exp.GT(this=exp.column(points), expression=number(cut + TIE)), true=exp.Literal.string(grade))
        for cut, grade in zip(cuts, letters, strict=False)
    ]
    return exp.Case(ifs=cases, default=exp.Literal.string(letters[-1]))
