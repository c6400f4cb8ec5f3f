"""Which open leads sales should work next, with a capacity for so many."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from features.store.worklist import OpenLead, WorklistFilter, rank_open_leads


@dataclass(frozen=True)
class Listed:
    """A lead of the list. `exploration`: it is there by lot, not for its score."""

    lead: OpenLead
    exploration: bool


@dataclass(frozen=True)
class Worklist:
    """The list, and what it is worth.

    expected_sqls: how many of the listed leads will become SQLs, as their scores say. share_of_sqls: that, of all SQLs
    to expect from the open leads that the filter leaves (0 to 1); None where none are to be expected. open_leads: how
    many the filter leaves; unscored: how many of them have no score yet, and so are on no list.
    """

    leads: Sequence[Listed]
    expected_sqls: float
    share_of_sqls: float | None
    open_leads: int
    unscored: int


def make_worklist(connection: Connection, wanted: WorklistFilter, capacity: int, exploration: float) -> Worklist:
    """Give the best open leads, the last `exploration` share of places (0 to 1, rounded) being drawn by lot.

    The lot is `features.exploration`: which leads it chooses, and in which order, hangs on their ids alone. So the
    outcomes of exploration leads can be told apart at any later time, without a record: they are the worked leads that
    `choose_exploration(ids, exploration)` marks, whether their score alone would have listed them or not.
    """
    places = int(capacity * exploration + 0.5)
    ranking = rank_open_leads(connection, wanted, best=capacity, drawn=places + capacity, drawn_share=exploration)
    best = ranking.best[: capacity - places]
    listed = {each.score.lead_id for each in best}
    drawn = [each for each in ranking.drawn if each.score.lead_id not in listed][:places]
    best = ranking.best[: capacity - len(drawn)]
    expected = sum(each.score.probability for each in (*best, *drawn))
    return Worklist(
        leads=[
            *(Listed(each, exploration=False) for each in best),
            *(Listed(each, exploration=True) for each in drawn),
        ],
        expected_sqls=expected,
        share_of_sqls=expected / ranking.expected_sqls if ranking.expected_sqls > 0 else None,
        open_leads=ranking.leads,
        unscored=ranking.unscored,
    )
