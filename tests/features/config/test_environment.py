"""Environment variables win over the file."""

import operator

import pytest

from tests.features.config.conftest import Written


@pytest.mark.parametrize(
    ("setting", "path", "expected"),
    [
        (("LEADSIFT_STORE_URL", "postgresql://host/x"), "store.url", "postgresql://host/x"),
        (("LEADSIFT_MLFLOW_TRACKING_URI", "http://mlflow:5000"), "mlflow.tracking_uri", "http://mlflow:5000"),
        (("LEADSIFT_MLFLOW_MODEL_NAME", "other"), "mlflow.model_name", "other"),
        (("LEADSIFT_LABEL_HORIZON_DAYS", "30"), "label.horizon_days", 30),
        (("LEADSIFT_TRAINING_HOLDOUT_SHARE", "0.25"), "training.holdout_share", 0.25),
        (("LEADSIFT_GRADES_FIT", "[0.9, 0.5, 0.1]"), "grades.fit", (0.9, 0.5, 0.1)),
        (("LEADSIFT_LEAKS_ALLOW", '["a", "b"]'), "leaks.allow", ("a", "b")),
        (("LEADSIFT_PRIORS_POINTS", '{ "sector=a" = 5 }'), "priors.points", {"sector=a": 5}),
        (("LEADSIFT_COMPANY_NAME", "90"), "company.name", "90"),
    ],
)
def test_a_variable_wins_over_the_file(
    written: Written, monkeypatch: pytest.MonkeyPatch, setting: tuple[str, str], path: str, expected: object
) -> None:
    toml = '[company]\nname = "Acme"\n[label]\nhorizon_days = 60\n[mlflow]\nmodel_name = "acme"'
    monkeypatch.setenv(*setting)
    assert operator.attrgetter(path)(written.config(toml)) == expected


def test_a_relative_sqlite_address_starts_from_the_configs_folder(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADSIFT_STORE_URL", "sqlite:///x.db")
    assert written.config("").store.url == f"sqlite:///{written.path.parent}/x.db"


def test_an_empty_variable_counts_as_not_set(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADSIFT_COMPANY_NAME", "")
    assert written.config('[company]\nname = "Acme"').company.name == "Acme"


def test_a_wrong_value_is_said_by_the_variables_name(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADSIFT_LABEL_HORIZON_DAYS", "soon")
    assert written.problems("") == ["leadsift.toml: LEADSIFT_LABEL_HORIZON_DAYS is 'soon'; it must be a whole number"]


def test_a_misspelt_variable_is_said_with_the_nearest(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADSIFT_STORE_URI", "sqlite:///x.db")
    assert written.problems("") == ["'LEADSIFT_STORE_URI' is not a setting; did you mean 'LEADSIFT_STORE_URL'?"]


def test_variables_of_other_programs_do_not_matter(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADSIFTER_STORE_URI", "x")
    monkeypatch.setenv("LEADSIFT_HOME", "x")
    assert written.config("").company.name == "Our company"
