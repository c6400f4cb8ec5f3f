"""A made-up company whose leads are all drawn from one law, and a model that knows their probabilities."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from features.compute import feature_table
from features.tables import EVENTS_SCHEMA, INSTANT
from serving.model.linear import LinearPart
from serving.model.scoring import Blend, ModelInfo, ScoringModel
from training.assemble import assemble_model
from training.drifting.newest_leads import NewestLeads
from training.drifting.reference import REFERENCE, make_reference
from training.fitting.encoding import fit_encoder

LEARNED = 2_000
TRAINED_AT = datetime(2026, 6, 1, tzinfo=UTC)
ATTRIBUTES = (
    Attribute("employees", Side.FIT, Kind.NUMBER),
    Attribute("role", Side.FIT, Kind.CATEGORY),
    Attribute("country", Side.FIT, Kind.CATEGORY),
    Attribute("calls", Side.ENGAGEMENT, Kind.NUMBER),
)
TYPES = ("download", "page_view")


def draw_leads(chance: np.random.Generator, count: int, since: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw leads, one an hour from `since` on, and what they did."""
    as_of = [since + timedelta(hours=hours) for hours in range(count)]
    roles = chance.choice(["Engineer", "Manager", "Director", "Buyer"], count, p=[0.5, 0.3, 0.19, 0.01])
    leads = pl.DataFrame(
        {
            "lead_id": [f"{since:%y%m%d}-{at}" for at in range(count)],
            "as_of": pl.Series(as_of, dtype=INSTANT),
            "attr:employees": chance.lognormal(4, 1, count).round(),
            "attr:role": roles,
            "attr:country": pl.Series(np.where(chance.random(count) < 0.1, "", chance.choice(["ES", "FR"], count))),
            "attr:calls": np.zeros(count),
        }
    ).with_columns(pl.col("attr:country").replace("", None))
    who = chance.integers(0, count, 4 * count)
    ages = chance.exponential(20, 4 * count)
    events = pl.DataFrame(
        {
            "lead_id": leads["lead_id"].gather(who),
            "occurred_at": [as_of[at] - timedelta(days=float(age)) for at, age in zip(who, ages, strict=True)],
            "type": chance.choice(list(TYPES), 4 * count),
            "content": pl.repeat(None, 4 * count, dtype=pl.String, eager=True),
        },
        schema=EVENTS_SCHEMA,
    )
    return leads, events


@pytest.fixture(scope="session")
def model() -> ScoringModel:
    """Give a model whose probabilities are true of the leads that `draw_leads` draws."""
    chance = np.random.default_rng(5)
    leads, events = draw_leads(chance, LEARNED, TRAINED_AT - timedelta(days=400))
    catalog = build_catalog(ATTRIBUTES, TYPES)
    features = feature_table(leads, events, catalog)
    encoder = fit_encoder(features, catalog)
    weights = np.where([column.level == "Manager" for column in encoder.columns], 1.0, 0.0)
    linear = LinearPart(0.0, np.asarray(weights, dtype=np.float64), {})
    blend = Blend(-1.4, 1.0, 0.0)
    info = ModelInfo(TRAINED_AT, 90, "Test company")
    parts = {"encoder": encoder, "linear": linear, "texts": (), "blend": blend, "info": info}
    p = assemble_model(features, np.zeros(LEARNED), **parts).score_table(features).probability  # type: ignore[arg-type]
    y = (chance.random(LEARNED) < p).astype(np.float64)
    model = assemble_model(features, y, **parts)  # type: ignore[arg-type]
    said = {
        "known": LEARNED,
        "sql": int(y.sum()),
        "learned_until": str(leads["as_of"].max()),
        REFERENCE: make_reference(model.score_table(features)).to_json(),
    }
    return replace(model, version="7", info=replace(info, training=said))


Draw = Callable[[int, int], NewestLeads]


@pytest.fixture(scope="session")
def draw(model: ScoringModel) -> Draw:
    """Give what draws so many newest leads, with outcomes as probable as the model says, by a seed."""

    def newest(count: int, seed: int) -> NewestLeads:
        chance = np.random.default_rng(seed)
        leads, events = draw_leads(chance, count, TRAINED_AT)
        p: NDArray[np.float64] = model.score_table(feature_table(leads, events, model.catalog)).probability
        return NewestLeads(leads, events, (chance.random(count) < p).astype(np.float64), "newer")

    return newest
