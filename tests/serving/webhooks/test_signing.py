"""A receiver can tell a call of ours by the code that docs/crm.md gives, and one that was changed or is old."""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from serving.webhooks.signing import signed_headers
from tests.serving.webhooks.conftest import KEY, SECRET

DOCS = Path(__file__).parents[3] / "docs" / "crm.md"
BODY = b'{"id": "msg_1"}'

IsFromLeadsift = Callable[[str, dict[str, str], bytes], bool]


@pytest.fixture(scope="module")
def is_from_leadsift() -> IsFromLeadsift:
    found = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    space: dict[str, Any] = {}
    exec(found[1], space)
    check: IsFromLeadsift = space["is_from_leadsift"]
    return check


def call_headers(ago: timedelta = timedelta(0)) -> dict[str, str]:
    """Give the headers of a call that was signed so long ago, by the clock that the receiver's code reads."""
    return signed_headers(KEY, "msg_1", datetime.now(UTC) - ago, BODY)


def test_a_call_of_ours_is_recognised(is_from_leadsift: IsFromLeadsift) -> None:
    assert is_from_leadsift(SECRET, call_headers(), BODY)


def test_one_with_an_older_secret_beside_the_new_one_is_recognised(is_from_leadsift: IsFromLeadsift) -> None:
    headers = call_headers()
    headers["webhook-signature"] = f"v1,{SECRET} {headers['webhook-signature']}"
    assert is_from_leadsift(SECRET, headers, BODY)


@pytest.mark.parametrize("changed", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_one_whose_headers_were_changed_is_not(is_from_leadsift: IsFromLeadsift, changed: str) -> None:
    headers = call_headers()
    headers[changed] = str(int(headers[changed]) + 1) if changed == "webhook-timestamp" else f"{headers[changed]}2"
    assert not is_from_leadsift(SECRET, headers, BODY)


def test_one_whose_body_was_changed_is_not(is_from_leadsift: IsFromLeadsift) -> None:
    assert not is_from_leadsift(SECRET, call_headers(), BODY + b" ")


def test_one_under_another_secret_is_not(is_from_leadsift: IsFromLeadsift) -> None:
    other = base64.b64encode(KEY[::-1]).decode()
    assert not is_from_leadsift(other, call_headers(), BODY)


def test_one_that_is_played_again_later_is_not(is_from_leadsift: IsFromLeadsift) -> None:
    assert not is_from_leadsift(SECRET, call_headers(timedelta(hours=1)), BODY)
