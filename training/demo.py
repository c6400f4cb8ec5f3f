"""The demo: a sample company that has used leadsift for half a year, made while one watches.

A model learns from what was known half a year ago; the leads that came since get the score of their hand-over by it,
and so the pages have half a year in which promised and came true can be compared. Then a model learns from all that is
known today and has to beat the first.
"""

import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table

from features.config import Config, load_config
from features.progress import Progress
from features.simulation import Company, simulate, write_company
from features.sources.files_to_import import read_files_to_import
from features.store import Store, open_store
from features.store.fact_rules import FactRules
from features.store.import_tables import import_tables
from serving.live.live_model import LiveModel
from serving.live.past_scores import score_past
from serving.live.rescore import rescore
from serving.score_file import render_scored, score_file
from training.demo_contents import mark_useful_contents
from training.drifting.drift_report import render_drift
from training.drifting.drift_run import run_drift
from training.measuring.metrics import Ranked, measure
from training.over_time.until import because_of, read_until
from training.records.scoring_model import registered_model, registry_of
from training.run import TrainingRun, run_training
from training.run_report import render_run
from training.terminal import show

SEED = 7
EVENTS_PER_LEAD = 20
HISTORY = timedelta(days=182)  # in which the company has used leadsift
RECENT_LEADS = 500  # of the newest leads are scored into a file: about what a sales team has open
OWN = ".leadsift"  # store, records and models

Reporting = Callable[[], AbstractContextManager[Progress]]


def run_demo(folder: Path, leads: int, now: datetime, progress: Reporting) -> Config:
    """Simulate a company in `folder`, give it half a year of history, train and score; give the config to serve with.

    The history ends today, so that the sample's newest leads are open now. What an earlier demo left there is gone.
    """
    company = _simulated(folder, leads, now, progress)
    config = demo_config(folder)
    with closing(open_store(config.store.url)) as store:
        _import(store, config, now, progress)
        first = _train_as_of(config, now - HISTORY, progress)
        if first.decision.promote:
            _score_past(store, config, first, now, progress)
        with progress() as report:
            second = run_training(config, None, report)
        _say([*render_run(second), _against_truth(second, company)])
        if registry_of(config).champion() is None:
            _say(["No version could be promoted, so nothing is scored: give the demo more leads with --leads."])
            return config
        _rescore(store, config, now, progress)
    _look_for_drift(config, now, progress)
    _score_newest(folder, config, company, now, progress)
    return config


def _say(lines: Sequence[RenderableType]) -> None:
    show([*lines, ""], None, None)


def _simulated(folder: Path, leads: int, now: datetime, progress: Reporting) -> Company:
    with progress() as report:
        report("Simulating a company", 0.1)
        company = simulate(leads, EVENTS_PER_LEAD, SEED, now.date())
        shutil.rmtree(folder / OWN, ignore_errors=True)
        write_company(company, folder)
    did = f"{leads:,} leads who did {company.events.height:,} things in 18 months"
    _say([f"\nA sample company is in {folder}: {did}."])
    return company


def demo_config(folder: Path) -> Config:
    """Give the sample's config, always with a store and records of its own: whatever the environment says of yours."""
    config = load_config(folder / "leadsift.toml")
    own = config.root / OWN
    own.mkdir(exist_ok=True)
    store = {"url": f"sqlite:///{own / 'leadsift.db'}"}
    mlflow = {"tracking_uri": f"sqlite:///{own / 'mlflow.db'}"}
    beside = {"store": config.store.model_copy(update=store), "mlflow": config.mlflow.model_copy(update=mlflow)}
    return config.model_copy(update=beside)


def _import(store: Store, config: Config, now: datetime, progress: Reporting) -> None:
    with progress() as report:
        done = import_tables(store, read_files_to_import(config, now), now, report, FactRules.of(config))
    with store.writing() as connection:
        marked = mark_useful_contents(connection)
    useful = f"useful contents: sales named {marked:,}"
    _say(["The live store is filled:", *done.lines(), useful])


def _train_as_of(config: Config, then: datetime, progress: Reporting) -> TrainingRun:
    day = then.astimezone(config.company.zone).date()
    with progress() as report:
        run = run_training(config, None, report, because=because_of(day), read=read_until(day))
    lines = list(render_run(run))
    _say([f"As if it were {day}, half a year ago:", lines[0], lines[-1]])
    return run


def _score_past(store: Store, config: Config, run: TrainingRun, now: datetime, progress: Reporting) -> None:
    live = LiveModel(registered_model(config, run.version), config.company.zone)
    with progress() as report:
        done = score_past(store, live, now, report, rules=FactRules.of(config))
    _say(done.lines())


def _rescore(store: Store, config: Config, now: datetime, progress: Reporting) -> None:
    live = LiveModel(registered_model(config, "champion"), config.company.zone)
    with progress() as report:
        done = rescore(store, live, lambda: now, report)
    _say(done.lines())


def _look_for_drift(config: Config, now: datetime, progress: Reporting) -> None:
    with progress() as report:
        drift = run_drift(config, since=None, leads_file=None, events_file=None, chart=None, now=now, progress=report)
    _say([each for each in render_drift(drift) if not isinstance(each, Table)])


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
    _say([f"The newest {RECENT_LEADS} leads, as of now:", *render_scored(scored)])
