"""A query as a row of named steps, each a SELECT from the one before."""

from collections.abc import Iterable, Mapping

from sqlglot import exp

from serving.sql.dialect import Dialect
from serving.sql.idioms import fenced


class Steps:
    """Collects the steps. Each is kept a step by the engine, so that no column is computed more than once."""

    def __init__(self, dialect: Dialect, source: exp.Table) -> None:
        self._dialect = dialect
        self._source: exp.Table | str = source
        self._steps: dict[str, exp.Select] = {}

    def add(self, name: str, kept: Iterable[str], made: Mapping[str, exp.Expression]) -> None:
        """Add a step that keeps columns of the step before and makes others."""
        self._steps[name] = fenced(self._dialect, self._select(kept, made))
        self._source = name

    def text(self, made: Mapping[str, exp.Expression]) -> str:
        """Give the whole query, whose last step makes these columns."""
        query = self._select([], made)
        for name, step in self._steps.items():
            query = query.with_(name, as_=step, copy=False)
        return query.sql(dialect=self._dialect.value, copy=False)

    def _select(self, kept: Iterable[str], made: Mapping[str, exp.Expression]) -> exp.Select:
        columns = {**{name: exp.column(name) for name in kept}, **made}
        named = [exp.alias_(value, name, copy=False) for name, value in columns.items()]
        return exp.Select().select(*named, copy=False).from_(self._source, copy=False)
