"""Trains on a million leads, against LightGBM alone with the same parameters on the ready matrix.

A training fits many boosters: walking forward twice to choose by, then the bag on the oldest leads and the bag on all.
They differ in leads, so what is compared is the time for as many leads boosted by as many rounds.
"""

import os
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import lightgbm
import numpy as np
import orjson
import polars as pl

from benchmarks.peak import alone
from benchmarks.row import Row, Way
from features.attributes import Attribute, Kind, Side
from features.compute import feature_table
from features.config import load_config
from features.labels import label_leads
from features.tables import Tables, column_of, no_events
from training.assemble import assemble_trained
from training.fitting.encoding import fit_encoder
from training.fitting.trees import DEFAULT_TREES, tree_parameters
from training.measuring.metrics import Floats
from training.pipeline import catalog_of, train

LEADS, NUMBERS, FLAGS, CATEGORIES, LEVELS = 1_000_000, 40, 10, 10, 8
TURNS, TRIAL_ROUNDS = 3, 20
BEGIN, APART_S = datetime(2025, 1, 1, tzinfo=UTC), 30
CONFIG = 'leads = { file = "leads.parquet", label = { column = "label", positive = ["1"] } }\n'


@dataclass(frozen=True)
class Measured:
    """One training: seconds in all and by stage, boosters fitted, their leads times rounds, and the rounds chosen."""

    seconds: float
    stages: dict[str, float]
    boosters: int
    leads_boosted: int
    rounds: int


def measure() -> list[Row]:
    """Give the row: training in all against LightGBM alone."""
    with tempfile.TemporaryDirectory() as folder:
        peak = alone("benchmarks.training", "train_alone", folder)
        ours = Measured(**orjson.loads((Path(folder) / "measured.json").read_bytes()))
    theirs, how = _lightgbm_alone(ours.rounds)
    equal = ours.leads_boosted / (LEADS * ours.rounds)
    ratio, plain_ratio = ours.seconds / equal / theirs, ours.seconds / ours.boosters / theirs
    slowest = sorted(ours.stages.items(), key=lambda each: -each[1])
    stages = ", ".join(f"{name[:1].lower()}{name[1:]} {seconds:.0f} s" for name, seconds in slowest)
    return [
        Row(
            work=f"training in all, {LEADS:,} leads and {NUMBERS + FLAGS + CATEGORIES} features",
            unit="seconds a booster",
            ways=(
                Way("leadsift, all of the training, for each booster's worth", ours.seconds / equal),
                Way("`lightgbm.train` on the ready matrix", theirs),
            ),
            result=f"{ratio:.2f} times LightGBM's time a booster of {LEADS:,} leads and {ours.rounds} rounds",
            target="at most 1.5 times per booster fitted",
            met=ratio <= 1.5,
            note=(
                f"One training of {ours.seconds:.0f} s ({stages}), peak memory {peak.peak_bytes / 2**30:.1f} GiB. It "
                f"fitted {ours.boosters} boosters; those of the walks forward see fewer leads, so they count as "
                f"{equal:.1f} of {LEADS:,} leads and {ours.rounds} rounds (by plain number of boosters it is "
                f"{plain_ratio:.2f} times). LightGBM alone: median of {TURNS} turns, {how}, the faster of two settings."
            ),
        )
    ]


def train_alone(folder: str) -> None:
    """Train once in this process and write what was measured into the folder."""
    fitted: list[int] = []
    plain = lightgbm.train

    def counted(parameters: dict[str, Any], binned: lightgbm.Dataset, rounds: int) -> lightgbm.Booster:
        fitted.append(binned.num_data() * rounds)
        return plain(parameters, binned, rounds)

    path = Path(folder) / "leadsift.toml"
    path.write_text(CONFIG, encoding="utf-8")
    config, tables = load_config(path), made_up_leads()
    labels = label_leads(tables, config.label.horizon_days)
    began = time.perf_counter()
    with patch.object(lightgbm, "train", counted):
        trained = train(tables, labels, config, lambda *_: None)
    assembling = time.perf_counter()
    assemble_trained(config, tables, trained)
    ended = time.perf_counter()
    stages = trained.timings | {"Putting the model together": ended - assembling}
    found = Measured(ended - began, stages, len(fitted), sum(fitted), trained.fitted.choices["rounds"])
    (Path(folder) / "measured.json").write_bytes(orjson.dumps(asdict(found)))


def made_up_leads() -> Tables:
    """Make leads with numbers, flags and categories, some of them missing, of which many matter a little."""
    chance = np.random.default_rng(1)
    kinds = [Kind.NUMBER] * NUMBERS + [Kind.FLAG] * FLAGS + [Kind.CATEGORY] * CATEGORIES
    sides = (Side.FIT, Side.ENGAGEMENT)
    attributes = tuple(Attribute(f"{kind} {at}", sides[at % 2], kind) for at, kind in enumerate(kinds))
    log_odds, columns = np.full(LEADS, -3.2), []
    for at, attribute in enumerate(attributes):
        values, added = _values(attribute.kind, chance)
        log_odds += added if at % 3 else 0.0
        known = pl.Series(chance.random(LEADS) < (0.9 if at % 3 else 1.0))
        columns.append(pl.select(pl.when(known).then(values)).to_series().alias(column_of(attribute)))
    leads = pl.DataFrame(
        {
            "lead_id": pl.int_range(LEADS, eager=True).cast(pl.String),
            "as_of": pl.Series(np.arange(LEADS)) * timedelta(seconds=APART_S) + BEGIN,
            "arrival": np.arange(LEADS),
            "label": (chance.random(LEADS) < 1 / (1 + np.exp(-log_odds))).astype(np.int8),
        }
    )
    return Tables(leads.hstack(columns), no_events(), None, attributes, None)


def _values(kind: Kind, chance: np.random.Generator) -> tuple[pl.Series, Floats]:
    """Give a column of values, and what they add to the log-odds."""
    if kind is Kind.NUMBER:
        numbers = chance.normal(size=LEADS)
        return pl.Series(np.exp(numbers).round(2)), np.asarray(0.1 * numbers + 0.2 * (numbers > 1))
    if kind is Kind.FLAG:
        flags = (chance.random(LEADS) < 0.3).astype(np.float64)
        return pl.Series(flags), np.asarray(0.1 * flags)
    levels = chance.integers(0, LEVELS, LEADS)
    return pl.Series(levels).cast(pl.String), np.asarray(0.05 * levels)


def _lightgbm_alone(rounds: int) -> tuple[float, str]:
    """Give the median seconds of one fit on the ready matrix, and how it was set to be fastest."""
    tables = made_up_leads()
    catalog = catalog_of(tables.leads, tables)
    features = feature_table(tables.leads, tables.events, catalog)
    y = tables.leads["label"].to_numpy().astype(np.float64)
    matrix = fit_encoder(features, catalog).encode_table(features)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    ways: dict[str, dict[str, Any]] = {
        "our own setting, one thread": {},
        f"{cores} threads, histograms by row": {
            "num_threads": cores,
            "force_col_wise": False,
            "force_row_wise": True,
        },
    }
    best = min(ways, key=lambda way: _seconds(matrix, y, TRIAL_ROUNDS, ways[way]))
    return statistics.median(_seconds(matrix, y, rounds, ways[best]) for _ in range(TURNS)), best


def _seconds(matrix: Floats, y: Floats, rounds: int, way: dict[str, Any]) -> float:
    parameters = tree_parameters(DEFAULT_TREES, len(y), seed=0) | way
    began = time.perf_counter()
    lightgbm.train(parameters, lightgbm.Dataset(matrix, y, params=parameters), rounds)
    return time.perf_counter() - began
