"""Recalibrates the champion on leads that matured after everything it learned from, and proves it on those leads."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from scipy.special import expit, logit

from features.compute import feature_table
from features.config import Config
from features.errors import DataError
from features.labels import label_leads
from features.problems import Problem
from features.tables import Tables
from serving.model.scoring import ScoringModel
from training.champion.challenge import can_score
from training.champion.learned import learned_period, newer_than
from training.champion.promotion import Comparison, compare
from training.known_leads import known_leads
from training.measuring.evaluation import Evaluation, evaluate
from training.measuring.metrics import Floats
from training.over_time.recalibrated import recalibrated
from training.over_time.recalibration import Recalibration, fit_recalibration

FEWEST_LEADS, FEWEST_OF_EACH = 50, 5  # fewer tell nothing that the shrinking would leave standing
STEPS = 10
MODEL, CHAMPION = "model", "champion"


@dataclass(frozen=True)
class Recalibrated:
    """A champion recalibrated, and what that is worth.

    evaluations: of the recalibration and of the champion as it is, walking forward through the evidence.
    features, y, p: the leads of that walk, float64[n]; p are the probabilities of the recalibration.
    """

    model: ScoringModel
    change: Recalibration
    evaluations: dict[str, Evaluation]
    comparison: Comparison
    features: pl.DataFrame
    y: Floats
    p: Floats


def recalibrate(champion: ScoringModel, tables: Tables, config: Config) -> Recalibrated:
    """Fit the shift and scale on all leads newer than those the champion learned from.

    Raises DataError where there are too few of them, where the champion has learned nothing, and where the data has
    no longer what it reads.
    """
    _refuse_unsuited(champion, tables)
    known = label_leads(tables, config.label.horizon_days).y
    rows = known_leads(tables.leads, known)
    rows = rows[newer_than(champion, tables.leads[rows])]
    y = known[rows]
    _refuse_few(champion, y)
    features = feature_table(tables.leads[rows], tables.events, champion.catalog)
    p = champion.score_table(features).probability
    log_odds = np.asarray(logit(p))
    change = fit_recalibration(log_odds, y)
    seed, first = config.training.random_state, -(-len(y) // STEPS)
    forward = expit(walk_forward(log_odds, y))[first:]
    evaluations = evaluate(y[first:], {MODEL: forward, CHAMPION: p[first:]}, seed)
    period = learned_period(tables.leads, rows)
    learned = {name: period[name] for name in ("learned_until", "learned_in_order")}
    return Recalibrated(
        model=recalibrated(champion, change, learned, evaluations[MODEL].to_json()),
        change=change,
        evaluations=evaluations,
        comparison=compare(champion.version, y[first:], forward, p[first:], seed),
        features=features[first:],
        y=y[first:],
        p=forward,
    )


def walk_forward(log_odds: Floats, y: Floats) -> Floats:
    """Give log-odds [n] with each tenth of the leads recalibrated on those before it alone; the first is unchanged."""
    edges = np.unique(np.minimum(np.arange(STEPS + 1) * -(-len(y) // STEPS), len(y)))
    parts = [
        fit_recalibration(log_odds[:start], y[:start]).apply(log_odds[start:end]) for start, end in pairwise(edges)
    ]
    return np.concatenate(parts)


def _refuse_unsuited(champion: ScoringModel, tables: Tables) -> None:
    problems = []
    if not champion.info.has_learned:
        problems.append(
            Problem(f"version {champion.version} has learned from no outcomes", "train with: leadsift train")
        )
    if not can_score(champion, tables):
        what = f"the data no longer has all that version {champion.version} reads"
        problems.append(Problem(what, "see which with: leadsift drift, or train with: leadsift train"))
    if problems:
        raise DataError(problems)


def _refuse_few(champion: ScoringModel, y: Floats) -> None:
    sqls = int(y.sum())
    if len(y) >= FEWEST_LEADS and min(sqls, len(y) - sqls) >= FEWEST_OF_EACH:
        return
    what = (
        f"too few outcomes to recalibrate version {champion.version} by: {len(y):,} leads with a known outcome, "
        f"{sqls:,} of them SQLs, are newer than those it learned from, and at least {FEWEST_LEADS} are needed "
        f"with {FEWEST_OF_EACH} of either outcome"
    )
    raise DataError([Problem(what, "try again when more have matured")])
