"""Worked leads beside unworked ones: the model learned from the first alone, and scores both.

Sales chooses whom to work. Where it chose by what the data holds, scores stay right for leads that are like worked
ones; where hardly any lead of a kind was worked, a score of such a lead is a guess.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.compute import feature_table
from features.config import Config
from features.errors import DataError
from features.labels import Fate, label_leads
from features.problems import Problem
from features.sources import read_training_tables
from serving.model.grades import ENGAGEMENT_GRADES, FIT_GRADES
from serving.model.scored import ScoredTable
from serving.model.scoring import ScoringModel
from training.measuring.evaluation import evaluate
from training.measuring.metrics import Floats
from training.measuring.standardised_difference import BALANCED, Difference, differences

SHOWN_DIFFERENCES = 12
SELDOM = 0.1  # of a cell's leads worked: below, the model has hardly seen their like
SURE = 3.5  # standard errors: the largest of a hundred differences that are chance alone stays below, 19 times in 20
FEWEST_LEADS = 20  # of a cell, to speak of it


@dataclass(frozen=True)
class GradeCell:
    """Leads of one fit and one engagement grade, and how many of them were worked."""

    cell: str
    worked: int
    unworked: int

    @property
    def share_worked(self) -> float:
        """Give the share of the cell's leads that were worked, 0 to 1."""
        return self.worked / max(self.worked + self.unworked, 1)


@dataclass(frozen=True)
class WorkedReport:
    """How worked and unworked leads differ.

    mean_worked, mean_unworked: mean probabilities with 95 % intervals, NaN where there is no such lead.
    chosen_by_score: how often a worked lead scores higher than an unworked one (.5: not chosen by score), with its
    95 % interval; NaN without both. differences: the largest first.
    """

    model_version: str
    worked: int
    unworked: int
    young: int
    mean_worked: tuple[float, float, float]
    mean_unworked: tuple[float, float, float]
    chosen_by_score: tuple[float, float, float]
    cells: tuple[GradeCell, ...]
    differences: tuple[Difference, ...]

    @property
    def seldom_worked(self) -> tuple[str, ...]:
        """Give the grade cells with leads enough to tell, hardly any of which were worked."""
        told = (each for each in self.cells if each.worked + each.unworked >= FEWEST_LEADS)
        return tuple(each.cell for each in told if each.share_worked < SELDOM)

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values; what is not defined is null."""
        return {
            "report": "worked",
            "model_version": self.model_version,
            "leads": {"worked": self.worked, "unworked": self.unworked, "young": self.young},
            "mean_probability": {"worked": _defined(self.mean_worked), "unworked": _defined(self.mean_unworked)},
            "chosen_by_score": _defined(self.chosen_by_score),
            "cells": [asdict(each) | {"share_worked": each.share_worked} for each in self.cells],
            "differences": [each.to_json() for each in self.differences],
            "meaning": self.meaning(),
        }

    def meaning(self) -> str:
        """Say what this means for the trust in scores."""
        if not self.unworked:
            return "Every lead was worked, so the scores rest on leads of all kinds."
        if not self.worked:
            return "No lead was worked, so nothing was learned, and no score of this model rests on an outcome."
        return f"{self._who_was_chosen()} {self._where_to_doubt()}"

    def _who_was_chosen(self) -> str:
        share, low, high = self.chosen_by_score
        if low <= 0.5 <= high and not self._is_unbalanced():
            return (
                f"Worked and unworked leads look alike: a worked one scores higher in {share:.0%} of pairs "
                f"({low:.0%} to {high:.0%}), and no feature surely differs by {BALANCED} standard deviations."
            )
        most = f", and differs most in {self.differences[0].what!r}" if self._is_unbalanced() else ""
        return (
            f"Sales did not choose at random: a worked lead scores higher than an unworked one in {share:.0%} of pairs "
            f"({low:.0%} to {high:.0%}){most}."
        )

    def _where_to_doubt(self) -> str:
        if self.seldom_worked:
            cells = ", ".join(self.seldom_worked)
            return (
                f"Of leads graded {cells} fewer than one in ten was worked: their scores are a guess by analogy. "
                "A share of leads drawn at random ([training] exploration) would tell."
            )
        return (
            "Leads of every grade were worked often enough to learn from: the scores of the others stand, as far as "
            "sales chose by what the data holds."
        )

    def _is_unbalanced(self) -> bool:
        by_chance = SURE * (1 / self.worked + 1 / self.unworked) ** 0.5
        return bool(self.differences) and abs(self.differences[0].difference) >= max(BALANCED, by_chance)


def worked_report(config: Config, model: ScoringModel) -> WorkedReport:
    """Compare the leads that sales worked with those it never looked at, by this model's scores and features.

    Leads whose horizon has not passed belong to neither. Raises DataError where the data is not acceptable, or there
    is no lead to compare.
    """
    tables = read_training_tables(config)
    fate = label_leads(tables, config.label.horizon_days).fate
    chosen = fate != Fate.YOUNG.value
    if not chosen.any():
        raise DataError([Problem("no lead's horizon has passed", "wait, or lower [label] horizon_days")])
    features = feature_table(tables.leads.filter(chosen), tables.events, model.catalog)
    is_worked = fate.filter(chosen).is_in([Fate.SQL.value, Fate.NOT_SQL.value]).to_numpy()
    return compare_groups(model, features, is_worked, len(fate) - int(chosen.sum()), config.training.random_state)


def compare_groups(
    model: ScoringModel, features: pl.DataFrame, is_worked: NDArray[np.bool_], young: int, seed: int
) -> WorkedReport:
    """Compare the leads of a feature table, `is_worked` [leads] with the others."""
    scored = model.score_table(features)
    p = scored.probability
    found = [each for one in model.catalog.features for each in differences(one, features[one.name], is_worked)]
    return WorkedReport(
        model_version=model.version,
        worked=int(is_worked.sum()),
        unworked=int((~is_worked).sum()),
        young=young,
        mean_worked=_mean(p[is_worked]),
        mean_unworked=_mean(p[~is_worked]),
        chosen_by_score=_chosen_by_score(is_worked, p, seed),
        cells=tuple(_cells(scored, is_worked)),
        differences=tuple(sorted(found, key=lambda each: -abs(each.difference))[:SHOWN_DIFFERENCES]),
    )


def _cells(scored: ScoredTable, is_worked: NDArray[np.bool_]) -> Iterator[GradeCell]:
    for fit, fit_grade in enumerate(FIT_GRADES):
        for engagement, engagement_grade in enumerate(ENGAGEMENT_GRADES):
            inside = (scored.fit_rank == fit) & (scored.engagement_rank == engagement)
            worked, unworked = int((inside & is_worked).sum()), int((inside & ~is_worked).sum())
            yield GradeCell(fit_grade + engagement_grade, worked, unworked)


def _mean(p: Floats) -> tuple[float, float, float]:
    """Give the mean with its 95 % interval, by the normal distribution."""
    if not len(p):
        return (float("nan"),) * 3
    mean, half = float(p.mean()), 1.96 * float(p.std()) / len(p) ** 0.5
    return mean, max(0.0, mean - half), min(1.0, mean + half)


def _chosen_by_score(is_worked: NDArray[np.bool_], p: Floats, seed: int) -> tuple[float, float, float]:
    found = evaluate(is_worked.astype(np.float64), {"score": p}, seed)["score"]
    return found.metrics["roc_auc"], *found.intervals["roc_auc"]


def _defined(values: Sequence[float]) -> list[float] | None:
    return None if np.isnan(values[0]) else list(values)
