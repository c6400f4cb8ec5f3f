"""A company that begins: from no outcome at all, every command works and none promises more than is known."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.command_line.conftest import run_command
from training.records.tracking import open_client

CONFIG = """
[leads]
file = "leads.csv"
id = "id"
handed_over_at = "mql_at"
[outcomes]
file = "outcomes.csv"
lead_id = "id"
decided_at = "at"
outcome = "outcome"
[features]
fit = ["sector"]
engagement = ["visits"]
[mlflow]
tracking_uri = "{uri}"
"""
PRIORS = '[priors]\nrate = 0.2\nleads = 50\npoints = { "sector=software" = 20 }\n'
LEADS = 60


@pytest.fixture
def company(tracking_uri: str, tmp_path: Path) -> Path:
    """Give the config of a company with leads, and a file of decisions that is empty but for its header."""
    sectors, visits = ("software", "retail", "", "mining"), (0, 1, 2, 5, 9)
    rows = [f"{at},2026-01-{1 + at % 28:02},{sectors[at % 4]},{visits[at % 5]}" for at in range(LEADS)]
    (tmp_path / "leads.csv").write_text("\n".join(["id,mql_at,sector,visits", *rows, "new,2026-09-01,mining,1\n"]))
    (tmp_path / "outcomes.csv").write_text("id,at,outcome\n")
    (tmp_path / "leadsift.toml").write_text(CONFIG.format(uri=tracking_uri))
    return tmp_path / "leadsift.toml"


def decide(company: Path, words: list[str]) -> None:
    rows = [f"{at},2026-02-10,{word}\n" for at, word in enumerate(words)]
    (company.parent / "outcomes.csv").write_text("id,at,outcome\n" + "".join(rows))


def train(company: Path) -> dict[str, Any]:
    said = run_command("train", "-c", company, "--json", "-")
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def scores(company: Path) -> pl.DataFrame:
    out = company.parent / "scores.csv"
    said = run_command("score", "-c", company, "--leads", company.parent / "leads.csv", "-o", out)
    assert said.code == 0, said.err
    assert "not enough evidence" in said.out
    assert "expected to become SQLs" not in said.out
    return pl.read_csv(out)


def test_from_no_outcome_on_there_are_scores_that_say_what_they_rest_on(company: Path) -> None:
    checked = run_command("check", "-c", company)
    assert checked.code == 0
    assert "warning: not enough evidence: 0 SQLs and 0 others are known" in checked.out
    assert "the label has one class" in checked.out

    first = train(company)
    assert (first["promoted"], first["state"]) == (True, "not enough evidence")
    assert "it is the first model" in str(first["why"])
    assert scores(company)["probability"].n_unique() == 1

    company.write_text(company.read_text() + PRIORS)
    decide(company, ["sql", "rejected", "rejected"])
    second = train(company)
    assert (second["promoted"], second["version"]) == (True, "2")
    by_sector = {row["sector"]: row for row in leads_with_scores(company)}
    gain = by_sector["software"]["points"] - by_sector["retail"]["points"]
    assert gain == pytest.approx(20)
    assert by_sector["software"]["reasons"].startswith("sector is software: +")


def leads_with_scores(company: Path) -> list[dict[str, Any]]:
    leads = pl.read_csv(company.parent / "leads.csv")
    return pl.concat([leads, scores(company)], how="horizontal").to_dicts()


def test_the_record_in_mlflow_holds_no_figure_that_is_not_known(company: Path, tracking_uri: str) -> None:
    train(company)
    client = open_client(tracking_uri)
    version = client.get_model_version("lead-score", "1")

    assert version.description == "On the newest 0 leads: nothing to measure by"
    assert "roc_auc" not in version.tags
    assert version.run_id is not None
    assert client.get_run(version.run_id).data.metrics == {"leads": 0.0, "positives": 0.0}
    card = run_command("card", "-c", company)
    assert (card.code, "nan" in card.out.lower()) == (0, False)
    assert "not enough evidence" in card.out


def test_a_declared_point_on_nothing_is_named_by_check_and_train(company: Path) -> None:
    company.write_text(company.read_text() + PRIORS.replace("sector=", "sectr="))
    checked, tried = run_command("check", "-c", company), run_command("train", "-c", company)

    line = "'sectr' [priors] points: is no feature; did you mean 'sector'?"
    assert (checked.code, line in checked.out) == (1, True)
    assert (tried.code, line in tried.err) == (1, True)


def test_worked_and_unworked_leads_are_compared(trained: Path, tmp_path: Path) -> None:
    config, table = trained / "leadsift.toml", tmp_path / "worked.csv"
    found = json.loads(run_command("report", "worked", "-c", config, "--csv", table, "--json", "-").out)
    text = run_command("report", "worked", "-c", config).out

    label = json.loads((trained / "train.json").read_text())["label"]
    counts = {"worked": label["known"], "unworked": label["unworked"], "young": label["young"]}
    assert found["leads"] == counts
    assert found["meaning"] in text
    low, share, high = (found["chosen_by_score"][at] for at in (1, 0, 2))
    assert low < share < high
    assert pl.read_csv(table).filter(part="leads").row(0)[2:4] == (label["known"], label["unworked"])


def test_a_report_of_another_name_is_wrong_usage(trained: Path) -> None:
    said = run_command("report", "nonsense", "-c", trained / "leadsift.toml")

    assert (said.code, "worked" in said.err) == (2, True)
