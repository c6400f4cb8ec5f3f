"""A model of 300 trees, fitted on the sample company and published where a service finds it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from features.compute import feature_table
from features.config import load_config
from features.labels import label_leads
from features.simulation import simulate, write_company
from features.sources import read_training_tables
from serving.model.bundle import write_bundle
from serving.model.scoring import Blend, ModelInfo, ScoringModel
from serving.published import PUBLISHED, publish
from training.assemble import assemble_model, golden_rows
from training.fitting.encoding import fit_encoder
from training.fitting.linear import fit_linear
from training.fitting.trees import fit_trees
from training.known_leads import known_leads
from training.pipeline import catalog_of

LEADS, EVENTS_PER_LEAD, TREES, SEED = 4_000, 20, 300, 7


@dataclass(frozen=True)
class SampleModel:
    """The model, LightGBM's text of its trees, and what these read of the training leads, float64[n, columns].

    `folder` holds a leadsift.toml; the model is published below it.
    """

    folder: Path
    model: ScoringModel
    trees: str
    matrix: NDArray[np.float64]

    @property
    def published(self) -> Path:
        """Give the folder that a service takes the model from."""
        return self.folder / PUBLISHED


def make_sample_model(folder: Path) -> SampleModel:
    """Fit a linear part and 300 trees on 4,000 leads of the sample company, and publish them below `folder`."""
    write_company(simulate(LEADS, EVENTS_PER_LEAD, SEED), folder)
    config = load_config(folder / "leadsift.toml")
    tables = read_training_tables(config)
    y = label_leads(tables, config.label.horizon_days).y
    rows = known_leads(tables.leads, y)
    leads, y = tables.leads[rows], y[rows]
    catalog = catalog_of(leads, tables)
    features = feature_table(leads, tables.events, catalog)
    encoder = fit_encoder(features, catalog)
    matrix = encoder.encode_table(features)
    texts = fit_trees(matrix, y, TREES, [SEED])
    model = assemble_model(
        features,
        y,
        encoder=encoder,
        linear=fit_linear(encoder, matrix, y, strength=0.3),
        texts=texts,
        blend=Blend(intercept=0.0, linear_weight=0.5, trees_weight=0.5),
        info=ModelInfo(datetime.now(UTC), config.label.horizon_days, config.company.name),
    )
    sample = SampleModel(folder, model, texts[0], matrix)
    write_bundle(model, texts, golden_rows(model, features, SEED), folder / "bundle")
    publish(folder / "bundle", sample.published, "1")
    return sample
