"""Signs calls so that their receiver knows who made them, and when (as https://www.standardwebhooks.com says)."""

import base64
import hmac
from datetime import datetime
from hashlib import sha256


def signed_headers(key: bytes, event_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """Give the headers that sign a body: an HMAC over its id, the time of sending and the body itself.

    >>> from datetime import UTC
    >>> signed_headers(b"k" * 24, "msg_1", datetime(2026, 3, 1, tzinfo=UTC), b"{}")["webhook-signature"]
    'v1,XsftJZ9xpT8BCBI62LaD8FIAOnsuEULayRiK3BWqJfM='
    """
    seconds = str(int(sent_at.timestamp()))
    content = f"{event_id}.{seconds}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, content, sha256)).decode()
    return {"webhook-id": event_id, "webhook-timestamp": seconds, "webhook-signature": f"v1,{signature}"}
