"""Reads what sales sends from the page of a lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from features.store.outcomes import JUDGEMENTS
from features.store.schema import CONTENT_CHARACTERS
from serving.http.problems import not_acceptable
from serving.live.fast_clocks import CLOCK_TOLERANCE
from serving.pages.wording.marked import N_
from serving.values.field_error import FieldError
from serving.values.times import EARLIEST_YEAR

FIELDS = ("outcome", "reason", "first_touch_at")
USEFUL = "useful-"  # what the fields of contents begin with: one field each, since none may be sent twice
NO_CHOICE = N_("Choose what you decided.")
NO_REASON = N_("Choose a reason: without one, marketing cannot learn from a rejection.")
NO_TIME = N_("The time of the first contact cannot be read; choose it anew, or leave it empty.")
TO_COME = N_("The first contact lies in the future; choose an earlier time, or leave it empty.")


@dataclass(frozen=True)
class SentDecision:
    """A decision as it was sent. `mistakes`, in English, tell people what to mend; where there are any, it is none."""

    outcome: str
    reason: str | None
    first_touch_at: datetime | None
    mistakes: Sequence[str] = ()


def read_decision(form: Mapping[str, str], now: datetime, zone: tzinfo) -> SentDecision:
    """Read a decision; times are of the company's clock, `zone`.

    Raises ProblemError (422) for what no page of ours sends.
    """
    _refuse([FieldError(f"#/{name}", "is not a field of this form") for name in form if name not in FIELDS])
    outcome, reason = form.get("outcome", ""), form.get("reason", "").strip()
    if outcome not in {"", *JUDGEMENTS}:
        _refuse([FieldError("#/outcome", f"must be one of {', '.join(JUDGEMENTS)}")])
    if len(reason) > CONTENT_CHARACTERS:
        _refuse([FieldError("#/reason", f"has {len(reason)} characters; at most {CONTENT_CHARACTERS} are read")])
    touched_at, mistake = _read_time(form.get("first_touch_at", ""), now, zone)
    mistakes = [
        *([NO_CHOICE] if not outcome else []),
        *([NO_REASON] if outcome == "rejected" and not reason else []),
        *([mistake] if mistake else []),
    ]
    return SentDecision(outcome, reason if reason and outcome != "sql" else None, touched_at, mistakes)


def read_useful(form: Mapping[str, str]) -> Sequence[str]:
    """Read which contents were marked. Raises ProblemError (422) for what no page of ours sends."""
    errors = [FieldError(f"#/{name}", "is not a field of this form") for name in form if not name.startswith(USEFUL)]
    errors += [
        FieldError(f"#/{name}", f"must have 1 to {CONTENT_CHARACTERS} characters")
        for name, content in form.items()
        if not 0 < len(content) <= CONTENT_CHARACTERS
    ]
    _refuse(errors)
    return list(form.values())


def _read_time(text: str, now: datetime, zone: tzinfo) -> tuple[datetime | None, str]:
    """Give the moment, and what is wrong with it."""
    if not text:
        return None, ""
    try:
        moment = datetime.fromisoformat(text)
        if not EARLIEST_YEAR <= moment.year <= now.year + 1:
            return None, NO_TIME
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except ValueError:
        return None, NO_TIME
    if moment - now > CLOCK_TOLERANCE:
        return None, TO_COME
    return min(moment, now), ""


def _refuse(errors: Sequence[FieldError]) -> None:
    if errors:
        raise not_acceptable(errors)
