"""Which open leads sales should work next, with a capacity for so many."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from features.store.worklist import OpenLead, Place, Ranking, WorklistFilter, open_leads, rank_open_leads


@dataclass(frozen=True)
class Listed:
    """A lead of the list. `exploration`: it is there by lot, not for its score."""

    lead: OpenLead
    exploration: bool


@dataclass(frozen=True)
class Worth:
    """What it brings to work so many leads: `leads` is how many a list of this capacity has.

    expected_sqls: how many of them will become SQLs, as their scores say. share_of_sqls: that, of all SQLs to expect
    from the open leads that the filter leaves (0 to 1); None where none are to be expected.
    """

    capacity: int
    leads: int
    expected_sqls: float
    share_of_sqls: float | None


@dataclass(frozen=True)
class Worklist:
    """The list, and what it is worth; `compared` says the same of other capacities.

    open_leads: how many the filter leaves; unscored: how many of them have no score yet, and so are on no list.
    """

    leads: Sequence[Listed]
    worth: Worth
    open_leads: int
    unscored: int
    compared: Sequence[Worth]


@dataclass(frozen=True)
class _Chosen:
    best: Sequence[Place]
    drawn: Sequence[Place]

    @property
    def places(self) -> Sequence[Place]:
        return (*self.best, *self.drawn)


def make_worklist(
    connection: Connection,
    wanted: WorklistFilter,
    capacity: int,
    exploration: float,
    compared: Sequence[int] = (),
) -> Worklist:
    """Give the best open leads, the last `exploration` share of places (0 to 1, rounded) being drawn by lot.

    The lot is `features.exploration`: which leads it chooses, and in which order, hangs on their ids alone. So the
    outcomes of exploration leads can be told apart at any later time, without a record: they are the worked leads that
    `choose_exploration(ids, exploration)` marks, whether their score alone would have listed them or not.
    `compared` are other capacities whose worth is asked for.
    """
    most = max(capacity, *compared, 0)
    drawn = _lot_places(most, exploration) + most
    ranking = rank_open_leads(connection, wanted, best=most, drawn=drawn, drawn_share=exploration)
    chosen = _choose(ranking, capacity, exploration)
    found = open_leads(connection, chosen.places)
    return Worklist(
        leads=[Listed(lead, exploration=at >= len(chosen.best)) for at, lead in enumerate(found)],
        worth=_worth(ranking, capacity, exploration),
        open_leads=ranking.leads,
        unscored=ranking.unscored,
        compared=[_worth(ranking, each, exploration) for each in compared],
    )


def _lot_places(capacity: int, exploration: float) -> int:
    return int(capacity * exploration + 0.5)


def _choose(ranking: Ranking, capacity: int, exploration: float) -> _Chosen:
    """Choose the leads of a list: places that the lot cannot fill go to the best."""
    places = _lot_places(capacity, exploration)
    listed = {place.score_id for place in ranking.best[: capacity - places]}
    drawn = [place for place in ranking.drawn if place.score_id not in listed][:places]
    by_lot = {place.score_id for place in drawn}
    best = [place for place in ranking.best if place.score_id not in by_lot]
    return _Chosen(best[: capacity - len(drawn)], drawn)


def _worth(ranking: Ranking, capacity: int, exploration: float) -> Worth:
    chosen = _choose(ranking, capacity, exploration).places
    expected = sum((place.probability for place in chosen), 0.0)
    share = expected / ranking.expected_sqls if ranking.expected_sqls > 0 else None
    return Worth(capacity, len(chosen), expected, share)
