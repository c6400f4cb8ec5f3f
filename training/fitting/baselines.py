"""What any model must beat: the base rate for everybody, and a plain logistic regression."""

import numpy as np
import polars as pl
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, QuantileTransformer

from features.attributes import Kind
from features.catalog import Catalog
from training.measuring.metrics import Floats

QUANTILES = 1_000  # scikit-learn's default
ITERATIONS = 1_000


def base_rate(y: Floats, leads: int) -> Floats:
    """Give so many leads the training rate."""
    return np.full(leads, y.mean())


def plain_regression(features: pl.DataFrame, y: Floats, newer: pl.DataFrame, catalog: Catalog) -> Floats:
    """Fit scikit-learn's logistic regression with its defaults, one-hot and quantiles; give `newer`'s probabilities."""
    categories = [each.name for each in catalog.features if each.kind is Kind.CATEGORY]
    numbers = [name for name in catalog.names if name not in categories and features[name].count()]
    model = _pipeline(categories, numbers, min(QUANTILES, len(y)))
    model.fit(_frame(features), y)
    return np.asarray(model.predict_proba(_frame(newer))[:, 1])


def _pipeline(categories: list[str], numbers: list[str], quantiles: int) -> Pipeline:
    ranked = make_pipeline(SimpleImputer(strategy="median"), QuantileTransformer(n_quantiles=quantiles, random_state=0))
    columns = ColumnTransformer(
        [("categories", OneHotEncoder(handle_unknown="ignore"), categories), ("numbers", ranked, numbers)]
    )
    return make_pipeline(columns, LogisticRegression(max_iter=ITERATIONS))


def _frame(features: pl.DataFrame) -> object:
    strings = pl.col(pl.String).fill_null("(missing)")
    return features.with_columns(strings).to_pandas()
