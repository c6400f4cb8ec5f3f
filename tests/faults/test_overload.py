"""Three times as many callers as the service lets in: it does as much as ever, and sends the rest away at once."""

from statistics import median
from typing import Any

import orjson
import pytest

from benchmarks.http_load import post
from tests.faults.caller import Call, Caller
from tests.faults.crowd import PLACE, Load, send_crowd, share
from tests.faults.life import STARTED
from tests.faults.reliability import Note
from tests.faults.running_service import RunningService
from tests.faults.scale import Scale

BELOW, FULL = 16, 64  # callers: enough to keep it busy, and as many as it lets in
OVERLOAD = 3 * FULL
TURN_S = 5.0  # peak and overload take turns: what else runs on the machine then slows down both
LEAST_GOODPUT, REFUSED_WITHIN_S, MOST_BELOW = 0.9, 0.05, 0.99
EVENT = {"type": "download", "occurred_at": STARTED.isoformat()}
BODIES: dict[str, Any] = {
    "/v1/score": {"lead_id": "a", "attributes": {"sector": "software", "employees": 120}, "events": [EVENT]},
    "/v1/events": {"events": [EVENT | {"lead_id": "a", "event_id": PLACE.decode()}]},
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("store_url", "address"),
    [("sqlite", "/v1/score"), ("sqlite", "/v1/events"), ("postgresql", "/v1/events")],
    indirect=["store_url"],
)
def test_too_many_callers_cost_the_others_nothing(  # noqa: PLR0917 - fixtures come by name
    service: RunningService, crm: Caller, secret: str, scale: Scale, note: Note, address: str
) -> None:
    request = post(address, orjson.dumps(BODIES[address]), {"Authorization": f"Bearer {secret}"})
    port = service.settings.port
    service.start()
    service.wait()
    assert crm.ask(Call("PUT", "/v1/leads/a", b"{}")).status == 201
    turn_s = min(TURN_S, scale.overload_s)
    loads: dict[int, list[Load]] = {BELOW: [], FULL: [], OVERLOAD: []}
    for turn in range(round(scale.overload_s / turn_s)):
        for callers, found in loads.items():
            found.append(send_crowd(port, request, callers, turn_s if callers == OVERLOAD else turn_s / 2))
        scale.say(f"{address}: {turn + 1} turns of {turn_s:g} s")
    service.stop()
    overloads = loads[OVERLOAD]
    statuses = {status for load in overloads for status in load.statuses}
    assert statuses <= {"200", "429", "503"}, statuses
    peak = max(median(load.goodput for load in loads[callers]) for callers in (BELOW, FULL))
    kept = median(load.goodput for load in overloads) / peak
    refused = [latency for load in overloads for latency in load.refused_s]
    refused_s = share(refused, MOST_BELOW)
    met = kept >= LEAST_GOODPUT and refused_s <= REFUSED_WITHIN_S
    told_at_once = f"{MOST_BELOW:.0%} of the refusals within {1000 * refused_s:.0f} ms"
    done = [latency for load in overloads for latency in load.done_s]
    note(
        what=f"{scale.overload_s:.0f} s of `POST {address}` by three times as many callers as are let in",
        found=f"{kept:.0%} of the peak goodput; {told_at_once if refused else 'none refused'}",
        bound=f"at least {LEAST_GOODPUT:.0%}; within {1000 * REFUSED_WITHIN_S:.0f} ms",
        how=(
            f"one worker; {OVERLOAD} callers, each of whom sends again at once, or when it was told to; the peak is "
            f"the better of {BELOW} and {FULL} callers, by turns with the overload: {peak:,.0f} a second; "
            f"{len(done):,} calls got 200 (median {1000 * share(done, 0.5):.0f} ms), {len(refused):,} were refused, "
            "none got another status"
        ),
        met=met,
    )
    assert met or not scale.is_long, (kept, refused_s)
