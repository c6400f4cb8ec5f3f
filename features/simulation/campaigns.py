"""Campaigns as marketing types them: many, in two styles, and worth nothing to a model."""

import numpy as np
import polars as pl

from features.simulation.levels import SOURCES
from features.simulation.traits import Traits
from features.simulation.words import words_at

TOPICS = ("cloud costs", "reporting", "automation", "data quality", "planning", "security", "onboarding", "forecasting")
TIDY = 0.75  # of the leads carry a campaign named by the book
HASTY = 0.1  # carry one typed in a hurry; the others carry none


def record_campaigns(rng: np.random.Generator, traits: Traits) -> pl.Series:
    """Give what marketing typed as the campaign: where from, about what and when, in two styles, or nothing."""
    when = pl.Series(traits.local_s * 1000).cast(pl.Datetime("ms"))
    columns = pl.DataFrame(
        {
            "source": words_at([level.word for level in SOURCES], traits.source).cast(pl.String),
            "topic": words_at(TOPICS, rng.integers(0, len(TOPICS), len(traits))).cast(pl.String),
            "quarter": when.dt.quarter().cast(pl.String),
            "year": when.dt.year().cast(pl.String),
            "style": rng.choice(3, len(traits), p=[TIDY, HASTY, 1 - TIDY - HASTY]),
        }
    )
    tidy = pl.format("{} Q{} {} - {}", "year", "quarter", "source", "topic")
    hasty = pl.format("{} {} q{}", pl.col("source").str.to_lowercase(), "topic", "quarter")
    campaign = pl.when(pl.col("style") == 0).then(tidy).when(pl.col("style") == 1).then(hasty)
    return columns.select(campaign.alias("campaign")).to_series()
