"""Training from tables to a fitted recipe and what it is worth: it only connects the steps.

The decision moment is a lead's `as_of`; leads stand in order of arrival. The recipe is fitted on the oldest leads
and scored once on the newest. Then the same recipe, choices and all, is fitted anew on every lead with a known
outcome, and that fit is what is shipped: when base rates move, the newest leads are worth most. So the holdout's
numbers are those of the recipe fitted on the oldest leads; of the shipped fit itself there can be no such numbers yet.

Where too few outcomes are known to learn from, the model rests on what was declared and says so; see `fit_prior`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.catalog import Catalog, build_catalog, known_event_types
from features.compute import feature_table
from features.config import Config, Training
from features.findings import Finding
from features.labels import Labels
from features.progress import Progress
from features.tables import Tables
from training.fitting.baselines import base_rate, plain_regression
from training.fitting.fit import Fitted, fit_recipe
from training.fitting.split import oldest, split_by_time
from training.known_leads import known_leads
from training.leak_guard import refuse_leaks, search_leaks
from training.measuring.evaluation import Evaluation, evaluate
from training.measuring.metrics import Floats
from training.priors.prior_model import fit_prior, is_enough, learned_from, prior_findings
from training.priors.prior_points import read_points
from training.priors.rate_belief import RateBelief, believe
from training.stages import Stages

MODEL = "model"
BASE_RATE = "base_rate"
LOGISTIC_REGRESSION = "logistic_regression"
BASELINES = (BASE_RATE, LOGISTIC_REGRESSION)


@dataclass(frozen=True)
class Trained:
    """What a training gives.

    fitted: the recipe fitted on all known leads, to be shipped; catalog: its features.
    features, y: all known leads, oldest first, and what became of them, float64[n] of 1 and 0.
    holdout, baselines: the recipe and the baselines fitted on the oldest leads, on the newest ones.
    holdout_y, holdout_probabilities, baseline_probabilities: float64[holdout], oldest first.
    holdout_rows: the row of each holdout lead in `Tables.leads`, int[holdout].
    label_summary: how many leads fell to each fate. timings: seconds by stage.
    belief: None for a learned model. Where there was not enough evidence, what is believed of the rate; `features` and
    `y` then are of all leads, with NaN where nothing is known, and there are no baselines to beat.
    """

    fitted: Fitted
    catalog: Catalog
    features: pl.DataFrame
    y: Floats
    holdout: Evaluation
    baselines: dict[str, Evaluation]
    holdout_y: Floats
    holdout_probabilities: Floats
    baseline_probabilities: dict[str, Floats]
    holdout_rows: NDArray[np.intp]
    label_summary: dict[str, Any]
    findings: tuple[Finding, ...]
    timings: dict[str, float]
    belief: RateBelief | None = None


@dataclass(frozen=True)
class Predicted:
    """The holdout's outcomes, and the probabilities of the model and each baseline by name, float64[holdout]."""

    y: Floats
    probabilities: dict[str, Floats]


def train(tables: Tables, labels: Labels, config: Config, progress: Progress) -> Trained:
    """Train on all leads with a known outcome; `progress` is told each stage and the share done, 0 to 1.

    Raises DataError where a column knows the outcome and nobody allowed it, or where declared points suit no feature.
    """
    training, stages = config.training, Stages(progress)
    rows = known_leads(tables.leads, labels.y)
    if not is_enough(labels.y[rows], training.holdout_share):
        return _train_on_priors(tables, labels, rows, config, progress)
    leads, y = tables.leads[rows], labels.y[rows]
    cut = oldest(len(rows), training.holdout_share)
    with stages.stage("Looking for leaks", 0.0):
        leaks = search_leaks(tables, labels.y, config.leaks.allow, training.holdout_share)
        refuse_leaks(leaks)
    with stages.stage("Computing features", 0.1):
        older_catalog = catalog_of(leads[:cut], tables)
        features = feature_table(leads, tables.events, older_catalog)
    with stages.stage("Fitting on the oldest leads", 0.2):
        predicted = fit_and_predict(features, y, older_catalog, training)
    with stages.stage("Evaluating on the newest leads", 0.5):
        evaluations = evaluate(predicted.y, predicted.probabilities, training.random_state)
    with stages.stage("Fitting on all leads", 0.6):
        catalog = catalog_of(leads, tables)
        if catalog != older_catalog:
            features = feature_table(leads, tables.events, catalog)
        fitted = fit_recipe(features, y, catalog, training)
    progress("Fitted", 1.0)
    return Trained(
        fitted=fitted,
        catalog=catalog,
        features=features,
        y=y,
        holdout=evaluations[MODEL],
        baselines={name: evaluations[name] for name in BASELINES},
        holdout_y=predicted.y,
        holdout_probabilities=predicted.probabilities[MODEL],
        baseline_probabilities={name: predicted.probabilities[name] for name in BASELINES},
        holdout_rows=rows[cut:],
        label_summary=labels.summary,
        findings=(*(leak.finding() for leak in leaks), *labels.findings, *tables.notes),
        timings=stages.seconds,
    )


def _train_on_priors(
    tables: Tables, labels: Labels, rows: NDArray[np.intp], config: Config, progress: Progress
) -> Trained:
    """Give a model of the declared priors and the outcomes of `rows`, the few known leads, oldest first."""
    stages, y = Stages(progress), labels.y[rows]
    order = np.argsort(tables.leads["arrival"].to_numpy(), kind="stable")
    cut = learned_from(len(rows), config.training.holdout_share)
    with stages.stage("Computing features", 0.0):
        catalog = catalog_of(tables.leads[order], tables)
        features = feature_table(tables.leads[order], tables.events, catalog)
    with stages.stage("Weighing what was declared", 0.6):
        declared = read_points(config.priors.points, catalog)
        belief = believe(y, config.priors)
        earlier = fit_prior(features, believe(y[:cut], config.priors), catalog, declared)
        newest = feature_table(tables.leads[rows[cut:]], tables.events, catalog)
        probabilities = earlier.probabilities(newest)
    progress("Fitted", 1.0)
    return Trained(
        fitted=fit_prior(features, belief, catalog, declared),
        catalog=catalog,
        features=features,
        y=labels.y[order],
        holdout=evaluate(y[cut:], {MODEL: probabilities}, config.training.random_state)[MODEL],
        baselines={},
        holdout_y=y[cut:],
        holdout_probabilities=probabilities,
        baseline_probabilities={},
        holdout_rows=rows[cut:],
        label_summary=labels.summary,
        findings=(*prior_findings(belief, declared, features, catalog), *labels.findings, *tables.notes),
        timings=stages.seconds,
        belief=belief,
    )


def catalog_of(leads: pl.DataFrame, tables: Tables) -> Catalog:
    """Give the features to learn from these leads: which event types have features of their own depends on them."""
    types = known_event_types(leads, tables.events)
    return build_catalog(tables.attributes, types, excluded_event_types=tables.excluded_event_types)


def fit_and_predict(features: pl.DataFrame, y: Floats, catalog: Catalog, training: Training) -> Predicted:
    """Fit the recipe and the baselines on the oldest leads, then open the holdout and predict it, once."""
    older, older_y, holdout = split_by_time(features, y, training.holdout_share)
    fitted = fit_recipe(older, older_y, catalog, training)
    newer, newer_y = holdout.open()
    probabilities = {
        MODEL: fitted.probabilities(newer),
        BASE_RATE: base_rate(older_y, len(newer_y)),
        LOGISTIC_REGRESSION: plain_regression(older, older_y, newer, catalog),
    }
    return Predicted(newer_y, probabilities)
