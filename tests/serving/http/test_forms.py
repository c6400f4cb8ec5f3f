"""Forms are read as browsers send them, and refused where no page of ours sends such a one."""

import asyncio
from collections.abc import Mapping

import pytest
from starlette.requests import Request
from starlette.types import Message

from serving.http.forms import MAX_BYTES, MAX_FIELDS, MEDIA_TYPE, read_form
from serving.http.problems import ProblemError


def read(body: bytes, media_type: str = MEDIA_TYPE) -> Mapping[str, str]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", media_type.encode())]
    return asyncio.run(read_form(Request({"type": "http", "method": "POST", "headers": headers}, receive)))


def test_fields_come_by_name_with_spaces_accents_and_empty_values() -> None:
    assert read(b"name=Ana+Garc%C3%ADa&reason=a%26b%3Dc&note=") == {"name": "Ana García", "reason": "a&b=c", "note": ""}
    assert read(b"") == {}
    assert read(b"a=1", f"{MEDIA_TYPE}; charset=UTF-8") == {"a": "1"}


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"a=1", "application/json", 415),
        (b"a=1", "multipart/form-data; boundary=x", 415),
        (b"a=" + b"x" * MAX_BYTES, MEDIA_TYPE, 413),
        (b"a=1&a=2", MEDIA_TYPE, 422),
        (b"a=%00", MEDIA_TYPE, 422),
        (b"a=%FF", MEDIA_TYPE, 422),
        (b"\xff=1", MEDIA_TYPE, 422),
        (b"&".join(b"a%d=1" % number for number in range(MAX_FIELDS + 1)), MEDIA_TYPE, 422),
    ],
)
def test_what_no_page_of_ours_sends_is_refused(body: bytes, media_type: str, status: int) -> None:
    with pytest.raises(ProblemError) as refused:
        read(body, media_type)
    assert refused.value.status == status
