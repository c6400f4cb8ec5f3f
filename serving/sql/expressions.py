"""The building blocks of the query, as sqlglot expressions: numbers, columns, choices and sums."""

from collections.abc import Sequence

from sqlglot import exp


def number(value: float) -> exp.Literal:
    """Give a number with all its digits; the exponent makes it a double for DuckDB and Spark.

    >>> number(0.1).sql()
    '0.1e0'
    """
    text = repr(float(value))
    return exp.Literal(this=text if "e" in text else f"{text}e0", is_string=False)


def double(value: exp.Expression | float) -> exp.Expression:
    """Give a double in every dialect: PostgreSQL takes a plain literal for a `numeric`, unless it meets a double."""
    return exp.cast(value if isinstance(value, exp.Expression) else number(value), exp.DataType.Type.DOUBLE)


def whole(value: int) -> exp.Literal:
    """Give a whole number."""
    return exp.Literal(this=str(value), is_string=False)


def feature(at: int) -> exp.Column:
    """Give the column of a feature, by its place in the catalogue, as all but the first step know it."""
    return exp.column(f"f{at}")


def quoted(name: str) -> exp.Column:
    """Give a column of the table, whatever its name.

    >>> quoted("Größe, brutto").sql()
    '"Größe, brutto"'
    """
    return exp.column(exp.to_identifier(name, quoted=True))


def is_null(value: exp.Expression) -> exp.Expression:
    """Give the condition that a value is missing."""
    return exp.Is(this=value, expression=exp.null())


def choose(condition: exp.Expression, then: exp.Expression, otherwise: exp.Expression) -> exp.Case:
    """Give CASE WHEN condition THEN then ELSE otherwise END; a condition that is NULL does not hold."""
    return exp.Case(ifs=[exp.If(this=condition, true=then)], default=otherwise)


def total(parts: Sequence[exp.Expression]) -> exp.Expression:
    """Give the sum, nested evenly: engines limit how deep an expression may be.

    >>> total([feature(at) for at in range(4)]).sql()
    'f0 + f1 + (f2 + f3)'
    """
    if len(parts) <= 1:
        return parts[0] if parts else double(0.0)
    middle = (len(parts) + 1) // 2
    left, right = total(parts[:middle]), total(parts[middle:])
    return exp.Add(this=left, expression=exp.paren(right, copy=False) if len(parts) - middle > 1 else right)
