"""Sees to it that what reports count follows the store and the config, a little at a time between other writes."""

import asyncio
from functools import partial

import structlog

from features.errors import StoreError
from features.store.fact_rules import FactRules
from features.store.facts import are_facts_whole, next_facts
from serving.http.pages.choice_memo import ChoiceMemo
from serving.http.problems import ProblemError
from serving.http.store_work import StoreWork

LOOK_EVERY_S = 60.0


async def follow_facts(store_work: StoreWork, rules: FactRules, choices: ChoiceMemo) -> None:
    """Count leads anew wherever that is called for, and keep the choices of the pages fresh, until cancelled.

    With the store down or busy, wait and go on.
    """
    while True:
        try:
            whole = await store_work.read(partial(are_facts_whole, rules=rules))
            await store_work.read(choices.refresh)
            more = not whole and await store_work.write(partial(next_facts, rules=rules))
        except (StoreError, ProblemError) as error:
            structlog.get_logger().warning("reports cannot be brought up to date now", why=str(error))
            more = False
        await asyncio.sleep(0 if more else LOOK_EVERY_S)
