"""Which features move scores most."""

import numpy as np
import polars as pl

from serving.model.scoring import ScoringModel
from training.pictures.charts import Influence


def feature_influences(model: ScoringModel, features: pl.DataFrame) -> tuple[Influence, ...]:
    """Give each feature's mean absolute points over the leads of a feature table."""
    points = np.abs(model.score_table(features).feature_points).mean(axis=0)
    pairs = zip(model.catalog.features, points.tolist(), strict=True)
    return tuple(Influence(feature.title, mean, feature.side) for feature, mean in pairs)
