"""Reads a form as browsers send it, application/x-www-form-urlencoded."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import Request

from serving.http.json_body import collect_body
from serving.http.problems import ProblemError, not_acceptable
from serving.values.field_error import FieldError

MEDIA_TYPE = "application/x-www-form-urlencoded"
MAX_BYTES = 64 * 1024
MAX_FIELDS = 100


async def read_form(request: Request) -> Mapping[str, str]:
    """Give the fields of a form by name.

    Raises ProblemError: 415 for another media type, 413 for too large a form, 408 where it does not arrive in time,
    422 for what no page of ours sends: a field twice, too many of them, other than UTF-8, a NUL character.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise ProblemError(415, f"send the form as {MEDIA_TYPE}")
    body = b"".join(await collect_body(request, MAX_BYTES, "a form holds at most 64 KiB"))
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise not_acceptable([FieldError("#", f"must be a form of at most {MAX_FIELDS} fields, in UTF-8")]) from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise not_acceptable([FieldError("#", "holds a field twice; send each once")])
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise not_acceptable([FieldError("#", "holds a NUL character; leave it out")])
    return fields
