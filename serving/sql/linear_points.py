"""What the linear part adds through one feature: a number by its knots, a category by its code."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from sqlglot import exp

from serving.model.encoding import Role
from serving.model.linear import Knots
from serving.model.scoring import ScoringModel
from serving.sql.codes import code_of
from serving.sql.expressions import choose, double, feature, is_null, number, whole


def linear_points(model: ScoringModel, at: int, codes: Mapping[str, int] | None, scale: float) -> exp.Expression | None:
    """Give `scale` times what the linear part adds through a feature; None where it adds nothing.

    `at` is the feature's place in the catalogue; `codes` are those of its levels, None for a number.
    """
    weights = scale * model.linear.weights
    columns = {place: column for place, column in enumerate(model.encoder.columns) if column.feature == at}
    if not any(weights[place] for place in columns):
        return None
    if codes is not None:
        return _by_code(at, {code_of(column, codes): float(weights[place]) for place, column in columns.items()})
    where_missing = sum(float(weights[place]) for place, column in columns.items() if column.role is Role.MISSING)
    for place, column in columns.items():
        if column.role is Role.NUMBER:
            return _number(at, model.linear.knots.get(place), float(weights[place]), where_missing)
    return choose(is_null(feature(at)), double(where_missing), number(0.0))


def _by_code(at: int, points: Mapping[int, float]) -> exp.Expression:
    cases = [exp.If(this=whole(code), true=double(points[code])) for code in sorted(points)]
    return exp.Case(this=feature(at), ifs=cases, default=number(0.0))


def _number(at: int, knots: Knots | None, weight: float, where_missing: float) -> exp.Expression:
    if knots is None:
        return exp.Mul(this=number(weight), expression=feature(at))
    known = interpolated(at, knots, weight)
    return choose(is_null(feature(at)), double(weight * knots.missing + where_missing), known)


def interpolated(at: int, knots: Knots, scale: float) -> exp.Expression:
    """Give `scale` times what the knots map a feature that is known to, as `numpy.interp` does."""
    xs, ys = knots.xs.tolist(), (scale * knots.ys).tolist()
    bounds, pieces = [xs[0]], [double(ys[0])]
    for (x, next_x), (y, next_y) in zip(pairwise(xs), pairwise(ys), strict=True):
        if next_x > x:
            bounds.append(next_x)
            pieces.append(_line(at, x, y, (next_y - y) / (next_x - x)))
    return _pieces(at, bounds, [*pieces, double(ys[-1])])


def _line(at: int, x: float, y: float, slope: float) -> exp.Expression:
    past_x = exp.paren(exp.Sub(this=feature(at), expression=number(x)), copy=False)
    return exp.Add(this=double(y), expression=exp.Mul(this=number(slope), expression=past_x))


def _pieces(at: int, bounds: Sequence[float], pieces: Sequence[exp.Expression]) -> exp.Expression:
    """Choose among pieces by halves: the first is that below the first bound, the last that from the last bound on."""
    if not bounds:
        return pieces[0]
    middle = len(bounds) // 2
    is_low = exp.LT(this=feature(at), expression=number(bounds[middle]))
    low, high = pieces[: middle + 1], pieces[middle + 1 :]
    return choose(is_low, _pieces(at, bounds[:middle], low), _pieces(at, bounds[middle + 1 :], high))
