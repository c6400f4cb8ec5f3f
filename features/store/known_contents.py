"""Which contents there are: those that events of any lead name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from features.store.schema import events


@dataclass(frozen=True)
class KnownContent:
    """A content with the first and last moment at which a lead took it; `kind` is the type of the first such event."""

    name: str
    kind: str
    first_at: datetime
    last_at: datetime


def known_contents(connection: Connection, most: int) -> list[KnownContent]:
    """Give the contents, by name, and no more than so many.

    The database steps through its index from one name to the next, so it takes as long as there are contents, however
    many events name them.
    """
    first = select(func.min(events.c.content).label("name")).where(events.c.content.is_not(None))
    names = first.cte("names", recursive=True)
    following = select(func.min(events.c.content)).where(events.c.content > names.c.name).scalar_subquery()
    names = names.union_all(select(following).where(names.c.name.is_not(None)))
    of_name = select(events.c.occurred_at).where(events.c.content == names.c.name).limit(1)
    oldest_first = of_name.order_by(events.c.occurred_at)
    described = select(
        names.c.name,
        oldest_first.with_only_columns(events.c.type).scalar_subquery(),
        oldest_first.scalar_subquery(),
        of_name.order_by(events.c.occurred_at.desc()).scalar_subquery(),
    )
    rows = connection.execute(described.where(names.c.name.is_not(None)).limit(most))
    return [KnownContent(*row) for row in rows]
