"""A small real model, fitted once, for the tests of scoring and of the service."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import lightgbm
import numpy as np
import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.catalog import Catalog, build_catalog
from features.compute import feature_table
from features.tables import EVENTS_SCHEMA, INSTANT
from serving.model.bundle import write_bundle
from serving.model.encoding import Column, Encoder, Role
from serving.model.linear import Knots, LinearPart
from serving.model.scoring import Blend, ModelInfo, ScoringModel
from training.assemble import assemble_model, golden_rows

AS_OF = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEADS = 600


class SmallModel:
    """A model of every kind of attribute and two event types, with what it was fitted on."""

    def __init__(self) -> None:
        chance = np.random.default_rng(11)
        self.attributes = (
            Attribute("sector", Side.FIT, Kind.CATEGORY),
            Attribute("employees", Side.FIT, Kind.NUMBER, minimum=0),
            Attribute("opted in", Side.FIT, Kind.FLAG),
            Attribute("created", Side.FIT, Kind.DATE),
            Attribute("TotalVisits", Side.ENGAGEMENT, Kind.NUMBER),
        )
        self.leads = self._leads(chance)
        self.events = self._events(chance)
        self.catalog: Catalog = build_catalog(self.attributes, ("download", "page_view"))
        self.features = feature_table(self.leads, self.events, self.catalog)
        self.encoder = Encoder(self.catalog, tuple(self._columns()))
        self.matrix = self.encoder.encode_table(self.features)
        log_odds = -1 + self.leads["attr:sector"].eq_missing("software").to_numpy() * 1.5
        log_odds = log_odds + 0.4 * self.features["events.download.count_30d"].to_numpy()
        self.y = (chance.random(LEADS) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)
        self.boosters = [self._booster(seed) for seed in (1, 2)]
        self.texts = [booster.model_to_string() for booster in self.boosters]
        self.linear = self._linear(chance)
        self.model: ScoringModel = assemble_model(
            self.features,
            self.y,
            encoder=self.encoder,
            linear=self.linear,
            texts=self.texts,
            blend=Blend(-0.1, 0.3, 0.6),
            info=self._info(),
        )

    def write(self, folder: Path) -> str:
        """Write the bundle; give its digest."""
        return write_bundle(self.model, self.texts, golden_rows(self.model, self.features, seed=3), folder)

    def _leads(self, chance: np.random.Generator) -> pl.DataFrame:
        created = [AS_OF - timedelta(days=float(days)) for days in chance.integers(1, 900, LEADS)]
        columns = {
            "attr:sector": chance.choice(["software", "retail", "health", "mining"], LEADS, p=[0.4, 0.3, 0.29, 0.01]),
            "attr:employees": chance.lognormal(4, 1, LEADS).round(),
            "attr:opted in": chance.integers(0, 2, LEADS).astype(float),
            "attr:created": pl.Series(created, dtype=INSTANT),
            "attr:TotalVisits": chance.poisson(4, LEADS).astype(float),
        }
        frame = pl.DataFrame({"lead_id": [f"lead-{at}" for at in range(LEADS)]} | columns)
        holes = [
            pl.when(pl.lit(pl.Series(chance.random(LEADS) > 0.1))).then(pl.col(name)).alias(name) for name in columns
        ]
        return frame.with_columns(pl.lit(AS_OF, dtype=INSTANT).alias("as_of"), *holes)

    def _events(self, chance: np.random.Generator) -> pl.DataFrame:
        count = 4 * LEADS
        ages = chance.exponential(40 * 86_400, count)
        return pl.DataFrame(
            {
                "lead_id": [f"lead-{at}" for at in chance.integers(0, LEADS, count)],
                "occurred_at": [AS_OF - timedelta(seconds=float(age)) for age in ages],
                "type": chance.choice(["download", "page_view", "webinar"], count, p=[0.4, 0.5, 0.1]),
                "content": chance.choice(["guide-1", "guide-2", "pricing"], count),
            },
            schema=EVENTS_SCHEMA,
        )

    def _columns(self) -> list[Column]:
        columns = []
        for at, feature in enumerate(self.catalog.features):
            if feature.kind is Kind.CATEGORY:
                columns += [Column(at, Role.LEVEL, level) for level in ("software", "retail", "health")]
                columns.append(Column(at, Role.OTHER))
            else:
                columns.append(Column(at, Role.NUMBER))
            if self.features[feature.name].null_count():
                columns.append(Column(at, Role.MISSING))
        return columns

    def _booster(self, seed: int) -> lightgbm.Booster:
        options = {"objective": "binary", "max_depth": 3, "num_leaves": 8, "verbose": -1, "num_threads": 1}
        data = lightgbm.Dataset(self.matrix, self.y, params={"verbose": -1})
        return lightgbm.train(options | {"seed": seed, "feature_fraction": 0.5}, data, 25)

    def _linear(self, chance: np.random.Generator) -> LinearPart:
        numbers = [at for at, column in enumerate(self.encoder.columns) if column.role is Role.NUMBER]
        knots = {
            at: Knots(np.nanquantile(self.matrix[:, at], [0.0, 0.5, 1.0]), np.array([-1.0, 0.0, 1.0])) for at in numbers
        }
        weights = np.asarray(chance.normal(0, 0.3, self.matrix.shape[1]), dtype=np.float64)
        return LinearPart(-0.5, weights, knots)

    def _info(self) -> ModelInfo:
        quality = {"leads": 200, "positives": 60, "log_loss": 0.5, "roc_auc": 0.75}
        return ModelInfo(AS_OF, horizon_days=90, company="Test company", training={"leads": LEADS}, quality=quality)


@pytest.fixture(scope="session")
def small() -> SmallModel:
    """Give the small model and what it was fitted on."""
    return SmallModel()


@pytest.fixture(scope="session")
def bundle(small: SmallModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the small model's bundle; tests that change it copy it first."""
    folder = tmp_path_factory.mktemp("bundle")
    small.write(folder)
    return folder
