"""Declared points: read by the feature's kind, refused by name."""

import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from features.errors import DataError
from training.priors.prior_points import DeclaredPoints, read_points, unseen_levels

CATALOG = build_catalog(
    [
        Attribute("sector", Side.FIT, Kind.CATEGORY),
        Attribute("sector=group", Side.FIT, Kind.CATEGORY),
        Attribute("employees", Side.FIT, Kind.NUMBER),
        Attribute("größe", Side.FIT, Kind.NUMBER),
        Attribute("opted in", Side.FIT, Kind.FLAG),
    ],
    ["download"],
)


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        ("sector=software", "sector", "software"),
        ("sector = A = B", "sector", "A = B"),
        ("sector=group=North", "sector=group", "North"),
        ("employees>=50", "employees", 50.0),
        ("gro\u0308ße >= 1.5", "größe", 1.5),
        ("opted in=yes", "opted in", 1.0),
        ("opted in=No", "opted in", 0.0),
        ("events.download.count_30d>=1", "events.download.count_30d", 1.0),
    ],
)
def test_a_declaration_names_a_feature_and_a_value_of_its_kind(key: str, name: str, value: str | float) -> None:
    assert read_points({key: 10}, CATALOG) == (DeclaredPoints(CATALOG.names.index(name), value, 10),)


def test_all_that_is_wrong_is_said_together_with_a_remedy() -> None:
    wrong = {"sectr=software": 1, "employees=50": 2, "employees>=many": 3, "opted in=perhaps": 4, "sector>=a": 5}
    with pytest.raises(DataError) as caught:
        read_points(wrong, CATALOG)

    assert [problem.line() for problem in caught.value.problems] == [
        "'sectr' [priors] points: is no feature; did you mean 'sector'?",
        "'employees=50' [priors] points: does not suit 'employees', a number; write it as \"employees>=50\" = 10",
        "'employees>=many' [priors] points: does not suit 'employees', a number; write it as \"employees>=50\" = 10",
        "'opted in=perhaps' [priors] points: does not suit 'opted in', a flag; write it as \"opted in=yes\" = 10",
        "'sector>=a' [priors] points: does not suit 'sector', a category; write it as \"sector=software\" = 10",
    ]


def test_a_level_that_no_lead_has_is_warned_of() -> None:
    features = pl.DataFrame({"sector": ["software", None]})
    declared = read_points({"sector=software": 1, "sector=sofware": 2}, CATALOG)

    assert [finding.detail for finding in unseen_levels(declared, features, CATALOG)] == [
        "[priors] points: no lead has sector 'sofware': did you mean 'software'?"
    ]
