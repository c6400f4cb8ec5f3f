"""Words that CRMs use for what became of a lead."""

import re

from features.words import words

_OUTCOME = re.compile(
    r"\b(won|lost|closed|converted|conversion|(dis|un)?qualified|(dis|un)?qualification|sqls?|rejected|rejection|churned"
    r"|opportunit(y|ies)|deals?|contracts?|signed|invoiced?s?|purchased?|order placed|onboarding"
    r"|ganad[oa]s?|perdid[oa]s?|contratos?|oportunidad(es)?|cerrad[oa]s?|(des)?cualificad[oa]s?"
    r"|gewonnen|verloren|vertrag|abgeschlossen|gagnée?s?|perdue?s?|contrats?|signée?s?"
    r"|vint[oa]|pers[oa]|contratt[oi]|ganh[oa]s?|perdid[oa]s?)\b"
)


def speaks_of_outcome(text: str) -> bool:
    """Say whether a column's name, a value or an event type names an outcome, in English or a neighbour's language.

    >>> [speaks_of_outcome(text) for text in ("ClosedWon", "opportunity_created", "wonderful", "Contrato firmado")]
    [True, True, False, True]
    """
    return bool(_OUTCOME.search(words(text).casefold()))
