"""leadsift.toml: what it may hold, and how everything that is wrong with it is said at once."""

from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pydantic
import pytest

from features.attributes import Kind
from features.config import BusinessHours, FeatureColumn, WeekTime, load_config
from features.errors import DataError
from tests.features.config.conftest import Written

FULL = """
[company]
name = "Acme"
timezone = "Europe/Madrid"

[leads]
file = "leads.csv"
id = "lead_id"
handed_over_at = "mql_at"
label = { column = "converted", positive = ["1", "yes"] }
exclude = ["Tags"]
delimiter = ";"
encoding = "cp1252"
decimal = ","
date_format = "DD/MM/YYYY"

[events]
file = "data/events.parquet"
lead_id = "lead_id"
occurred_at = "occurred_at"
type = "type"
content = "content_id"
event_id = "event_id"
unknown_leads = "ignore"

[outcomes]
file = "outcomes.csv"
lead_id = "lead_id"
decided_at = "decided_at"
outcome = "outcome"
reason = "reason"
values = { sql = ["SQL", "Qualified"], rejected = ["Disqualified"], recycled = ["Nurture"], unworked = ["New"] }

[features]
fit = ["sector", "employees", { column = "zip", kind = "category" }, { column = "age", min = 0, max = 120 }]
engagement = ["TotalVisits"]

[label]
horizon_days = 60

[leaks]
allow = ["euribor3m"]

[sla]
weekly_leads = 50
good_fit_share = 0.4
deliver_by = "Mon 09:00"
qualify_by = "Wed 18:00"
business_hours = "Mon-Fri 09:00-18:00"
holidays = [2026-12-25, "2026-01-06"]

[grades]
fit = [0.9, 0.5, 0.1]

[store]
url = "postgresql://host/leads"

[mlflow]
tracking_uri = "http://mlflow:5000"
model_name = "acme"

[priors]
rate = 0.2
leads = 50
points = { "sector=software" = 10, "employees>=50" = -2.5 }

[training]
exploration = 0.1
holdout_share = 0.2
seeds = 5
random_state = 9
"""


def test_every_setting_is_read(written: Written) -> None:
    config = written.config(FULL)
    assert config.root == written.path.parent
    assert config.company.zone == ZoneInfo("Europe/Madrid")
    assert config.leads.file == config.root / "leads.csv"
    assert config.leads.label is not None
    assert config.leads.label.positive == ("1", "yes")
    assert config.leads.exclude == ("Tags",)
    assert config.events is not None
    assert config.events.file == config.root / "data/events.parquet"
    assert config.outcomes is not None
    assert config.outcomes.values.outcome_of()["qualified"] == "sql"
    assert config.features.fit == (
        FeatureColumn(column="sector"),
        FeatureColumn(column="employees"),
        FeatureColumn(column="zip", kind=Kind.CATEGORY),
        FeatureColumn(column="age", min=0, max=120),
    )
    assert config.label.horizon_days == 60
    assert config.leaks.allow == ("euribor3m",)
    assert config.sla.deliver_by == WeekTime(0, time(9))
    assert config.sla.business_hours == BusinessHours((0, 1, 2, 3, 4), time(9), time(18))
    assert config.sla.holidays == (date(2026, 1, 6), date(2026, 12, 25))
    assert config.grades.fit == (0.9, 0.5, 0.1)
    assert config.store.url == "postgresql://host/leads"
    assert config.mlflow.tracking_uri == "http://mlflow:5000"
    assert (config.priors.rate, config.priors.leads) == (0.2, 50)
    assert config.priors.points == {"sector=software": 10, "employees>=50": -2.5}
    assert (config.training.holdout_share, config.training.seeds, config.training.random_state) == (0.2, 5, 9)
    assert config.training.exploration == 0.1


def test_everything_has_a_default(written: Written) -> None:
    config = written.config("")
    assert config.company.zone == ZoneInfo("UTC")
    assert config.leads.file is None
    assert config.events is None
    assert config.outcomes is None
    assert config.features.fit is None
    assert config.label.horizon_days == 90
    assert config.grades.engagement == (0.8, 0.5, 0.2)
    assert config.store.url == f"sqlite:///{config.root}/.leadsift/leadsift.db"
    assert config.mlflow.tracking_uri == f"sqlite:///{config.root}/.leadsift/mlflow.db"
    assert config.mlflow.model_name == "lead-score"
    assert (config.priors.rate, config.priors.points) == (None, {})
    assert (config.training.holdout_share, config.training.seeds, config.training.random_state) == (0.3, 3, 0)
    assert config.training.exploration == 0.05


def test_paths_start_from_the_configs_folder_wherever_one_stands(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written.path.write_text('[leads]\nfile = "sub/leads.csv"')
    monkeypatch.chdir(tmp_path.parent)
    config = load_config(Path(tmp_path.name) / "leadsift.toml")
    assert config.leads.file == tmp_path / "sub/leads.csv"
    assert config.store.url == f"sqlite:///{tmp_path}/.leadsift/leadsift.db"


def test_an_absolute_path_stays(written: Written) -> None:
    assert written.config('[leads]\nfile = "/data/leads.csv"').leads.file == Path("/data/leads.csv")


def test_a_config_does_not_change(written: Written) -> None:
    config = written.config("")
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        config.label.horizon_days = 30  # type: ignore[misc]


def test_a_byte_order_mark_does_not_matter(written: Written) -> None:
    assert written.config(b"\xef\xbb\xbf[label]\nhorizon_days = 30").label.horizon_days == 30


def test_all_problems_of_the_file_are_said_together(written: Written) -> None:
    toml = """
[lead]
file = "x.csv"
[leads]
fil = "x.csv"
[company]
timezone = "Europe/Madird"
[label]
horizon_days = 0
"""
    assert written.problems(toml) == [
        "leadsift.toml: 'lead' is not a section; did you mean 'leads'?",
        "leadsift.toml: [company] timezone is 'Europe/Madird', not a time zone; did you mean 'Europe/Madrid'?",
        "leadsift.toml: 'fil' is not a key of [leads]; did you mean 'file'?",
        "leadsift.toml: [label] horizon_days is 0; it must be at least 1",
    ]


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        ("[company]\nname = 3", '[company] name is not text; write it in quotes, as "..."'),
        ("[label]\nhorizon_days = 1.5", "[label] horizon_days is 1.5; it must be a whole number"),
        ('[label]\nhorizon_days = "90"', "[label] horizon_days is '90'; it must be a whole number"),
        ("[label]\nhorizon_days = true", "[label] horizon_days is True; it must be a whole number"),
        ("[grades]\nfit = [0.2, 0.5, 0.8]", "[grades] fit is [0.2, 0.5, 0.8]; write three shares between 0 and 1"),
        ("[grades]\nfit = [1, 0.5, 0.2]", "[grades] fit is [1, 0.5, 0.2]; write three shares between 0 and 1"),
        ("[grades]\nfit = 0.5", "[grades] fit is 0.5; write three shares between 0 and 1"),
        ("[training]\nholdout_share = 1.0", "[training] holdout_share is 1.0; it must be less than 0.9"),
        ("[sla]\nholidays = [20261225]", "[sla] holidays holds 20261225; write each day as 2026-12-25"),
        ('[sla]\nholidays = ["25/12/2026"]', "[sla] holidays holds '25/12/2026'; write each day as 2026-12-25"),
        ("[sla]\nholidays = 2026-12-25", "[sla] holidays is datetime.date(2026, 12, 25); write a list of days"),
        ("[sla]\ngood_fit_share = 2", "[sla] good_fit_share is 2; it must be at most 1.0"),
        ('[sla]\ndeliver_by = "Mo 9"', "[sla] deliver_by is 'Mo 9': 'Mo' is not a day; write a day and a time"),
        ('[sla]\nqualify_by = "Wed 25:00"', "[sla] qualify_by is 'Wed 25:00': '25:00' is not a time"),
        (
            '[sla]\nbusiness_hours = "Mon-Fri 18:00-09:00"',
            "[sla] business_hours is 'Mon-Fri 18:00-09:00': 09:00 is not",
        ),
        (
            '[leads]\nfile = "leads.xlsx"',
            "[leads] file is 'leads.xlsx', neither CSV nor Parquet; save it as one of .csv",
        ),
        ('[leads]\nfile = ""', "[leads] file is empty; write something, or leave the key out"),
        ('[leads]\ndelimiter = ":"', "[leads] delimiter is ':'; allowed are ',', ';', '\\t' or '|'"),
        ('[leads]\nencoding = "utf-88"', "[leads] encoding is 'utf-88', not an encoding; did you mean 'utf-8'?"),
        ('[leads]\nlabel = "y"', "[leads] label is 'y'; it must be a table, as { key = value }"),
        ('[leads]\nlabel = { column = "y" }', "[leads] label, positive is missing; add the key to [leads]"),
        ('[leads]\nlabel = { column = "y", positive = [] }', "[leads] label, positive is an empty list"),
        ('[features]\nfit = "a"', '[features] fit is \'a\'; it must be a list, as ["a", "b"]'),
        ("[features]\nfit = [7]", "[features] fit, entry 1 is neither a column's name nor a table"),
        (
            '[features]\nfit = [{ column = "b", kinde = "number" }]',
            "'kinde' is not a key of [features] fit, entry 1; did you mean 'kind'?",
        ),
        (
            '[features]\nfit = [{ column = "b", kind = "numbr" }]',
            "[features] fit, entry 1, kind is 'numbr'; did you mean 'number'? allowed are 'number', 'category'",
        ),
        (
            '[events]\nfile = "e.csv"\nlead_id = "a"\ntype = "b"',
            "[events] occurred_at is missing; add the key to [events]",
        ),
        (
            '[store]\nurl = "postgres://me:secret@host/x"',
            "[store] url is an address of the kind 'postgres'; write one that",
        ),
        ('[mlflow]\ntracking_uri = "mlflow.db"', "[mlflow] tracking_uri is not an address; write one that starts with"),
        ("[priors]\nrate = 1.0", "[priors] rate is 1.0; it must be less than 1"),
        ("[priors]\npoints = 3", '[priors] points is 3; it must be a table, as { "sector=software" = 10 }'),
        ('[priors]\npoints = { "a=b" = "many" }', "[priors] points, a=b is 'many'; it must be a number"),
        ("[training]\nexploration = 0.9", "[training] exploration is 0.9; it must be at most 0.5"),
        ("horizon_days = 3", "'horizon_days' is a key outside of any section; known are: 'company', 'leads'"),
        ("leads = 3", "'leads' is not a section; write it as [leads] on a line of its own"),
        (
            '[leads\nfile = "x.csv"',
            "line 1, column 7 is not valid TOML: expected ']' at the end of a table declaration",
        ),
    ],
)
def test_each_wrong_setting_is_said_with_what_is_allowed(written: Written, toml: str, line: str) -> None:
    (found,) = written.problems(toml)
    assert found.startswith(f"leadsift.toml: {line}")
    assert "secret" not in found


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        (
            '[leads]\nhanded_over_at = "a"\norder = "b"',
            "[leads] has both handed_over_at and order; keep handed_over_at, which says more",
        ),
        ('[leads]\nid = "a"\nexclude = ["a"]', "'a' [leads] id is also in exclude; take it out of one of them"),
        (
            '[leads]\nlabel = { column = "y", positive = ["1"] }\n[features]\nfit = ["y"]',
            "'y' stands in [features] fit and is also the label; take it out of one of them",
        ),
        (
            '[leads]\nexclude = ["x"]\n[features]\nengagement = ["x"]',
            "'x' stands in [features] engagement and is also in [leads] exclude; take it out of one of them",
        ),
        (
            '[features]\nfit = ["x"]\nengagement = ["x"]',
            "'x' is both a fit and an engagement feature; every feature is one of the two: take it out of one list",
        ),
        (
            "[priors]\nleads = 9",
            "[priors] leads says how much rate weighs, and there is no rate; add rate, as rate = 0.2",
        ),
        ('[features]\nfit = ["x", "x"]', "'x' stands twice in [features] fit; name it once"),
        (
            '[features]\nfit = [{ column = "x", kind = "category", min = 0 }]',
            "'x' [features] fit has bounds on a category; bounds are for numbers",
        ),
        (
            '[features]\nfit = [{ column = "x", min = 2, max = 1 }]',
            "'x' has in [features] fit min 2 above max 1; exchange the two",
        ),
        (
            '[leads]\nfile = "l.csv"\n[features]\nfit = [{ column = "x", kind = "date" }]',
            "'x' stands in [features] fit as a date, which needs [leads] handed_over_at; "
            "name the hand-over column, or take the feature out",
        ),
        (
            '[leads]\nfile = "l.csv"\n[events]\nfile = "e.csv"\nlead_id = "a"\noccurred_at = "b"\ntype = "c"',
            "[events] needs to know when each lead was handed over; "
            "name the column with the time of hand-over in [leads] handed_over_at",
        ),
        (
            '[leads]\nhanded_over_at = "at"\n[outcomes]\nfile = "o.csv"\nlead_id = "a"\ndecided_at = "b"\n'
            'outcome = "c"\nvalues = { sql = ["Won"], rejected = ["won"] }',
            "'won' [outcomes] values gives this word to both sql and rejected; give each word to one outcome",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_said(written: Written, toml: str, line: str) -> None:
    assert written.problems(toml) == [f"leadsift.toml: {line}"]


def test_a_file_that_is_not_there_is_said_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load_config(tmp_path / "leadsift.toml")
    assert str(caught.value) == f"leadsift.toml: is not there; write one in {tmp_path}, or give its path with -c"


def test_a_folder_is_no_config(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot be read \(Is a directory\); give the path of a readable file with -c"):
        load_config(tmp_path)


def test_a_config_that_is_not_utf_8_is_said_with_its_line(written: Written) -> None:
    assert written.problems(b'[leads]\nfile = "caf\xe9.csv"') == [
        "leadsift.toml: line 2 is not UTF-8; save the file as UTF-8"
    ]


@pytest.mark.parametrize("name", ["Zip [code]", 'the "best"', "país", "都道府県", "a,b", "x = y"])
def test_columns_may_have_any_name(written: Written, name: str) -> None:
    fit = written.config(f"[features]\nfit = ['{name}']").features.fit
    assert fit == (FeatureColumn(column=name),)
