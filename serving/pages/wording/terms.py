"""What the pages call outcomes, reasons, segments and verdicts: the words of the trade, in the reader's language."""

from collections.abc import Mapping

from serving.model.grades import Segment
from serving.pages.wording.marked import N_
from serving.pages.wording.words import Words
from serving.reports.chance import Verdict

OUTCOMES = {
    "sql": N_("accepted"),
    "rejected": N_("rejected"),
    "recycled": N_("recycled"),
    "unworked": N_("not worked"),
}
REASONS = {
    "size": N_("company size"),
    "role": N_("role"),
    "region": N_("region"),
    "existing customer": N_("existing customer"),
    "competitor": N_("competitor"),
    "no contact": N_("no contact"),
    "bad timing": N_("bad timing"),
    "no need": N_("no need"),
}
SEGMENTS = {
    Segment.GOLDEN.value: N_("golden"),
    Segment.NURTURE.value: N_("nurture"),
    Segment.CURIOUS.value: N_("curious"),
    Segment.PARK.value: N_("park"),
}
VERDICTS = {
    Verdict.FEW: N_("too few to tell"),
    Verdict.WITHIN: N_("as expected"),
    Verdict.MORE: N_("more than expected"),
    Verdict.FEWER: N_("fewer than expected"),
}


def outcome_word(outcome: str | None, words: Words) -> str:
    """Give what an outcome is called; open where there is none yet."""
    return words("open") if outcome is None else _word(outcome, OUTCOMES, words)


def reason_word(reason: str | None, words: Words) -> str:
    """Give what a reason is called: codes that we know in the reader's language, others as the CRM wrote them."""
    return words("no reason given") if not reason else _word(reason, REASONS, words)


def segment_word(segment: str | None, words: Words) -> str:
    """Give what a segment is called."""
    return words("not scored") if segment is None else _word(segment, SEGMENTS, words)


def verdict_word(verdict: Verdict, words: Words) -> str:
    """Give what a comparison with what was expected says."""
    return words(VERDICTS[verdict])


def _word(value: str, known: Mapping[str, str], words: Words) -> str:
    return words(known[value]) if value in known else value
