"""The form in which sales says what became of a lead, as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from serving.pages.wording.marked import N_
from serving.pages.wording.terms import REASONS, reason_word
from serving.pages.wording.words import Words

DECISIONS = {
    "sql": (N_("Accept it"), N_("it is an SQL")),
    "rejected": (N_("Reject it"), N_("say why below: marketing learns from it")),
    "recycled": (N_("Recycle it"), N_("not now; back to marketing")),
}


@dataclass(frozen=True)
class Decision:
    """One of the decisions to choose from."""

    value: str
    title: str
    says: str


@dataclass(frozen=True)
class DecisionForm:
    """The form. `token` is the session's. `reasons`: code and word. `latest`: the local time now, as HTML writes it.

    outcome, reason, first_touch_at: what was sent and could not be taken; mistakes: why not, in words.
    """

    token: str
    decisions: Sequence[Decision]
    reasons: Sequence[tuple[str, str]]
    latest: str
    outcome: str
    reason: str
    first_touch_at: str
    mistakes: Sequence[str]


def decision_form(
    token: str,
    codes: Sequence[str],
    now: datetime,
    zone: tzinfo,
    words: Words,
    *,
    sent: Mapping[str, str],
    mistakes: Sequence[str],
) -> DecisionForm:
    """Give the form for a reader. `codes`: the reasons that the CRM uses, offered after those of the trade."""
    chosen = sent.get("reason", "")
    offered = list(dict.fromkeys([*REASONS, *codes, *([chosen] if chosen else [])]))
    return DecisionForm(
        token=token,
        decisions=[Decision(value, words(title), words(says)) for value, (title, says) in DECISIONS.items()],
        reasons=[(code, reason_word(code, words)) for code in offered],
        latest=now.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
        outcome=sent.get("outcome", ""),
        reason=chosen,
        first_touch_at=sent.get("first_touch_at", ""),
        mistakes=[words(each) for each in mistakes],
    )
