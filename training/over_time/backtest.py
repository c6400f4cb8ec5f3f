"""Walks forward through the newest leads as production would: retrain, recalibrate, score the next period.

Whatever a period's scores rest on was known when the period began: the fit has learned from outcomes known by then,
and the recalibration compares what was predicted in earlier periods with what had become of those leads.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit, logit

from features.catalog import Catalog
from features.compute import feature_table
from features.config import Config
from features.errors import DataError
from features.labels import label_leads
from features.problems import Problem
from features.progress import Progress
from features.sources import read_training_tables
from features.tables import Tables
from training.fitting.fit import Fitted, fit_recipe
from training.fitting.refit import refit
from training.known_leads import known_leads
from training.leak_guard import refuse_leaks, search_leaks
from training.measuring.metrics import Floats
from training.over_time.known_by import known_by
from training.over_time.periods import Period, Start, cut_periods
from training.over_time.recalibration import Recalibration, fit_recalibration
from training.pipeline import catalog_of

NEVER = 0  # retrained
LEAST_CHANCE = 1e-9  # probabilities nearer to 0 or 1 are read as this, so that their log-odds are finite


@dataclass(frozen=True)
class Step:
    """One period as it would have been scored.

    learned_from: leads that the model in use was fitted on. base_rate: the rate of all leads known by then.
    y, p, p_as_fitted: float64[leads], what became of them, their probabilities, and those before recalibration.
    """

    period: Period
    learned_from: int
    recalibration: Recalibration
    base_rate: float
    y: Floats
    p: Floats
    p_as_fitted: Floats


def backtest(
    config: Config, every: str | int, start: Start | None, retrain_every: int, progress: Progress
) -> tuple[Step, ...]:
    """Walk forward over the config's data; without `start`, over the newest `holdout_share` of the known leads.

    `retrain_every` counts periods, `NEVER` keeps the first model. Raises DataError with all problems of the data, a
    leak among them, and where the first period begins before both outcomes are known.
    """
    progress("Reading", 0.0)
    tables = read_training_tables(config)
    labels = label_leads(tables, config.label.horizon_days)
    refuse_leaks(search_leaks(tables, labels.y, config.leaks.allow, config.training.holdout_share))
    rows = known_leads(tables.leads, labels.y)
    known = replace(tables, leads=tables.leads[rows])
    begin = 1 - config.training.holdout_share if start is None else start
    periods = cut_periods(known.leads["as_of"], every, begin, config.company.zone)
    return walk(known, labels.y[rows], periods, retrain_every=retrain_every, config=config, progress=progress)


def walk(
    tables: Tables,
    y: Floats,
    periods: Sequence[Period],
    *,
    retrain_every: int,
    config: Config,
    progress: Progress,
) -> tuple[Step, ...]:
    """Score each period in turn; `tables.leads` and `y` [n] hold the known leads in order of arrival."""
    model, predicted, steps = _Model(tables, config), np.full(len(y), np.nan), []
    for at, period in enumerate(periods):
        progress(f"Period {period.name}", at / len(periods))
        known = known_by(tables, y, period, config.label.horizon_days)
        if at == 0 or (retrain_every != NEVER and at % retrain_every == 0):
            model.learn(known, period)
        span = slice(period.start, period.end)
        predicted[span] = model.log_odds(span)
        evidence = np.flatnonzero(~np.isnan(known) & ~np.isnan(predicted[: period.start]))
        recalibration = fit_recalibration(predicted[evidence], known[evidence])
        step = Step(
            period=period,
            learned_from=model.learned_from,
            recalibration=recalibration,
            base_rate=float(np.nanmean(known)),
            y=y[span],
            p=expit(recalibration.apply(predicted[span])),
            p_as_fitted=expit(predicted[span]),
        )
        steps.append(step)
    progress("Walked", 1.0)
    return tuple(steps)


class _Model:
    """The model in use.

    Strength, rounds and blend are chosen once and kept: what was predicted by earlier fits then tells how far to move
    the later ones, and a fit takes a fraction of the time. Only where the choice was to learn nothing is it made again.
    """

    def __init__(self, tables: Tables, config: Config) -> None:
        self._tables, self._training = tables, config.training
        self._catalog: Catalog | None = None
        self._features = pl.DataFrame()
        self._fitted: Fitted | None = None
        self.learned_from = 0

    def learn(self, known: Floats, period: Period) -> None:
        """Fit on the leads whose outcome, `known` [earlier leads], is not NaN."""
        rows = np.flatnonzero(~np.isnan(known))
        features, catalog = self._table(rows), self._catalog
        assert catalog is not None
        try:
            if self._fitted is None or not _has_learned(self._fitted):
                self._fitted = fit_recipe(features[rows], known[rows], catalog, self._training)
            else:
                self._fitted = refit(self._fitted, features[rows], known[rows], catalog, self._training)
        except DataError as error:
            what = f"period {period.name} begins too early: {error.problems[0].what}"
            raise DataError([Problem(what, "let the first period begin later with --start")]) from error
        self.learned_from = len(rows)

    def log_odds(self, span: slice) -> Floats:
        """Give the log-odds of the leads of a period, before any recalibration."""
        assert self._fitted is not None, "learns before it predicts"
        p = self._fitted.probabilities(self._features[span])
        return np.asarray(logit(np.clip(p, LEAST_CHANCE, 1 - LEAST_CHANCE)))

    def _table(self, rows: NDArray[np.intp]) -> pl.DataFrame:
        """Give the features of all leads: which there are depends on the leads that are learned from."""
        catalog = catalog_of(self._tables.leads[rows], self._tables)
        if catalog != self._catalog:
            self._catalog = catalog
            self._features = feature_table(self._tables.leads, self._tables.events, catalog)
        return self._features


def _has_learned(fitted: Fitted) -> bool:
    return fitted.blend.linear_weight + fitted.blend.trees_weight > 0
