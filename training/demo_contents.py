"""What sales of the sample company found useful: some of what those leads took that became SQLs."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from features.exploration import draw_of
from features.simulation.kinds import GUIDES, WEBINARS
from features.store.outcomes import add_outcome
from features.store.schema import lead_contents, lead_facts

SHARE_ASKED = 0.4  # of the SQLs; of the others sales says nothing
SEED = 1  # of the lot; worklists draw by another
SQL = "sql"


def mark_useful_contents(connection: Connection) -> int:
    """Let sales name, with some SQLs, the newest guide or webinar that the lead took; give how many it named."""
    named = list(_useful(connection))
    for lead_id, decided_at, content in named:
        add_outcome(
            connection,
            lead_id,
            SQL,
            reason=None,
            decided_at=decided_at,
            first_touch_at=None,
            useful_content=[content],
            now=decided_at,
        )
    return len(named)


def _useful(connection: Connection) -> Iterator[tuple[str, datetime, str]]:
    joined = lead_contents.join(lead_facts, lead_facts.c.lead_id == lead_contents.c.lead_id)
    taken = select(lead_facts.c.lead_id, lead_facts.c.decided_at, lead_contents.c.content).select_from(joined)
    wanted = taken.where(lead_facts.c.outcome == SQL, lead_contents.c.content.in_((*GUIDES, *WEBINARS)))
    last = None
    for row in connection.execute(wanted.order_by(lead_facts.c.lead_id, lead_contents.c.first_at.desc())).all():
        if row.lead_id != last and draw_of(row.lead_id, SEED) < SHARE_ASKED:
            yield row.lead_id, row.decided_at, row.content
        last = row.lead_id
