"""The demo: a sample company, from nothing to scored leads, saying at each step what it found."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from features.config import Config, load_config
from features.progress import Progress
from features.simulation import Company, simulate, write_company
from serving.score_file import render_scored, score_file
from training.measuring.metrics import Ranked, measure
from training.records.scoring_model import registered_model
from training.run import TrainingRun, run_training
from training.run_report import render_run
from training.terminal import show

SEED = 7
EVENTS_PER_LEAD = 20
RECENT_LEADS = 500  # of the newest leads are scored: about what a sales team has open

Reporting = Callable[[], AbstractContextManager[Progress]]


def run_demo(folder: Path, leads: int, now: datetime, progress: Reporting) -> Config:
    """Simulate, train, register and score in `folder`; give the config to serve with.

    The history ends today, so that the sample's newest leads are open now.
    """
    with progress() as report:
        report("Simulating a company", 0.1)
        company = simulate(leads, EVENTS_PER_LEAD, SEED, now.date())
        write_company(company, folder)
    events = company.events.height
    show([f"\nA sample company is in {folder}: {leads:,} leads who did {events:,} things in 18 months.\n"], None, None)
    config = load_config(folder / "leadsift.toml")
    with progress() as report:
        run = run_training(config, None, report)
    show([*render_run(run), _against_truth(run, company), ""], None, None)
    _score_newest(folder, config, company, now, progress)
    return config


def _against_truth(run: TrainingRun, company: Company) -> str:
    """Say how near the model comes to the best possible one, which knows each lead's true probability."""
    ids = company.leads["lead_id"][run.trained.holdout_rows]
    truth = ids.to_frame().join(company.truth, on="lead_id", how="left", maintain_order="left")["probability"]
    best = float(measure(Ranked(run.trained.holdout_y, truth.to_numpy()))["log_loss"][0])
    found = run.trained.holdout.metrics["log_loss"]
    return f"Whoever knew each lead's true probability would have a log loss of {best:.3f}; the model has {found:.3f}."


def _score_newest(folder: Path, config: Config, company: Company, now: datetime, progress: Reporting) -> None:
    newest = folder / "newest.parquet"
    company.leads.sort("mql_at", maintain_order=True).tail(RECENT_LEADS).drop("mql_at").write_parquet(newest)
    with progress() as report:
        scored = score_file(
            config,
            registered_model(config, "champion"),
            leads_file=newest,
            events_file=folder / "events.parquet",
            out=folder / "scores.csv",
            reasons=3,
            now=now,
            progress=report,
        )
    show([f"The newest {RECENT_LEADS} leads, as of now:", *render_scored(scored), ""], None, None)
