"""What the dialects write each in its own way, beyond what sqlglot knows."""

from collections.abc import Sequence

import numpy as np
from sqlglot import exp

from serving.sql.dialect import Dialect
from serving.sql.expressions import whole


def looked_up(dialect: Dialect, values: Sequence[float], place: exp.Expression) -> exp.Expression:
    """Give the value at a place, counted from 1. The values stand in one text, which is quick to plan."""
    text = ",".join(np.format_float_positional(value, trim="-") for value in values)
    if dialect is Dialect.DUCKDB:
        table = exp.cast(exp.Literal.string(f"[{text}]"), "double[]", dialect="duckdb")
        return exp.Anonymous(this="LIST_EXTRACT", expressions=[table, place])
    if dialect is Dialect.SPARK:
        words = exp.Anonymous(this="SPLIT", expressions=[exp.Literal.string(text), exp.Literal.string(",")])
        table = exp.cast(words, "array<double>", dialect="spark")
        return exp.Anonymous(this="ELEMENT_AT", expressions=[table, place])
    table = exp.cast(exp.Literal.string(f"{{{text}}}"), "double precision[]", dialect="postgres")
    return exp.Bracket(this=exp.paren(table, copy=False), expressions=[place], offset=1)


def half_to_even(dialect: Dialect, value: exp.Expression) -> exp.Expression:
    """Give a double rounded to a whole number as Python does."""
    if dialect is Dialect.DUCKDB:
        return exp.Anonymous(this="ROUND_EVEN", expressions=[value, whole(0)])
    return exp.Anonymous(this="RINT" if dialect is Dialect.SPARK else "ROUND", expressions=[value])


def refusal(dialect: Dialect, what: str, value: exp.Expression) -> exp.Expression:
    """Give what ends the query, in place of a double, with a message: `what`, then the text `value`."""
    message = exp.DPipe(this=exp.Literal.string(what), expression=value)
    if dialect is Dialect.SPARK:
        return exp.Anonymous(this="RAISE_ERROR", expressions=[message])
    return exp.cast(message, exp.DataType.Type.DOUBLE)  # not a number: the engine says so, message and all


def fenced(dialect: Dialect, query: exp.Select) -> exp.Select:
    """Keep a part of the query a step of its own: PostgreSQL would compute its columns again at every use."""
    return query.offset(0, copy=False) if dialect is Dialect.POSTGRES else query
