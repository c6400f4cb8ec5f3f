"""A reason as a phrase in the reader's language: the English one comes with it, others are said from its value."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from features.words import ago
from features.words import words as plain_words
from serving.pages.wording.feature_words import OVER_EVENTS, event_words
from serving.pages.wording.formats import Formats
from serving.pages.wording.marked import N_
from serving.pages.wording.words import ENGLISH

SAYINGS = {
    "count": N_("%(what)s: %(count)s in the last %(days)s days"),
    "count_ever": N_("%(what)s: %(count)s so far"),
    "days_since_last": N_("%(what)s: the last %(ago)s ago"),
    "days_since_first": N_("%(what)s: the first %(ago)s ago"),
    "decayed": N_("%(what)s lately: %(count)s, each counting half after %(days)s days"),
    "contents": N_("different contents (%(what)s): %(count)s in the last %(days)s days"),
    "types": N_("kinds of activity: %(count)s in the last %(days)s days"),
    "active_days": N_("days with %(what)s: %(count)s in the last %(days)s days"),
    "trend": N_("%(what)s: %(count)s in the last %(days)s days, against the %(days)s days before"),
}
Reason = Mapping[str, Any]  # as the service answers it


def say_reason(reason: Reason, f: Formats) -> str:
    """Give what a reason rests on as a phrase; a type of event or an attribute keeps the company's own name."""
    if f.language == ENGLISH:
        return str(reason["label"])
    found = OVER_EVENTS.fullmatch(reason["feature"])
    value = reason["value"]
    saying = None if found is None else SAYINGS.get(found["how"])
    if found is None or saying is None or isinstance(value, str):
        return _attribute(plain_words(reason["feature"]), reason, f)
    what = event_words(found["type"], f)
    if value is None:
        return f.words(N_("%(what)s: none yet")) % {"what": what}
    count = f.signed(value) if found["how"] == "trend" else _number(value, f)
    told = {"what": what, "count": count, "ago": _days(value, f), "days": found["days"]}
    return f.words(saying) % told


def _attribute(what: str, reason: Reason, f: Formats) -> str:
    value, label = reason["value"], reason["label"]
    match value:
        case None:
            return f.words(N_("%(what)s: not known")) % {"what": what}
        case str():
            return f"{what}: {value}"
        case 1.0 if label == f"{what}: yes":
            return f.words(N_("%(what)s: yes")) % {"what": what}
        case 0.0 if label == f"{what}: no":
            return f.words(N_("%(what)s: no")) % {"what": what}
    if label == f"{what} {ago(value)}":
        return f.words(N_("%(what)s: %(ago)s ago")) % {"what": what, "ago": _days(value, f)}
    return f"{what}: {_number(value, f)}"


def _number(value: float, f: Formats) -> str:
    tenths = round(value, 1)
    return f.number(tenths, 0 if tenths == round(tenths) or abs(value) >= 10 else 1)


def _days(value: float, f: Formats) -> str:
    return f.span(timedelta(days=value))
