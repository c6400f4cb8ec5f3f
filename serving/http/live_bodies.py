"""What a CRM sends into the live store: the shapes; the routes read the meaning."""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from features.store.schema import CONTENT_CHARACTERS, ID_CHARACTERS, NAME_CHARACTERS, TYPE_CHARACTERS
from serving.http.lead_body import BY_NAME, NO_NUL, Body, Moment, Text

MAX_STORED_EVENTS = 1_000
MAX_ATTRIBUTES = 500
MAX_USEFUL = 100

NAMES = {"minLength": 1, "maxLength": NAME_CHARACTERS, "pattern": NO_NUL}
Attributes = Annotated[
    dict[str, Any], WithJsonSchema(BY_NAME | {"propertyNames": NAMES, "maxProperties": MAX_ATTRIBUTES})
]
OutcomeWord = Literal["sql", "rejected", "recycled", "unworked"]


class PutLeadRequest(Body):
    """What is known of a lead, whole."""

    attributes: Attributes = Field(
        default_factory=dict,
        description=(
            "by the company's own names; what is left out is not known from now on. Those that GET /v1/model lists "
            "must be of their kind, others are kept as they are"
        ),
    )
    handed_over_at: Moment | None = Field(
        None, description="when marketing handed the lead over to sales; stays as it is where left out"
    )
    owner: Text | None = Field(
        None,
        min_length=1,
        max_length=NAME_CHARACTERS,
        description="who works the lead; stays as it is where left out",
    )


class StoredEventBody(Body):
    """One thing a lead did."""

    event_id: Text = Field(min_length=1, max_length=ID_CHARACTERS, description="sent again, it counts once")
    lead_id: Text = Field(min_length=1, max_length=ID_CHARACTERS, description="a lead that was sent before")
    type: Text = Field(min_length=1, max_length=TYPE_CHARACTERS, description="what it was: page_view, download ...")
    occurred_at: Moment = Field(description="when, with the zone; in any order")
    content: Text | None = Field(None, max_length=CONTENT_CHARACTERS, description="which page, offer or asset")


class AddEventsRequest(Body):
    """Up to 1,000 events, of any leads."""

    events: list[StoredEventBody] = Field(max_length=MAX_STORED_EVENTS)


class AddOutcomeRequest(Body):
    """One decision of sales."""

    lead_id: Text = Field(min_length=1, max_length=ID_CHARACTERS)
    outcome: OutcomeWord
    reason: Text | None = Field(None, max_length=CONTENT_CHARACTERS, description="the CRM's code for why")
    decided_at: Moment
    first_touch_at: Moment | None = Field(None, description="when sales first contacted the lead")
    useful_content: list[Annotated[Text, Field(min_length=1, max_length=CONTENT_CHARACTERS)]] = Field(
        default_factory=list, max_length=MAX_USEFUL, description="which contents sales found useful with this lead"
    )
