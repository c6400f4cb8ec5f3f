"""The filters of the pages as they stand in an address."""

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from features.store.schema import NAME_CHARACTERS
from serving.http.lead_body import NO_NUL, Body
from serving.http.reading_queries import Whole
from serving.reports.lead_filter import LeadFilter
from serving.reports.lead_list import ROWS

_YEAR, _LEAP_YEAR = "(19|2[0-9])[0-9]{2}", "((19|2[0-9])(0[48]|[2468][048]|[13579][26])|2[048]00)"
_LONG, _SHORT = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])", "(0[469]|11)-(0[1-9]|[12][0-9]|30)"
_DAYS = f"{_YEAR}-({_LONG}|{_SHORT}|02-(0[1-9]|1[0-9]|2[0-8]))|{_LEAP_YEAR}-02-29"  # the calendar, for the document
FIRST_YEAR, LAST_YEAR = 1900, 2999  # the calendar ends before any clock can be set to its last day
MOST_PAGES, MOST_ROWS = 100_000, 1_000


def _given(value: Any) -> Any:
    """Give None for the empty text that a form sends for a field that was left alone."""
    return None if value == "" else value


def _day(value: Any) -> Any:
    value = _given(value)
    if value is None:
        return value
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("is not a day; write it as 2026-03-31") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"is out of reach; name a day from {FIRST_YEAR} to {LAST_YEAR}")
    return day


Day = Annotated[
    date | None,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "pattern": f"^({_DAYS})?$"}),
]
Part = Annotated[
    Annotated[str, Field(max_length=NAME_CHARACTERS)] | None,
    BeforeValidator(_given),
    WithJsonSchema({"type": "string", "maxLength": NAME_CHARACTERS, "pattern": NO_NUL}),
]


class FilterQuery(Body):
    """Which leads a report is of; empty counts as not asked."""

    since: Day = Field(None, description="leads handed over from this day on, as 2026-03-31")
    until: Day = Field(None, description="leads handed over up to this day, itself included")
    sector: Part = Field(None, description="only leads of this sector")
    size: Part = Field(None, description="only leads of this size, as 10-49")
    source: Part = Field(None, description="only leads from this source")
    campaign: Part = Field(None, description="only leads of this campaign")
    owner: Part = Field(None, description="only leads of this owner")

    def lead_filter(self) -> LeadFilter:
        """Give the filter."""
        return LeadFilter(**{name: getattr(self, name) for name in LeadFilter.__dataclass_fields__})


class ListQuery(FilterQuery):
    """Which leads a long list is of, and which of its pages."""

    page: Whole = Field(1, ge=1, le=MOST_PAGES, description="which page of the list, from 1 on")
    rows: Whole = Field(ROWS, ge=1, le=MOST_ROWS, description="how many leads a page has")
