"""Reads the points that a company declares for values of its features, before outcomes can tell."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import polars as pl

from features.attributes import Kind
from features.catalog import Catalog, Feature
from features.config.values import normal_name
from features.errors import DataError
from features.findings import Finding, Severity
from features.problems import Problem, did_you_mean

WHERE = "[priors] points"
FLAG_WORDS = {"yes": 1.0, "true": 1.0, "1": 1.0, "no": 0.0, "false": 0.0, "0": 0.0}
FORMS = {
    Kind.CATEGORY: '"{0}=software" = 10',
    Kind.FLAG: '"{0}=yes" = 10',
    Kind.NUMBER: '"{0}>=50" = 10',
}


@dataclass(frozen=True)
class DeclaredPoints:
    """Points of one value of the feature at index `feature`: a level, a flag's 1 or 0, or a number of at least that."""

    feature: int
    value: str | float
    points: float


def read_points(points: Mapping[str, float], catalog: Catalog) -> tuple[DeclaredPoints, ...]:
    """Read declarations like `"sector=software" = 10`, `"opted in=yes" = 5`, `"employees>=50" = 8`.

    A feature over events goes by its name in the catalogue: `"events.download.count_30d>=1"`. Raises DataError with
    every declaration that names no feature, or no value that such a feature can have.
    """
    found: list[DeclaredPoints] = []
    problems: list[Problem] = []
    for key, each in points.items():
        read = _read(normal_name(key), each, catalog)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            found.append(read)
    if problems:
        raise DataError(problems)
    return tuple(found)


def unseen_levels(declared: Sequence[DeclaredPoints], features: pl.DataFrame, catalog: Catalog) -> Iterator[Finding]:
    """Warn of declared levels that no lead has: they may be misspelt."""
    for each in declared:
        name = catalog.features[each.feature].name
        levels = features[name].drop_nulls().unique(maintain_order=True)
        if isinstance(each.value, str) and each.value not in levels:
            detail = f"{WHERE}: no lead has {name} {each.value!r}: {did_you_mean(each.value, levels.to_list())}"
            yield Finding("priors", Severity.WARNING, name, detail)


def _read(key: str, points: float, catalog: Catalog) -> DeclaredPoints | Problem:
    for at in sorted(range(len(catalog.features)), key=lambda index: -len(catalog.features[index].name)):
        feature = catalog.features[at]
        rest = key.removeprefix(feature.name).lstrip()
        if key.startswith(feature.name) and rest.startswith(("=", ">=")):
            value = _value(feature, rest)
            return _misread(key, feature) if value is None else DeclaredPoints(at, value, points)
    name = re.split(">?=", key)[0].strip()
    return Problem(f"{WHERE}: is no feature", did_you_mean(name, catalog.names), value=name)


def _value(feature: Feature, rest: str) -> str | float | None:
    """Give the value after the sign; None where it does not suit the feature's kind."""
    at_least, text = rest.startswith(">="), rest.lstrip(">=").strip()
    if feature.kind is Kind.NUMBER:
        return _number(text) if at_least else None
    if at_least or not text:
        return None
    return FLAG_WORDS.get(text.lower()) if feature.kind is Kind.FLAG else text


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _misread(key: str, feature: Feature) -> Problem:
    remedy = f"write it as {FORMS[feature.kind].format(feature.name)}"
    return Problem(f"{WHERE}: does not suit {feature.name!r}, a {feature.kind}", remedy, value=key)
