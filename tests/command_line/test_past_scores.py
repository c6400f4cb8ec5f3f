"""`leadsift train --until` learns what was known then, and `leadsift score-past` judges it by what came after."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from features.config import load_config
from features.store import open_store
from features.store.schema import lead_facts
from tests.command_line.conftest import run_command
from training.records.scoring_model import registered_model, registry_of


@pytest.mark.slow
def test_a_model_of_half_a_year_ago_is_judged_on_the_leads_that_came_since(filled: Path, tmp_path: Path) -> None:
    config = shutil.copytree(filled, tmp_path / "company") / "leadsift.toml"
    said = run_command("train", "-c", config, "--until", "2025-12-31", "--promote", "--json", "-")
    version = json.loads(said.out)["version"]
    settings = load_config(config)
    model = registered_model(settings, "champion")
    until = model.info.learned_until
    assert model.version == version
    assert until is not None
    assert f"{until:%Y-%m}" in {"2025-09", "2025-10"}  # a horizon before
    assert (
        registry_of(settings).version(version).tags["training.why"]
        == "to learn what could be known when 2025-12-31 ended"
    )

    done = json.loads(run_command("score-past", "-c", config, "--json", "-").out)
    with closing(open_store(settings.store.url)) as store, store.reading() as connection:
        scored = select(func.count(), func.min(lead_facts.c.handed_over_at)).where(
            lead_facts.c.probability.is_not(None)
        )
        count, first = connection.execute(scored).one()
    assert done["scored"] == count > 500
    assert done["scored"] + done["too_old"] == 2_000
    assert first > until
    again = run_command("score-past", "-c", config)
    assert again.out.startswith(f"0 leads scored as of their hand-over with version {version}.\n")


def test_an_earlier_day_is_not_learned_from_on_a_cluster(trained: Path) -> None:
    said = run_command("train", "-c", trained / "leadsift.toml", "--until", "2025-12-31", "--workers", "2")
    assert said.code == 2
    assert "on this machine alone" in " ".join(said.err.replace("│", "").split())


def test_a_day_before_the_first_lead_is_refused_in_a_line(trained: Path) -> None:
    said = run_command("train", "-c", trained / "leadsift.toml", "--until", "2001-01-01")
    assert said.code == 1
    assert said.err.startswith("no lead had been handed over by then: the first came on 202")
