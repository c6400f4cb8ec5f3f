"""Whether a warehouse can hold the columns that the query reads, and what the user's word for the table means."""

from collections import defaultdict
from collections.abc import Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from features.errors import DataError
from features.problems import Problem
from serving.sql.dialect import Dialect


def check_names(names: Sequence[str], dialect: Dialect) -> None:
    """Raise DataError where the dialect takes two of the columns' names for one."""
    alike: dict[str, list[str]] = defaultdict(list)
    for name in names:
        alike[dialect.as_told_apart(name)].append(name)
    remedy = "rename one in the data and train again, or exclude it"
    problems = [
        Problem(f"are one and the same column for {dialect.product}", remedy, value=" and ".join(each))
        for each in alike.values()
        if len(each) > 1
    ]
    if problems:
        raise DataError(problems)


def read_table(text: str, dialect: Dialect) -> exp.Table:
    """Read the name of a table as the dialect writes it, with its schema where it has one; raises DataError."""
    try:
        table = sqlglot.parse_one(text, into=exp.Table, dialect=dialect.value)
    except SqlglotError:
        table = None
    if table is None or table.alias or table.args.get("joins"):
        remedy = f"write it as {dialect.product} does: schema.table, with quotes around a name with spaces"
        raise DataError([Problem("is not the name of a table", remedy, value=text)])
    return table
