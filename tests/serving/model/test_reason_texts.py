"""Reasons of a whole table read as those of each lead alone."""

import numpy as np
import pytest

from serving.model.points import signed
from serving.model.reason_texts import reason_texts, strongest_by_row
from serving.model.scored import strongest_features
from tests.serving.conftest import SmallModel


@pytest.mark.parametrize("count", [0, 1, 3, 1_000])
def test_texts_are_those_said_lead_by_lead(small: SmallModel, count: int) -> None:
    scored = small.model.score_table(small.features)
    expected = []
    for lead, points in enumerate(scored.feature_points):
        chosen = [at for at in strongest_features(points, count) if points[at] != 0.0]
        said = [
            (small.catalog.features[at], small.features[small.catalog.names[at]][lead], points[at]) for at in chosen
        ]
        expected.append("; ".join(f"{feature.say(value)}: {signed(added)}" for feature, value, added in said))
    assert scored.frame(small.leads["lead_id"], count, "1")["reasons"].to_list() == expected


def test_points_are_rounded_and_signed_as_people_read_them(small: SmallModel) -> None:
    added = [13.6, -2.2, 0.3, -0.4, 0.5, 1.5, -2.5, 0.0]
    points = np.zeros((len(added), len(small.catalog.features)))
    points[:, 1] = added
    texts = reason_texts(small.catalog.features, small.features[: len(added)], points, strongest_by_row(points, 1))
    assert [text.rpartition(": ")[2] for text in texts] == [signed(each) if each else "" for each in added]


def test_of_features_as_strong_as_each_other_the_first_come_first() -> None:
    points = np.random.default_rng(3).integers(-3, 4, size=(500, 12)).astype(float)
    for count in (1, 3, 12, 20):
        np.testing.assert_array_equal(strongest_by_row(points, count), strongest_features(points, count))
