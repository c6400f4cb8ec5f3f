"""A lead's id in an address, percent-encoded there: any script, slashes too."""

from typing import Annotated

from fastapi import Path

from features.store.schema import ID_CHARACTERS
from serving.http.lead_body import NO_NUL
from serving.http.problems import not_acceptable
from serving.values.field_error import FieldError

LEAD_PATH = "/{lead_id:path}"  # also over slashes; addresses below a lead's must be declared before it
BELOW = ("/score", "/history")  # what a lead's id may not end with: it would be the address of something else

# Checked by `read_lead_id`: the framework's own refusal would not be one of ours.
LeadId = Annotated[
    str,
    Path(
        description="the lead's id, percent-encoded",
        json_schema_extra={"minLength": 1, "maxLength": ID_CHARACTERS, "pattern": NO_NUL},
    ),
]


def read_lead_id(text: str) -> str:
    """Give the id that stands in an address. Raises ProblemError (422) for one that cannot be an id.

    >>> read_lead_id("L/2026/17")
    'L/2026/17'
    """
    if not 0 < len(text) <= ID_CHARACTERS or "\0" in text:
        detail = f"the lead's id in the address must have 1 to {ID_CHARACTERS} characters, NUL not among them"
        raise not_acceptable([FieldError("#", detail)])
    if text.endswith(BELOW):
        raise not_acceptable([FieldError("#", f"a lead's id may not end with {' or '.join(BELOW)}")])
    return text
