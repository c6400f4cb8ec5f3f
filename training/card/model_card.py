"""The model card: all that people should know before they trust a model, as numbers and words ready to show.

A salesperson reads the figures on top, a marketer the points cards, a data scientist the quality and the origin.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from features.words import words
from serving.model.points import signed
from serving.model.scoring import ScoringModel
from training.card.card_limits import Limit, known_limits
from training.card.card_source import CardSource
from training.card.points_card import PointsCard, points_cards
from training.records.champions import ChangeKind

NOTHING = "–"
STRONGEST = 12  # features in the overview: what one looks at, before one looks things up

METRICS = {
    "log_loss": ("log loss", "are the probabilities right? less is better"),
    "brier": ("Brier score", "the same, in squared distance; less is better"),
    "expected_calibration_error": ("calibration error", "promised minus came true, by tenth; less is better"),
    "roc_auc": ("ROC AUC", "does an SQL rank above another lead? .5 is chance, 1 perfect"),
    "average_precision": ("average precision", "the same, with an eye on the top; more is better"),
    "lift_top_tenth": ("lift of the top tenth", "SQLs there, in multiples of the average"),
    "sqls_in_top_30_percent": ("SQLs in the top 30 %", "share of all SQLs that the best 30 % of leads hold"),
}
FATES = {
    "sql": ("became SQLs", "learned from"),
    "not_sql": ("did not", "learned from"),
    "young": ("too young", "left out: the horizon has not passed, and early outcomes flatter"),
    "unworked": ("never worked", "left out: nobody looked, so nothing is known of their quality"),
    "unknown": ("no label", "left out: the export does not say what became of them"),
}


@dataclass(frozen=True)
class Figure:
    """One number that stands out, what it says, and how sure it is."""

    value: str
    says: str
    sure: str


@dataclass(frozen=True)
class FateRow:
    """How many leads had one fate, and whether they were learned from."""

    name: str
    leads: str
    share: str
    treatment: str


@dataclass(frozen=True)
class QualityRow:
    """One metric of the model and of each baseline, with intervals."""

    name: str
    meaning: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TenthRow:
    """A tenth of the newest leads; the places are on a drawing 100 wide."""

    tenth: str
    leads: str
    promised: str
    came_true: str
    interval: str
    held: bool
    promised_at: float
    came_true_at: float
    low_at: float
    high_at: float


@dataclass(frozen=True)
class GradeRow:
    """One grade of each side, and the points that it takes."""

    fit: str
    fit_points: str
    engagement: str
    engagement_points: str


@dataclass(frozen=True)
class FindingRow:
    """Something found in the data."""

    severity: str
    column: str
    detail: str


@dataclass(frozen=True)
class MatrixRow:
    """How many leads went from one old grade to each new one; `kept` says which cell is no change."""

    old: str
    cells: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class GradeMatrix:
    """One side's changes of grade."""

    title: str
    grades: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True)
class ModelCard:
    """One page, all numbers ready; a template adds nothing but layout."""

    model_name: str
    version: str
    company: str
    trained_on: str
    digest: str
    horizon: str
    status: str
    why: str
    period: str
    lead_in: str
    figures: tuple[Figure, ...]
    fates: tuple[FateRow, ...]
    excluded: tuple[str, ...]
    allowed: tuple[str, ...]
    tested_on: str
    compared_with: tuple[str, ...]
    quality: tuple[QualityRow, ...]
    tenths: tuple[TenthRow, ...]
    tenths_axis: tuple[str, str]
    grades: tuple[GradeRow, ...]
    changes: tuple[GradeMatrix, ...]
    changes_said: str
    strongest: tuple[PointsCard, ...]
    cards: tuple[PointsCard, ...]
    idle: tuple[PointsCard, ...]
    findings: tuple[FindingRow, ...]
    limits: tuple[Limit, ...]
    origin: tuple[tuple[str, str], ...]


def model_card(source: CardSource) -> ModelCard:
    """Give the card of a version."""
    model, holdout = source.model, source.holdout
    info, training = model.info, model.info.training
    status, why = _status(source)
    cards = points_cards(model)
    moving = tuple(card for card in cards if card.influence > 0)
    changes = source.promotion.get("grade_changes") or {}
    return ModelCard(
        model_name=source.model_name,
        version=model.version,
        company=info.company,
        trained_on=f"{_day(info.trained_at)}, {info.trained_at:%H:%M} UTC",
        digest=source.digest or NOTHING,
        horizon=f"{info.horizon_days} days",
        status=status,
        why=why,
        period=_period(training),
        lead_in=_lead_in(training, info.horizon_days) + _derived(source.parameters),
        figures=tuple(_figures(holdout)),
        fates=_fates(training),
        excluded=tuple(source.parameters.get("excluded_columns", ())),
        allowed=tuple(source.parameters.get("allowed_leaks", ())),
        tested_on=_tested_on(holdout),
        compared_with=tuple(words(name) for name in source.baselines),
        quality=tuple(_quality([holdout, *source.baselines.values()])),
        tenths=_tenths(holdout.get("tenths", ())),
        tenths_axis=("0%", f"{_end(holdout.get('tenths', ())):.0%}"),
        grades=_grades(model),
        changes=tuple(_matrix(side, changes[side]) for side in ("fit", "engagement") if side in changes),
        changes_said=_changes_said(changes),
        strongest=moving[:STRONGEST],
        cards=moving,
        idle=tuple(card for card in cards if card.influence <= 0),
        findings=tuple(_findings(source.findings)),
        limits=known_limits(info, holdout),
        origin=tuple(source.origin.items()),
    )


def _status(source: CardSource) -> tuple[str, str]:
    """Give what became of the version, and why."""
    tags = source.tags
    if tags.get("taken_back.at", "") > tags.get("champion.at", ""):
        return "taken back", _noted(tags, "taken_back")
    if tags.get("champion.kind") == ChangeKind.ROLLBACK.value:
        return "champion again", _noted(tags, "champion")
    if "champion.at" in tags:
        return "promoted", _noted(tags, "champion")
    return "not promoted", str(source.promotion.get("why", "nobody has promoted it yet"))


def _noted(tags: Mapping[str, str], what: str) -> str:
    return f"on {tags[f'{what}.at'][:10]} by {tags[f'{what}.who']}: {tags[f'{what}.why']}"


def _period(training: Mapping[str, Any]) -> str:
    first, last = training.get("learned_from"), training.get("learned_until", training.get("newest"))
    if not training.get("known", 1):
        return "none has a known outcome yet"
    if last is None:
        return "times are not known, only the order in which the leads came"
    until = _day(datetime.fromisoformat(last))
    return f"{_day(datetime.fromisoformat(first))} to {until}" if first else f"until {until}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _lead_in(training: Mapping[str, Any], horizon_days: int) -> str:
    known, sqls = training.get("known", 0), training.get("sql", 0)
    rate = f" ({sqls / known:.1%})" if known else ""
    return f"It learned from {known:,} past leads, of which {sqls:,}{rate} became SQLs within {horizon_days} days."


def _derived(parameters: Mapping[str, Any]) -> str:
    origin = parameters.get("derived_from")
    return f" Only its calibration differs from that of version {origin}." if origin else ""


def _figures(holdout: Mapping[str, Any]) -> Iterator[Figure]:
    tenths = holdout.get("tenths", ())
    leads = sum(each["leads"] for each in tenths)
    if leads:
        promised = sum(each["leads"] * each["predicted"] for each in tenths) / leads
        sqls = holdout.get("positives", 0)
        yield Figure(f"{promised * leads:,.0f} : {sqls:,}", "SQLs promised and SQLs that came", f"of {leads:,} leads")
    if _defined(holdout, "sqls_in_top_30_percent"):
        value, interval = _shown(holdout, "sqls_in_top_30_percent", ".0%")
        yield Figure(value, "of all SQLs are among the best 30 % of leads", interval)
    if _defined(holdout, "lift_top_tenth"):
        value, interval = _shown(holdout, "lift_top_tenth", ".1f")
        yield Figure(f"{value} ×", "as many SQLs in the best tenth as on average", interval)
    if _defined(holdout, "roc_auc"):
        value, interval = _shown(holdout, "roc_auc", ".3f")
        yield Figure(value, "ROC AUC: how often an SQL ranks above another lead", interval)


def _fates(training: Mapping[str, Any]) -> tuple[FateRow, ...]:
    leads = training.get("leads", 0)
    return tuple(
        FateRow(name, f"{training[fate]:,}", f"{training[fate] / leads:.1%}", treatment)
        for fate, (name, treatment) in FATES.items()
        if training.get(fate)
    )


def _tested_on(holdout: Mapping[str, Any]) -> str:
    leads, sqls = holdout.get("leads", 0), holdout.get("positives", 0)
    return f"the newest {leads:,} leads, {sqls:,} of them SQLs, scored once"


def _quality(evaluations: Sequence[Mapping[str, Any]]) -> Iterator[QualityRow]:
    for metric, (name, meaning) in METRICS.items():
        if _defined(evaluations[0], metric):
            yield QualityRow(name, meaning, tuple(_shown(each, metric, ".3f") for each in evaluations))


def _defined(evaluation: Mapping[str, Any], metric: str) -> bool:
    return evaluation.get(metric) is not None


def _shown(evaluation: Mapping[str, Any], metric: str, form: str) -> tuple[str, str]:
    """Give a metric and its interval as text."""
    value = evaluation.get(metric)
    if value is None:
        return NOTHING, ""
    low, high = evaluation["intervals"].get(metric, (None, None))
    return f"{value:{form}}", "" if low is None or high is None else f"{low:{form}} to {high:{form}}"


def _end(tenths: Sequence[Mapping[str, Any]]) -> float:
    """Give the end of the drawing's scale: the next twentieth above all that is drawn."""
    highest = max([0.05, *(float(max(each["predicted"], each["high"])) for each in tenths)])
    return min(1.0, 0.05 * math.ceil(highest / 0.05))


def _tenths(tenths: Sequence[Mapping[str, Any]]) -> tuple[TenthRow, ...]:
    scale = 100 / _end(tenths)
    return tuple(
        TenthRow(
            tenth=str(each["tenth"]),
            leads=f"{each['leads']:,}",
            promised=f"{each['predicted']:.1%}",
            came_true=f"{each['observed']:.1%}",
            interval=f"{each['low']:.1%} to {each['high']:.1%}",
            held=each["low"] <= each["predicted"] <= each["high"],
            promised_at=round(scale * each["predicted"], 2),
            came_true_at=round(scale * each["observed"], 2),
            low_at=round(scale * each["low"], 2),
            high_at=round(scale * each["high"], 2),
        )
        for each in tenths
    )


def _grades(model: ScoringModel) -> tuple[GradeRow, ...]:
    fit, engagement = (_cut_words(cuts) for cuts in (model.cuts.fit, model.cuts.engagement))
    return tuple(GradeRow(*row) for row in zip("ABCD", fit, "1234", engagement, strict=True))


def _cut_words(cuts: Sequence[float]) -> list[str]:
    return [*(f"above {signed(cut)}" for cut in cuts), f"{signed(cuts[-1])} or less"]


def _matrix(side: str, changes: Mapping[str, Any]) -> GradeMatrix:
    grades = tuple(changes["grades"])
    rows = tuple(
        MatrixRow(old, tuple((f"{count:,}" if count else "·", row == column) for column, count in enumerate(counts)))
        for row, (old, counts) in enumerate(zip(grades, changes["matrix"], strict=True))
    )
    return GradeMatrix(f"{side} grade", grades, rows)


def _changes_said(changes: Mapping[str, Any]) -> str:
    if not changes:
        return ""
    golden = changes["golden"]
    return (
        f"Against version {changes['from']}, of the newest {changes['leads']:,} leads {golden['enter']:,} enter golden "
        f"and {golden['leave']:,} leave it ({golden['before']:,} before, {golden['after']:,} after). "
        "Rows are the old grade, columns the new one."
    )


def _findings(findings: Sequence[Mapping[str, Any]]) -> Iterator[FindingRow]:
    """Give what wants a look, the gravest first; what was merely understood is left to `leadsift check`."""
    for severity in ("error", "warning"):
        for each in findings:
            if each["severity"] == severity:
                yield FindingRow(severity, each["column"] or "", each["detail"])
