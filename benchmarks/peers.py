"""The models that others would use, with their defaults and native categories, on the same feature tables."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import polars as pl

from features.attributes import Kind
from features.catalog import Catalog
from training.measuring.metrics import Floats

Peer = Callable[[pl.DataFrame, Floats, pl.DataFrame, Catalog], Floats]


def lightgbm(older: pl.DataFrame, y: Floats, newer: pl.DataFrame, catalog: Catalog) -> Floats:
    """Give LightGBM's probabilities of the newer leads."""
    from lightgbm import LGBMClassifier  # noqa: PLC0415 - each peer is imported only where it is measured

    fit, test = _with_categories(older, newer, catalog)
    neutral = [f"f{at}" for at in range(fit.shape[1])]  # LightGBM refuses some signs in names
    fit.columns = test.columns = pd.Index(neutral)
    return _second(LGBMClassifier(verbose=-1, random_state=0).fit(fit, y).predict_proba(test))


def xgboost(older: pl.DataFrame, y: Floats, newer: pl.DataFrame, catalog: Catalog) -> Floats:
    """Give XGBoost's probabilities of the newer leads."""
    from xgboost import XGBClassifier  # noqa: PLC0415 - see above

    fit, test = _with_categories(older, newer, catalog)
    neutral = [f"f{at}" for at in range(fit.shape[1])]
    fit.columns = test.columns = pd.Index(neutral)
    return _second(XGBClassifier(enable_categorical=True, random_state=0).fit(fit, y).predict_proba(test))


def catboost(older: pl.DataFrame, y: Floats, newer: pl.DataFrame, catalog: Catalog) -> Floats:
    """Give CatBoost's probabilities of the newer leads."""
    from catboost import CatBoostClassifier  # noqa: PLC0415 - see above

    names = [feature.name for feature in catalog.features if feature.kind is Kind.CATEGORY]
    fit, test = (_texts(each, names) for each in (older, newer))
    model = CatBoostClassifier(cat_features=names, verbose=0, random_state=0, allow_writing_files=False)
    return _second(model.fit(fit, y).predict_proba(test))


def ebm(older: pl.DataFrame, y: Floats, newer: pl.DataFrame, catalog: Catalog) -> Floats:
    """Give the probabilities of an explainable boosting machine for the newer leads."""
    from interpret.glassbox import ExplainableBoostingClassifier  # noqa: PLC0415 - see above

    names = [feature.name for feature in catalog.features if feature.kind is Kind.CATEGORY]
    fit, test = (_texts(each, names) for each in (older, newer))
    return _second(ExplainableBoostingClassifier(random_state=0).fit(fit, y.astype(int)).predict_proba(test))


PEERS: dict[str, Peer] = {"LightGBM": lightgbm, "XGBoost": xgboost, "CatBoost": catboost, "EBM": ebm}


def _with_categories(older: pl.DataFrame, newer: pl.DataFrame, catalog: Catalog) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give both tables with the levels that the older leads know; others are missing."""
    fit, test = older.to_pandas(), newer.to_pandas()
    for feature in catalog.features:
        if feature.kind is Kind.CATEGORY:
            levels = pd.CategoricalDtype(sorted(older[feature.name].drop_nulls().unique().to_list()))
            fit[feature.name] = fit[feature.name].astype(levels)
            test[feature.name] = test[feature.name].astype(levels)
    return fit, test


def _texts(table: pl.DataFrame, names: list[str]) -> pd.DataFrame:
    return table.with_columns(pl.col(names).fill_null("(missing)")).to_pandas()


def _second(probabilities: object) -> Floats:
    return np.asarray(probabilities, dtype=np.float64)[:, 1]
