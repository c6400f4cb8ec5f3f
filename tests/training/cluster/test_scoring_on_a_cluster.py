"""Scoring on a cluster: the same file as on one machine, also when a worker ends in the middle."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from distributed import Client

from features.config import Config, load_config
from features.partitions import Partitions
from features.progress import Progress
from serving.model.scoring import ScoringModel
from serving.score_file import ScoreParts, score_file
from serving.score_file.parts import score_parts_here
from tests.training.cluster.conftest import said_to_nobody
from training.cluster.each_part import on_each_part
from training.cluster.scoring import score_one, scoring_on

LEADS, EVENTS, PARTS = 300, 900, 6
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def company(tmp_path: Path) -> Config:
    """Write leads, in no order, and their downloads."""
    chance = np.random.default_rng(5)
    ids = [f"lead-{at}" for at in chance.permutation(LEADS)]
    sectors, employees = chance.choice(["software", "retail", "mining"], LEADS), chance.integers(1, 900, LEADS)
    pl.DataFrame({"lead_id": ids, "sector": sectors, "employees": employees}).write_csv(tmp_path / "leads.csv")
    days = [f"2026-02-{day:02d} 10:00:00" for day in chance.integers(1, 28, EVENTS)]
    events = {"lead_id": chance.choice(ids, EVENTS), "occurred_at": days, "type": ["download"] * EVENTS}
    pl.DataFrame(events).write_csv(tmp_path / "events.csv")
    (tmp_path / "leadsift.toml").write_text(
        '[leads]\nfile = "leads.csv"\nid = "lead_id"\nhanded_over_at = "mql_at"\n'
        'label = { column = "won", positive = ["yes"] }\n'
        '[events]\nfile = "events.csv"\nlead_id = "lead_id"\noccurred_at = "occurred_at"\ntype = "type"\n'
    )
    return load_config(tmp_path / "leadsift.toml")


def scored(company: Config, model: ScoringModel, score_parts: ScoreParts, parts: int) -> pl.DataFrame:
    out = company.root / "scores.parquet"
    score_file(
        company,
        model,
        leads_file=company.root / "leads.csv",
        events_file=company.root / "events.csv",
        out=out,
        reasons=3,
        now=NOW,
        progress=said_to_nobody,
        score_parts=score_parts,
        least_parts=parts,
    )
    return pl.read_parquet(out)


def test_scores_are_those_of_one_machine_in_the_order_of_the_file(
    cluster: Client, company: Config, tiny_model: ScoringModel
) -> None:
    here = scored(company, tiny_model, score_parts_here, 1)
    there = scored(company, tiny_model, scoring_on(cluster), PARTS)

    assert there["lead_id"].to_list() == pl.read_csv(company.root / "leads.csv")["lead_id"].to_list()
    assert there.equals(here)
    assert there["probability"].n_unique() > 10


def test_a_worker_killed_while_scoring_changes_no_score(
    cluster: Client, company: Config, tiny_model: ScoringModel
) -> None:
    def score_parts(
        partitions: Partitions, model: ScoringModel, reasons: int, folder: Path, progress: Progress
    ) -> None:
        shared = {"partitions": partitions, "model": model, "reasons": reasons, "folder": folder}
        on_each_part(cluster, killed_at_the_fourth, range(partitions.parts), progress, "Scoring", **shared)

    there = scored(company, tiny_model, score_parts, PARTS)

    assert (company.root / "killed").exists()
    assert there.equals(scored(company, tiny_model, score_parts_here, 1))


def killed_at_the_fourth(part: int, *, partitions: Partitions, model: ScoringModel, reasons: int, folder: Path) -> None:
    """Score a part, and end the worker before it can say so, the first time that it is the fourth part."""
    score_one(part, partitions=partitions, model=model, reasons=reasons, folder=folder)
    killed = folder.parent.parent / "killed"
    if part == 3 and not killed.exists():
        killed.touch()
        os.kill(os.getpid(), signal.SIGKILL)
