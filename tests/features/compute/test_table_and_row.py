"""Features of tables and of single leads are equal to the last bit, and see nothing later than `as of`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from random import Random
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.attributes import Attribute, Kind, Side
from features.catalog import EVENT_TEMPLATES, Catalog, build_catalog, overall, per_type
from features.compute import event_columns, feature_row, feature_table, sorted_events
from features.errors import DataError
from features.lead import AttributeValue, Event, Lead
from features.primitives import CountEver
from features.tables import EVENTS_SCHEMA, INSTANT

ATTRIBUTES = (
    Attribute("employees", Side.FIT, Kind.NUMBER),
    Attribute("Sector [“primary”], €", Side.FIT, Kind.CATEGORY),
    Attribute("opted_in", Side.ENGAGEMENT, Kind.FLAG),
    Attribute("signed_up", Side.FIT, Kind.DATE),
)
ZONES: tuple[tzinfo, ...] = (
    UTC,
    ZoneInfo("Europe/Madrid"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),  # its clocks change by half an hour
    timezone(timedelta(hours=5, minutes=45)),
)
EVERY_TEMPLATE = tuple(make(each.primitive) for each in EVENT_TEMPLATES for make in (overall, per_type))
CATALOG = build_catalog(
    ATTRIBUTES, ["download", "page_view", "not among the events"], tuple(dict.fromkeys(EVERY_TEMPLATE))
)
bounded = settings(max_examples=60, deadline=None, derandomize=True)
DAYS_OF_EDGES = (0, 7, 14, 28, 30, 90, 41 * 7, 41 * 30)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
DATED = datetime(2026, 3, 30, tzinfo=UTC)

moments = st.one_of(
    st.sampled_from([datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2025, 10, 26, 1, tzinfo=UTC)]),  # clocks change
    st.datetimes(datetime(1969, 6, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (timezones adds it)
)
ages = st.one_of(
    st.builds(
        lambda days, ticks: days * DAY + ticks * TICK, st.sampled_from(DAYS_OF_EDGES), st.sampled_from([-1, 0, 1])
    ),
    st.builds(lambda hours, ticks: hours * HOUR + ticks * TICK, st.integers(-2, 60), st.sampled_from([-1, 0, 1])),
    st.timedeltas(timedelta(days=-100), timedelta(days=4000)),
)
zones = st.sampled_from(ZONES)
types = st.sampled_from(["download", "page_view", "never seen", "ウェビナー"])
contents = st.sampled_from([None, "", "guide-1", "guide-2", "guía"])
numbers = st.one_of(st.none(), st.floats(-1e15, 1e15), st.just(float("nan")))


@st.composite
def leads(draw: st.DrawFn) -> Lead:
    """Give a lead with up to a dozen events before, at and after its `as of`."""
    as_of = draw(moments)
    attributes = {
        "employees": draw(numbers),
        "Sector [“primary”], €": draw(st.sampled_from([None, "", "software", "unheard of"])),
        "opted_in": draw(st.sampled_from([None, 0.0, 1.0])),
        "signed_up": draw(st.one_of(st.none(), st.builds(lambda age: as_of - age, ages))),
        "of no feature": "ignored",
    }
    events = st.builds(
        lambda kind, age, zone, content: Event(kind, (as_of - age).astimezone(zone), content),
        types,
        ages,
        zones,
        contents,
    )
    return Lead(attributes, draw(st.lists(events, max_size=12)), as_of.astimezone(draw(zones)))


@dataclass(frozen=True)
class LeadTables:
    """The same leads as tables."""

    leads: pl.DataFrame
    events: pl.DataFrame


def tables_of(some: Sequence[Lead]) -> LeadTables:
    """Give leads as the sources would: the first lead is "0"."""
    dtypes: dict[Kind, pl.DataType | type[pl.DataType]] = {
        Kind.NUMBER: pl.Float64,
        Kind.FLAG: pl.Float64,
        Kind.CATEGORY: pl.String,
        Kind.DATE: INSTANT,
    }
    columns = {
        f"attr:{each.name}": pl.Series([lead.attributes[each.name] for lead in some], dtype=dtypes[each.kind])
        for each in ATTRIBUTES
    }
    as_of = pl.Series([lead.as_of.astimezone(UTC) for lead in some], dtype=INSTANT)
    events = [
        (str(place), event.occurred_at.astimezone(UTC), event.type, event.content)
        for place, lead in enumerate(some)
        for event in lead.events
    ]
    identity = {"lead_id": pl.Series([str(place) for place in range(len(some))], dtype=pl.String), "as_of": as_of}
    return LeadTables(pl.DataFrame(identity | columns), pl.DataFrame(events, schema=EVENTS_SCHEMA, orient="row"))


def bits(row: Sequence[object]) -> list[object]:
    """Give a row so that equal means equal to the last bit."""
    return [value.hex() if isinstance(value, float) else value for value in row]


def as_rows(features: pl.DataFrame) -> list[list[object]]:
    return [bits(row) for row in features.rows()]


lists_of_leads = st.lists(leads(), min_size=1, max_size=5)


@bounded
@given(lists_of_leads)
def test_a_lead_alone_has_the_row_it_has_in_a_table(some: list[Lead]) -> None:
    tables = tables_of(some)
    expected = [bits(feature_row(lead, CATALOG)) for lead in some]
    assert as_rows(feature_table(tables.leads, tables.events, CATALOG)) == expected


@bounded
@given(lists_of_leads, st.randoms(use_true_random=False))
def test_order_of_rows_and_columns_never_matters(some: list[Lead], random: Random) -> None:
    tables = tables_of(some)
    expected = as_rows(feature_table(tables.leads, tables.events, CATALOG))
    places = random.sample(range(len(some)), len(some))
    lead_columns = random.sample(tables.leads.columns, tables.leads.width)
    event_columns = random.sample(tables.events.columns, tables.events.width)
    shuffled = tables.events.select(event_columns)[random.sample(range(tables.events.height), tables.events.height)]
    found = as_rows(feature_table(tables.leads.select(lead_columns)[places], shuffled, CATALOG))
    assert found == [expected[place] for place in places]


@bounded
@given(lists_of_leads)
def test_a_lead_cut_out_of_its_table_keeps_its_row(some: list[Lead]) -> None:
    tables = tables_of(some)
    whole = as_rows(feature_table(tables.leads, tables.events, CATALOG))
    for place in range(len(some)):
        events = tables.events.filter(pl.col("lead_id") == str(place))
        assert as_rows(feature_table(tables.leads[place], events, CATALOG)) == [whole[place]]


@bounded
@given(leads(), types, contents, st.timedeltas(TICK, timedelta(days=4000)), zones)
def test_an_event_after_as_of_changes_nothing(
    lead: Lead, kind: str, content: str | None, later: timedelta, zone: tzinfo
) -> None:
    event = Event(kind, (lead.as_of.astimezone(UTC) + later).astimezone(zone), content)
    watched = Lead(lead.attributes, [event, *lead.events], lead.as_of)
    tables = tables_of([watched])
    expected = bits(feature_row(lead, CATALOG))
    assert bits(feature_row(watched, CATALOG)) == expected
    assert as_rows(feature_table(tables.leads, tables.events, CATALOG)) == [expected]


@bounded
@given(leads(), st.randoms(use_true_random=False))
def test_the_order_of_a_requests_events_never_matters(lead: Lead, random: Random) -> None:
    shuffled = random.sample(lead.events, len(lead.events))
    expected = bits(feature_row(lead, CATALOG))
    assert bits(feature_row(Lead(lead.attributes, shuffled, lead.as_of), CATALOG)) == expected


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(leads(), min_size=4, max_size=9))
def test_a_table_worked_in_parts_is_the_table_worked_at_once(some: list[Lead]) -> None:
    tables = tables_of(some)
    expected = as_rows(feature_table(tables.leads, tables.events, CATALOG))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(event_columns, "EVENTS_AT_ONCE", 5)
        patch.setattr(sorted_events, "EVENTS_AT_ONCE", 3)
        assert as_rows(feature_table(tables.leads, tables.events, CATALOG)) == expected


@bounded
@given(lists_of_leads)
def test_no_table_is_changed(some: list[Lead]) -> None:
    tables = tables_of(some)
    before = tables.leads.clone(), tables.events.clone()
    feature_table(tables.leads, tables.events, CATALOG)
    assert tables.leads.equals(before[0])
    assert tables.events.equals(before[1])


def lead_at(as_of: datetime, *events: Event) -> Lead:
    return Lead({each.name: None for each in ATTRIBUTES}, events, as_of)


def value(lead: Lead, name: str) -> object:
    return dict(zip(CATALOG.names, feature_row(lead, CATALOG), strict=True))[name]


def test_an_event_at_as_of_counts_and_one_a_full_window_before_does_not() -> None:
    as_of = datetime(2026, 3, 31, tzinfo=UTC)
    at, inside, outside = (Event("download", as_of - age) for age in (0 * DAY, 30 * DAY - TICK, 30 * DAY))
    assert value(lead_at(as_of, at, inside, outside), "events.download.count_30d") == 2.0


def test_a_day_is_86400_seconds_also_where_clocks_change() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    as_of = datetime(2026, 3, 30, 12, tzinfo=madrid)
    eve = datetime(2026, 3, 28, 12, tzinfo=madrid)  # 47 hours before, the clock says 48
    assert value(lead_at(as_of, Event("download", eve)), "events.download.days_since_last") == 47 / 24


def test_the_second_two_oclock_of_an_autumn_night_is_an_hour_after_the_first() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    first = datetime(2025, 10, 26, 2, tzinfo=madrid)
    lead = lead_at(first.replace(fold=1), Event("download", first))
    assert value(lead, "events.download.days_since_last") == 1 / 24


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 3, 30)  # noqa: DTZ001 (that is the point)
    with pytest.raises(TypeError, match="offset-naive"):
        feature_row(lead_at(naive), CATALOG)


@pytest.mark.parametrize(
    ("name", "wrong"), [("employees", "12"), ("Sector [“primary”], €", 3.0), ("signed_up", "2026")]
)
def test_an_attribute_of_another_kind_is_refused(name: str, wrong: float | str) -> None:
    lead = Lead({name: wrong}, (), datetime(2026, 3, 30, tzinfo=UTC))
    with pytest.raises(TypeError, match="is needed, not"):
        feature_row(lead, CATALOG)


def test_attributes_left_out_of_a_request_are_missing() -> None:
    row = feature_row(Lead({}, (), datetime(2026, 3, 30, tzinfo=UTC)), CATALOG)
    assert row[: len(ATTRIBUTES)] == [None] * len(ATTRIBUTES)


def test_a_date_at_as_of_is_no_days_ago_and_a_later_one_is_missing() -> None:
    some = [Lead({**lead_at(DATED).attributes, "signed_up": DATED + later}, (), DATED) for later in (0 * TICK, TICK)]
    tables = tables_of(some)
    assert [value(lead, "signed_up") for lead in some] == [0.0, None]
    assert feature_table(tables.leads, tables.events, CATALOG)["signed_up"].to_list() == [0.0, None]


def test_without_as_of_dates_are_missing_and_other_attributes_stay() -> None:
    given_values: dict[str, AttributeValue] = dict.fromkeys((each.name for each in ATTRIBUTES), 1.0)
    given_values |= {each.name: "x" for each in ATTRIBUTES if each.kind is Kind.CATEGORY}
    given_values |= {each.name: DATED for each in ATTRIBUTES if each.kind is Kind.DATE}
    tables = tables_of([Lead(given_values, (), DATED)])
    undated = tables.leads.with_columns(as_of=pl.lit(None, INSTANT))
    found = feature_table(undated, tables.events, build_catalog(ATTRIBUTES, []))
    assert found.row(0) == (1.0, "x", 1.0, None)


def test_events_of_a_lead_without_as_of_are_refused() -> None:
    tables = tables_of([lead_at(DATED, Event("download", DATED - DAY))])
    undated = tables.leads.with_columns(as_of=pl.lit(None, INSTANT))
    with pytest.raises(DataError, match="1 events are of leads without a time of hand-over, the first of lead '0'"):
        feature_table(undated, tables.events, CATALOG)


def test_events_of_leads_that_are_not_in_the_table_change_nothing() -> None:
    tables = tables_of([lead_at(DATED, Event("download", DATED - DAY)), lead_at(DATED, Event("download", DATED))])
    of_first = tables.events.filter(pl.col("lead_id") == "0")
    expected = as_rows(feature_table(tables.leads[0], of_first, CATALOG))
    assert as_rows(feature_table(tables.leads[0], tables.events, CATALOG)) == expected


def test_a_lead_with_more_events_than_a_part_holds_is_one_lead() -> None:
    some = [lead_at(DATED, *(Event("download", DATED - age * HOUR) for age in range(count))) for count in (0, 9, 1)]
    tables = tables_of(some)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(event_columns, "EVENTS_AT_ONCE", 2)
        found = feature_table(tables.leads, tables.events, CATALOG)
    assert found["events.download.count_ever"].to_list() == [0.0, 9.0, 1.0]


def test_a_catalogue_of_events_alone_works() -> None:
    tables = tables_of([lead_at(DATED, Event("download", DATED - DAY)), lead_at(DATED)])
    catalog = build_catalog([], ["download"], [per_type(CountEver())])
    assert feature_table(tables.leads, tables.events, catalog).rows() == [(1.0,), (0.0,)]


def test_no_leads_give_no_rows_of_the_same_columns() -> None:
    tables = tables_of([lead_at(DATED)])
    found = feature_table(tables.leads.clear(), tables.events, CATALOG)
    assert found.schema == feature_table(tables.leads, tables.events, CATALOG).schema
    assert found.height == 0


def test_columns_are_numbers_or_texts_as_the_catalogue_says() -> None:
    tables = tables_of([lead_at(DATED)])
    expected = {each.name: pl.String if each.kind is Kind.CATEGORY else pl.Float64 for each in CATALOG.features}
    assert dict(feature_table(tables.leads, tables.events, CATALOG).schema) == expected


def test_events_of_an_excluded_type_count_nowhere_in_tables_and_in_requests() -> None:
    kept, left_out = Event("download", DATED - DAY), Event("contract_sent", DATED - DAY)
    catalog = build_catalog([], ["download"], excluded_event_types=["contract_sent"])
    alone, with_it = lead_at(DATED, kept), lead_at(DATED, kept, left_out)
    assert feature_row(with_it, catalog) == feature_row(alone, catalog)
    tables = tables_of([with_it])
    assert as_rows(feature_table(tables.leads, tables.events, catalog)) == [bits(feature_row(alone, catalog))]
    assert Catalog.from_json(catalog.to_json()) == catalog
