"""What must hold in any store at any moment, whatever happened to those who write."""

from sqlalchemy import Connection, Table, func, select

from features.store.schema import (
    events,
    latest_scores,
    lead_changes,
    leads,
    metadata,
    outcomes,
    scores,
    useful_contents,
)

OF_ONE_LEAD = (lead_changes, events, outcomes, useful_contents, scores, latest_scores)


def check_sound(connection: Connection) -> None:
    """Assert that the database is whole, that every row of a lead has its lead, and that no write is half done."""
    if connection.dialect.name == "sqlite":
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    for table in OF_ONE_LEAD:
        assert count(connection, table, table.c.lead_id.not_in(select(leads.c.lead_id))) == 0, table.name
    remembered = select(lead_changes.c.lead_id)
    assert count(connection, leads, leads.c.lead_id.not_in(remembered)) == 0, "a lead without what was known of it"
    decided = select(outcomes.c.lead_id)
    assert count(connection, leads, leads.c.outcome.is_not(None), leads.c.lead_id.not_in(decided)) == 0
    known = select(scores.c.id)
    assert count(connection, latest_scores, latest_scores.c.score_id.not_in(known)) == 0, "a newest score of nothing"
    scored = select(latest_scores.c.lead_id)
    assert count(connection, scores, scores.c.lead_id.not_in(scored)) == 0, "scores without a newest"


def counts(connection: Connection) -> dict[str, int]:
    """Give how many rows each table has."""
    return {table.name: count(connection, table) for table in metadata.sorted_tables}


def count(connection: Connection, table: Table, *conditions: object) -> int:
    """Give how many rows meet the conditions."""
    return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())  # type: ignore[arg-type]
