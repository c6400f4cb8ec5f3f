"""The sample company looks like a real one: dirt, repeats, selection, undecided young leads, drift."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from features.errors import DataError
from features.simulation import DEFAULT_END, Company, simulate
from features.simulation.levels import ROLES, SECTORS

END = datetime(DEFAULT_END.year, DEFAULT_END.month, DEFAULT_END.day)  # noqa: DTZ001 -- the office clock has no zone
HORIZON = timedelta(days=90)


def text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String)


def first_look(company: Company) -> pl.DataFrame:
    """Give each lead with its first real decision (null where there is none), and whether an SQL came in time."""
    worked = company.outcomes.filter(text("outcome") != "New").join(
        company.leads.select("lead_id", "mql_at"), on="lead_id"
    )
    in_time = (text("outcome") == "Qualified") & (pl.col("decided_at") <= pl.col("mql_at") + HORIZON)
    decided = worked.group_by("lead_id").agg(pl.col("decided_at").min(), in_time.any().alias("sql"))
    return company.leads.join(decided, on="lead_id", how="left").join(company.truth, on="lead_id")


def test_the_same_arguments_give_the_same_company(company: Company) -> None:
    again = simulate(leads=12_000, events_per_lead=20, seed=7)
    for name in ("leads", "events", "outcomes", "truth"):
        assert_frame_equal(getattr(again, name), getattr(company, name))


def test_another_seed_gives_another_company(company: Company) -> None:
    other = simulate(leads=12_000, events_per_lead=20, seed=8)
    assert other.truth["probability"].to_list() != company.truth["probability"].to_list()
    assert other.leads["sector"].to_list() != company.leads["sector"].to_list()


def test_nothing_happens_after_the_end_or_before_the_history(company: Company) -> None:
    assert company.leads["mql_at"].is_between(END - timedelta(days=548), END, closed="left").all()
    assert (company.outcomes["decided_at"] < END).all()
    end_utc = pl.lit(END).dt.replace_time_zone("Europe/Madrid").dt.convert_time_zone("UTC")
    assert company.events.filter(pl.col("occurred_at") >= end_utc).height == 0


def test_every_event_and_decision_belongs_to_a_lead_and_no_decision_precedes_hand_over(company: Company) -> None:
    known = company.leads.select("lead_id", "mql_at")
    assert company.leads["lead_id"].is_unique().all()
    assert company.events.join(known, on="lead_id", how="anti").height == 0
    decided = company.outcomes.join(known, on="lead_id", how="left")
    assert (decided["decided_at"] > decided["mql_at"]).all()


def test_about_as_many_events_as_asked_for_before_hand_over_and_after(company: Company) -> None:
    assert company.events.height / company.leads.height == pytest.approx(20, rel=0.08)
    hand_over = company.leads.select(
        "lead_id", at=pl.col("mql_at").dt.replace_time_zone("Europe/Madrid").dt.convert_time_zone("UTC")
    )
    events = company.events.join(hand_over, on="lead_id")
    assert 0.1 < (events["occurred_at"] > events["at"]).mean() < 0.3  # type: ignore[operator]
    assert (events["occurred_at"] == events["at"]).sum() > 100


def test_the_crm_is_as_dirty_as_real_ones_but_nothing_of_it_is_impossible(company: Company) -> None:
    for column in ("sector", "employees", "country", "role", "campaign"):
        assert 0 < company.leads[column].null_count() < 0.2 * company.leads.height, column
    for column, levels in (("sector", SECTORS), ("role", ROLES)):
        misspelt = ~company.leads[column].cast(pl.String).is_in([level.word for level in levels])
        assert 0.01 < misspelt.mean() < 0.05, column  # type: ignore[operator]
    assert company.leads["campaign"].n_unique() > 200
    assert company.leads["employees"].min() >= 1  # type: ignore[operator]
    assert company.leads["mql_at"].null_count() == 0


def test_small_companies_leave_their_size_empty_more_often(company: Company) -> None:
    # The size itself is gone where it is empty; leads of the same account tell it.
    accounts = company.leads.group_by("account").agg(pl.col("employees").median().alias("size"), pl.len())
    leads = company.leads.join(accounts.filter(pl.col("len") >= 3), on="account")
    empty = leads.group_by(pl.col("size") < 10).agg(pl.col("employees").is_null().mean()).drop_nulls()
    by_small = dict(empty.iter_rows())
    assert by_small[True] > 2 * by_small[False]


def test_some_events_are_sent_twice_and_are_then_equal_in_everything(company: Company) -> None:
    repeated = company.events.filter(pl.col("event_id").is_duplicated())
    assert 0.01 < repeated.height / company.events.height < 0.03
    assert repeated.unique().height == repeated["event_id"].n_unique()


def test_some_leads_have_a_burst_of_opens(company: Company) -> None:
    opens = company.events.filter(text("type") == "email_open")
    per_minutes = opens.group_by("lead_id", pl.col("occurred_at").dt.truncate("5m")).len()
    assert 20 < (per_minutes["len"] >= 15).sum() < 0.03 * company.leads.height


def test_visits_follow_the_day_and_the_week(company: Company) -> None:
    at = company.events["occurred_at"]
    assert (at.dt.weekday() >= 6).mean() < 0.15  # type: ignore[operator]
    assert at.dt.hour().is_between(8, 17).mean() > 0.7  # type: ignore[operator]


def test_old_leads_that_sales_worked_were_decided_within_the_horizon(company: Company) -> None:
    looked = first_look(company).filter(pl.col("decided_at").is_not_null(), pl.col("mql_at") + HORIZON < END)
    assert (looked["decided_at"] <= looked["mql_at"] + HORIZON).all()


def test_sales_leave_some_leads_unworked_and_rather_those_that_look_poor(company: Company) -> None:
    looked = first_look(company).filter(pl.col("mql_at") + HORIZON < END)
    unworked = looked["decided_at"].is_null()
    assert 0.06 < unworked.mean() < 0.10  # type: ignore[operator]
    poorer = looked.filter(unworked)["probability"].mean()
    assert poorer < 0.75 * looked.filter(~unworked)["probability"].mean()  # type: ignore[operator]


def test_young_leads_are_partly_undecided(company: Company) -> None:
    newest = first_look(company).filter(pl.col("mql_at") > END - timedelta(days=14))
    assert newest["decided_at"].is_null().mean() > 0.4  # type: ignore[operator]


def test_some_leads_are_recycled_and_qualified_later_within_the_horizon_or_after_it(company: Company) -> None:
    decided = company.outcomes.join(company.leads.select("lead_id", "mql_at"), on="lead_id")
    recycled = decided.filter(text("outcome") == "Nurture")["lead_id"]
    won = decided.filter(text("outcome") == "Qualified", pl.col("lead_id").is_in(recycled.implode()))
    late = won["decided_at"] > won["mql_at"] + HORIZON
    assert late.sum() > 10
    assert (~late).sum() > 10


def test_sales_looks_at_most_leads_in_time_and_never_before_hand_over_or_after_deciding(company: Company) -> None:
    looked = first_look(company)
    touched = looked.filter(pl.col("first_touch_at").is_not_null())
    assert (touched["first_touch_at"] > touched["mql_at"]).all()
    assert (touched["first_touch_at"] < END).all()
    assert (touched["first_touch_at"] <= touched["decided_at"].fill_null(END)).all()
    decided = looked.filter(pl.col("decided_at").is_not_null())
    assert 0.01 < decided["first_touch_at"].null_count() / decided.height < 0.05
    delivered = (pl.col("mql_at") - pl.duration(hours=9)).dt.truncate("1w") + pl.duration(days=7, hours=9)
    due = delivered + pl.duration(days=2, hours=9)
    in_time = touched.group_by(week=delivered).agg((pl.col("first_touch_at") <= due).mean().alias("share"))["share"]
    assert 0.85 < in_time.mean() < 0.98  # type: ignore[operator]
    assert 0.02 < in_time.std() < 0.2  # type: ignore[operator]  # some weeks go well, some do not


def test_reasons_agree_with_the_lead(company: Company) -> None:
    rejected = company.outcomes.filter(pl.col("reason").is_not_null()).join(company.leads, on="lead_id")
    size = rejected.filter(text("reason") == "size", pl.col("employees").is_not_null())["employees"]
    assert ((size < 15) | (size >= 5_000)).all()  # 5,000 may be a rounded larger number
    region = rejected.filter(text("reason") == "region", pl.col("country").is_not_null())["country"]
    assert set(region.cast(pl.String)) == {"MX", "AR"}
    assert company.outcomes.filter(text("outcome") == "Disqualified")["reason"].null_count() == 0
    assert company.outcomes["reason"].n_unique() == 9  # eight reasons, and none


@pytest.mark.parametrize(("leads", "events_per_lead"), [(1, 20), (1, 0), (300, 0)])
def test_the_smallest_companies_work(leads: int, events_per_lead: float) -> None:
    company = simulate(leads, events_per_lead, seed=0)
    assert company.leads.height == company.truth.height == leads
    assert company.truth["probability"].is_between(0, 1, closed="none").all()
    assert events_per_lead > 0 or company.events.height == 0


def test_impossible_arguments_are_refused_together() -> None:
    with pytest.raises(DataError) as raised:
        simulate(leads=0, events_per_lead=-1, seed=-5)
    assert str(raised.value).splitlines() == [
        "'0' is not a possible number of leads; give 1 to 9,999,999",
        "'-1' is not a possible number of events per lead; give 0 to 1,000",
        "'-5' is not a possible seed; give 0 or more",
    ]
