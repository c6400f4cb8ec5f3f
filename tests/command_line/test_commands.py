"""Every command on a real folder: what it prints, what it writes, and how it ends."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.command_line.conftest import LEADS, run_command

COLUMNS = [
    "lead_id",
    "probability",
    "score",
    "points",
    "fit_points",
    "fit_grade",
    "engagement_points",
    "engagement_grade",
    "segment",
    "reasons",
    "model_version",
]


@pytest.fixture
def config(trained: Path) -> Path:
    return trained / "leadsift.toml"


def test_check_says_what_was_understood(config: Path) -> None:
    found = json.loads(run_command("check", "-c", config, "--json", "-").out)
    assert found["rows"] == LEADS
    assert found["label"]["leads"] == LEADS
    assert {"name", "side", "kind"} <= found["attributes"][0].keys()
    assert all({"kind", "severity", "column", "detail"} == finding.keys() for finding in found["findings"])


def test_check_ends_with_1_and_names_the_problem(tmp_path: Path) -> None:
    wrong = tmp_path / "leadsift.toml"
    wrong.write_text('[leads]\nfile = "leads.csv"\nlabel = { column = "won", positive = ["yes"] }\n')
    (tmp_path / "leads.csv").write_text("sector,won\nsoftware,yes\nretail,yes\n")
    said = run_command("check", "-c", wrong)
    assert said.code == 1
    assert "leads.csv, column 'won': has one class: 2 of 2 filled cells are positive" in said.out


def test_a_missing_config_is_said_in_one_line(tmp_path: Path) -> None:
    said = run_command("train", "-c", tmp_path / "none.toml")
    assert said.code == 1
    assert "is not there; write one in" in said.err
    assert "Traceback" not in said.err


def test_wrong_usage_ends_with_2() -> None:
    assert run_command("score").code == 2
    assert run_command("keys", "create", "--role", "boss", "--name", "x").code == 2


def test_train_reports_quality_beside_baselines(trained: Path) -> None:
    result = json.loads((trained / "train.json").read_text())
    assert result["version"] == "1"
    assert result["promoted"] is True
    model = result["holdout"]["log_loss"]
    assert model < result["baselines"]["base_rate"]["log_loss"]
    assert result["baselines"].keys() == {"base_rate", "logistic_regression"}
    low, high = result["holdout"]["intervals"]["log_loss"]
    assert low < model < high
    text = (trained / "train.txt").read_text()
    assert "Version 1 is now champion" in text
    assert "never worked" in text


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_score_gives_a_row_per_lead_in_the_files_order(config: Path, tmp_path: Path, ending: str) -> None:
    leads = pl.read_parquet(config.parent / "leads.parquet").sample(300, seed=1, shuffle=True)
    leads.drop("mql_at").write_parquet(tmp_path / "new.parquet")
    out = tmp_path / f"scores.{ending}"
    events = config.parent / "events.parquet"
    said = run_command("score", "-c", config, "--leads", tmp_path / "new.parquet", "--events", events, "-o", out)
    assert said.code == 0, said.err
    scores = pl.read_csv(out) if ending == "csv" else pl.read_parquet(out)
    assert scores.columns == COLUMNS
    assert scores["lead_id"].cast(pl.String).to_list() == leads["lead_id"].cast(pl.String).to_list()
    assert scores["probability"].is_between(0, 1).all()
    assert (scores["fit_points"] + scores["engagement_points"] - scores["points"]).abs().max() < 1e-6  # type: ignore[operator]
    assert scores["score"].to_list() == [round(100 * p) for p in scores["probability"]]
    assert set(scores["segment"]) <= {"golden", "nurture", "curious", "park"}
    assert "expected to become SQLs" in said.out


def test_score_refuses_an_unknown_version_with_what_there_is(config: Path, tmp_path: Path) -> None:
    leads = config.parent / "leads.parquet"
    said = run_command("score", "-c", config, "--leads", leads, "-o", tmp_path / "s.csv", "--model", "99")
    assert said.code == 1
    assert "has no version '99'" in said.err


def test_score_refuses_an_output_it_cannot_write(config: Path, tmp_path: Path) -> None:
    leads = config.parent / "leads.parquet"
    said = run_command("score", "-c", config, "--leads", leads, "-o", tmp_path / "scores.xlsx")
    assert (said.code, "scores.xlsx" in said.err) == (1, True)


def test_models_lists_versions_and_the_champion(config: Path) -> None:
    (version,) = json.loads(run_command("models", "-c", config, "--json", "-").out)
    assert (version["version"], version["aliases"]) == ("1", ["champion"])
    assert "champion" in run_command("models", "-c", config).out


def test_a_rollback_without_an_earlier_champion_is_refused(config: Path) -> None:
    said = run_command("rollback", "-c", config)
    assert said.code == 1
    assert "no earlier champion" in said.err


def test_a_key_is_printed_once_as_the_last_word(config: Path, tmp_path: Path) -> None:
    own = tmp_path / "leadsift.toml"
    own.write_text(config.read_text())
    secret = run_command("keys", "create", "-c", own, "--role", "crm", "--name", "our CRM").out.split()[-1]
    assert secret.startswith("ls_")
    listed = run_command("keys", "list", "-c", own, "--json", "-").out
    (key,) = json.loads(listed)
    assert (key["name"], key["role"], key["revoked_at"]) == ("our CRM", "crm", None)
    assert secret not in listed
    assert run_command("keys", "revoke", "-c", own, key["id"]).code == 0
    (revoked,) = json.loads(run_command("keys", "list", "-c", own, "--json", "-").out)
    assert revoked["revoked_at"] is not None
