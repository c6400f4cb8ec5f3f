"""What a lead may hold, and how each thing wrong with it is said: together, in place, with a remedy."""

import json
from collections.abc import Callable
from datetime import UTC
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from serving.values.attribute_values import AttributeReader
from serving.values.field_error import SHOWN_ERRORS, FieldError

MakeLead = Callable[..., dict[str, Any]]
Said = Callable[[Any], dict[str, str]]
LARGEST = 1e15


@pytest.fixture
def client(reader: TestClient) -> TestClient:
    """Give a client of the shared service: nothing here changes what it holds."""
    return reader


def event(occurred_at: str, **members: Any) -> dict[str, Any]:
    return {"type": "download", "occurred_at": occurred_at} | members


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("employees", "7", "must be a number, not '7'; write it without quotes"),
        ("employees", True, "must be a number, not true; write it without quotes"),
        ("employees", [7], "must be a number, not a list; write it without quotes"),
        ("employees", -1, "is -1, which is not from 0 to 1e+15"),
        ("employees", 1.1e15, "is 1.1e+15, which is not from 0 to 1e+15"),
        ("TotalVisits", -2e15, "is -2e+15, which is not from -1e+15 to 1e+15"),
        ("TotalVisits", 10**40, "is 1e+40, which is not from -1e+15 to 1e+15"),
        ("sector", True, "must be text or a whole number, not true"),
        ("sector", 1.5, "must be text or a whole number, not 1.5"),
        ("sector", {"a": 1}, "must be text or a whole number, not an object"),
        ("sector", "x" * 501, "has 501 characters; at most 500 are read"),
        ("opted in", 1, "must be true or false (or the word yes or no), not 1"),
        ("opted in", "perhaps", "must be true or false (or the word yes or no), not 'perhaps'"),
        ("created", 20260301, "must be a date such as '2026-03-01', not 2.02603e+07"),
        ("created", "soon", "is not a time; write it as 2026-03-01T10:00:00Z"),
        ("created", "2026-03-01T10:00:00", "has no zone"),
        ("created", "0001-01-01", "is not between 1900 and 2200"),
        ("created", "9999-12-31", "is not between 1900 and 2200"),
        ("sectr", "software", "is not an attribute of the model; did you mean 'sector'?"),
        ("sectr", None, "is not an attribute of the model; did you mean 'sector'?"),
        ("a/b~c", 1, "is not an attribute of the model; known are: 'sector'"),
    ],
)
def test_an_attribute_of_the_wrong_kind_is_refused(
    said: Said, lead: MakeLead, name: str, value: Any, says: str
) -> None:
    pointer = "#/attributes/" + name.replace("~", "~0").replace("/", "~1")
    details = said(lead(attributes={name: value}))
    assert list(details) == [pointer]
    assert details[pointer].startswith(says)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("opted in", True, "yes"),
        ("opted in", False, "NO"),
        ("opted in", "true", "Yes"),
        ("employees", 7, 7.0),
        ("sector", "software", " software "),
        ("sector", "", None),
        ("sector", "N/A", None),
        ("created", "2026-03-01", "2026-02-28T23:00:00Z"),  # midnight in Madrid
        ("created", "2026-07-01", "2026-06-30T22:00:00Z"),  # in summer, too
        ("created", "2026-03-01T12:00:00+02:00", "2026-03-01T10:00:00z"),
    ],
)
def test_two_ways_to_send_one_value_score_the_same(
    client: TestClient, lead: MakeLead, name: str, one: Any, other: Any
) -> None:
    answers = [
        client.post("/v1/score", json=lead(attributes={name: value}, as_of="2026-03-01T00:00:00Z"))
        for value in (one, other)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


def test_a_whole_number_stands_for_its_text_in_a_category(client: TestClient, lead: MakeLead) -> None:
    answers = [client.post("/v1/score", json=lead(attributes={"sector": value})).json() for value in (28001, "28001")]
    assert answers[0] == answers[1]
    assert len(answers[0]["warnings"]) == 1
    assert answers[0]["warnings"][0].startswith("'sector': '28001' is rare or was not seen in training")


@pytest.mark.parametrize(
    ("member", "value", "pointer", "says"),
    [
        ("lead_id", 42, "#/lead_id", "must be text, not 42"),
        ("lead_id", "", "#/lead_id", "is empty; it needs at least one character"),
        ("lead_id", "x" * 201, "#/lead_id", "has 201 characters; at most 200 are read"),
        ("reasons", 101, "#/reasons", "is 101; it must be at most 100"),
        ("reasons", -1, "#/reasons", "is -1; it must be at least 0"),
        ("reasons", "3", "#/reasons", "must be a whole number, not '3'"),
        ("reasons", 3.0, "#/reasons", "must be a whole number, not 3"),
        ("reasons", True, "#/reasons", "must be a whole number, not true"),
        ("attributes", [], "#/attributes", "must be an object, not a list"),
        ("events", {}, "#/events", "must be a list, not an object"),
        ("events", [3], "#/events/0", "must be an object, not 3"),
        ("events", [{"type": "x"}], "#/events/0/occurred_at", "is missing; send it"),
        (
            "events",
            [event("2026-03-01T10:00:00Z", tpye="x")],
            "#/events/0/tpye",
            "is not known here; did you mean 'type'?",
        ),
        ("events", [event("2026-03-01T10:00:00Z", content=3)], "#/events/0/content", "must be text, not 3"),
        ("events", [event("2026-03-01T10:00:00Z")] * 10_000, "#/events", "has 10000 events; at most 5000 are read"),
        ("events", [dict.fromkeys(map(str, range(17)))], "#/events/0", "has 17 members; an event has three"),
        ("as_of", 1772000000, "#/as_of", "must be text, not 1.772e+09"),
        ("as_of", "2026-03-15T12:05:01Z", "#/as_of", "'2026-03-15T12:05:01Z' lies in the future"),
        ("as_of", "1772000000", "#/as_of", "'1772000000' is not a time"),
        ("attribute", {}, "#/attribute", "is not known here; did you mean 'attributes'?"),
    ],
)
def test_a_member_of_the_wrong_shape_is_refused(  # noqa: PLR0917  # its table has four columns
    said: Said, lead: MakeLead, member: str, value: Any, pointer: str, says: str
) -> None:
    details = said(lead(**{member: value}))
    assert list(details) == [pointer]
    assert details[pointer].startswith(says)


@pytest.mark.parametrize(
    ("occurred_at", "says"),
    [
        ("2026-03-01T10:00:00", "has no zone; write it as 2026-03-01T10:00:00Z or with an offset"),
        ("2026-03-01", "has no zone"),
        ("yesterday", "is not a time; write it as 2026-03-01T10:00:00Z"),
        ("2026-02-30T10:00:00Z", "is not a time"),
        ("2026-03-15T12:05:01Z", "lies in the future; check the clock and the zone"),
        ("0001-01-01T00:00:00+14:00", "is not between 1900 and 2200"),
        ("9999-12-31T23:59:59-14:00", "is not between 1900 and 2200"),
    ],
)
def test_the_time_of_an_event_is_refused_with_its_place(
    said: Said, lead: MakeLead, occurred_at: str, says: str
) -> None:
    details = said(lead(events=[event("2026-03-01T10:00:00Z"), event(occurred_at)]))
    assert list(details) == ["#/events/1/occurred_at"]
    assert details["#/events/1/occurred_at"].startswith(f"{occurred_at!r} {says}")


def test_all_that_is_wrong_is_said_together(said: Said, lead: MakeLead) -> None:
    body = lead(attributes={"sectr": 1, "employees": "7"}, events=[event("soon"), event("2026-03-01")])
    assert list(said(body)) == [
        "#/attributes/sectr",
        "#/attributes/employees",
        "#/events/0/occurred_at",
        "#/events/1/occurred_at",
    ]
    assert list(said(body | {"extra": 1})) == ["#/extra", "#/attributes/sectr", "#/attributes/employees"]


def test_a_flood_of_errors_is_cut_short(client: TestClient, lead: MakeLead) -> None:
    answer = client.post("/v1/score", json=lead(attributes={f"unknown {n}": n for n in range(10_000)}))
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 50
    assert answer.json()["detail"] == "more than 50 things are wrong; these are the first: see errors"


def test_after_a_flood_of_unknown_attributes_no_more_are_compared() -> None:
    errors: list[FieldError] = []
    AttributeReader([], UTC).read({f"unknown {number}": 1 for number in range(10_000)}, errors)
    assert len(errors) == SHOWN_ERRORS + 1


def test_an_event_that_a_fast_clock_puts_just_ahead_counts_as_now(client: TestClient, lead: MakeLead) -> None:
    ahead = client.post("/v1/score", json=lead(events=[event("2026-03-15T12:04:59Z")])).json()
    at_now = client.post("/v1/score", json=lead(events=[event("2026-03-15T12:00:00Z")])).json()
    assert ahead == at_now
    assert ahead["warnings"] == []


def test_events_after_a_chosen_moment_do_not_count_and_are_said(client: TestClient, lead: MakeLead) -> None:
    then = "2026-03-02T00:00:00Z"
    before = [event("2026-03-01T10:00:00Z"), event(then)]
    after = event("2026-03-02T00:00:01Z")
    one = client.post("/v1/score", json=lead(events=before, as_of=then)).json()
    both = client.post("/v1/score", json=lead(events=[*before, after], as_of=then)).json()
    assert both.pop("warnings") == ["1 of the events came after as_of and do not count"]
    assert one.pop("warnings") == []
    assert one == both


def test_an_unknown_event_type_is_said_and_counts_among_all_events(client: TestClient, lead: MakeLead) -> None:
    answer = client.post("/v1/score", json=lead(events=[event("2026-03-01T10:00:00Z", type="fax")])).json()
    assert answer["warnings"] == ["event type 'fax' is not known to the model; it counts among all events"]
    none = client.post("/v1/score", json=lead(events=[])).json()
    assert answer["engagement"] != none["engagement"]


def test_warnings_without_end_are_cut_short(client: TestClient, lead: MakeLead) -> None:
    events = [event("2026-03-01T10:00:00Z", type=f"type {n}") for n in range(100)]
    warnings = client.post("/v1/score", json=lead(events=events)).json()["warnings"]
    assert (len(warnings), warnings[-1]) == (21, "and 80 more")


numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.sampled_from([LARGEST, LARGEST * 1.001])
scalars = st.none() | st.booleans() | numbers | st.text(max_size=20)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
attributes = st.dictionaries(
    st.sampled_from(["sector", "employees", "opted in", "created", "TotalVisits", "unknown"]), anything, max_size=6
)
moments = st.datetimes().map(lambda moment: moment.isoformat() + "Z") | st.text(max_size=30)
events = st.lists(
    st.fixed_dictionaries({"type": st.text(max_size=10), "occurred_at": moments}, optional={"content": anything}),
    max_size=4,
)
bodies = st.fixed_dictionaries(
    {"lead_id": st.text(max_size=5)},
    optional={"attributes": attributes, "events": events, "as_of": st.none() | moments, "reasons": st.integers()},
)


@hypothesis_settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=bodies | anything)
def test_whatever_is_sent_is_scored_or_refused_and_never_fails(client: TestClient, body: Any) -> None:
    answer = client.post("/v1/score", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert answer.status_code in {200, 400, 422}, answer.text
    if answer.status_code == 200:
        assert 0 <= answer.json()["probability"] <= 1


valid_attributes = st.fixed_dictionaries(
    {},
    optional={
        "sector": st.none()
        | st.text(st.characters(exclude_categories=["C"]), max_size=50)
        | st.integers(-(2**63), 2**63),
        "employees": st.none() | st.floats(0, LARGEST) | st.integers(0, int(LARGEST)),
        "TotalVisits": st.none() | st.floats(-LARGEST, LARGEST),
        "opted in": st.none() | st.booleans() | st.sampled_from(["yes", "no", "TRUE", "False"]),
        "created": st.none() | st.dates().filter(lambda day: 1901 <= day.year <= 2199).map(str),
    },
)


@hypothesis_settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(attributes=valid_attributes)
def test_whatever_the_models_description_allows_is_scored(
    client: TestClient, lead: MakeLead, attributes: dict[str, Any]
) -> None:
    answer = client.post("/v1/score", json=lead(attributes=attributes))
    assert answer.status_code == 200, answer.text
