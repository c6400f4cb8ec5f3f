"""The model, for those who work with its scores: how good it is, what moves a score, what changed, what drifted."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from features.store.drift_reports import newest_drift
from features.store.model_requests import ModelRequest, newest_request
from features.store.model_versions import ModelVersion, Status, all_versions
from features.store.schema import lead_facts
from serving.model.scoring import ScoringModel
from serving.reports.counted import Counted, counted, counting
from serving.reports.model.drift_found import Drift
from serving.reports.model.grade_moves import GradeMoves
from serving.reports.model.points_cards import PointsCard, points_cards, scale_of
from serving.reports.model.quality import Quality
from serving.reports.report import ReportContext, Table

LEFT_OUT = ("young", "unworked", "unknown")  # leads that teach nothing, as `ModelInfo.training` counts them


@dataclass(frozen=True)
class Learned:
    """What the model in service learned from, how good it is, and each feature's points.

    leads, sqls: learned from. since, until: when those were handed over, None where that is not known. left_out: how
    many leads were left out, by why. scale: the points at the end of a drawing of the cards.
    """

    version: str
    trained_at: datetime
    has_learned: bool
    horizon_days: int
    leads: int
    sqls: int
    since: datetime | None
    until: datetime | None
    left_out: Mapping[str, int]
    quality: Quality
    cards: tuple[PointsCard, ...]
    scale: float

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {
            "version": self.version,
            "trained_at": self.trained_at.isoformat(),
            "has_learned": self.has_learned,
            "horizon_days": self.horizon_days,
            "learned_from": {
                "leads": self.leads,
                "sqls": self.sqls,
                "since": _said(self.since),
                "until": _said(self.until),
            },
            "left_out": dict(self.left_out),
            "quality": self.quality.to_json(),
            "features": [card.to_json() for card in self.cards],
        }


@dataclass(frozen=True)
class VersionRecord:
    """One version, and what came of the leads that it scored at their hand-over."""

    version: ModelVersion
    quality: Quality
    record: Counted

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        said, ranks = self.version, self.quality.ranks_above
        return {
            "version": said.version,
            "status": said.status.value,
            "registered_at": said.registered_at.isoformat(),
            "promoted_at": _said(said.promoted_at),
            "who": said.who,
            "why": said.why,
            "roc_auc": None if ranks is None else ranks.value,
            "since": self.record.to_json(),
        }


@dataclass(frozen=True)
class ModelReport:
    """The report. learned is None without a model in service; request: the last rollback that was asked for."""

    learned: Learned | None
    record: Counted
    versions: tuple[VersionRecord, ...]
    drift: Drift | None
    request: ModelRequest | None

    @property
    def champion(self) -> ModelVersion | None:
        """Give the version that the registry says is served; None where none is, or nobody told the store."""
        return self._with(Status.CHAMPION)

    @property
    def back_to(self) -> ModelVersion | None:
        """Give the version that a rollback leads to."""
        return self._with(Status.PREVIOUS)

    @property
    def moves(self) -> GradeMoves | None:
        """Give who changed grade when the champion became it."""
        changes = self.champion and self.champion.changes
        return GradeMoves.of(changes) if changes else None

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""
        return {
            "model": self.learned and self.learned.to_json(),
            "record": self.record.to_json(),
            "versions": [each.to_json() for each in self.versions],
            "changes": self.champion and self.champion.changes,
            "drift": self.drift and _plain(asdict(self.drift)),
            "request": self.request and _plain(asdict(self.request)),
        }

    def table(self) -> Table:
        """Give the points cards, a row for each value of a feature."""
        cards = self.learned.cards if self.learned else ()
        columns = ("feature", "label", "side", "value", "leads", "sqls", "rate", "rate_low", "rate_high", "points")
        rows = [
            (
                card.name, card.title, card.side.value, each.label,
                each.leads, each.sqls, each.rate, *each.interval, each.points,
            )
            for card in cards
            for each in card.values
        ]  # fmt: skip
        return Table(columns, rows)

    def _with(self, status: Status) -> ModelVersion | None:
        return next((each.version for each in self.versions if each.version.status is status), None)


def model_report(context: ReportContext) -> ModelReport:
    """Say what is known of the model that scores, and of the other versions."""
    connection, model = context.connection, context.model
    records, kept = _records(context), newest_drift(connection)
    versions = tuple(
        VersionRecord(each, Quality.of(each.quality or {}), records.get(each.version, Counted()))
        for each in all_versions(connection)
    )
    return ModelReport(
        learned=None if model is None else _learned(model),
        record=Counted() if model is None else records.get(model.version, Counted()),
        versions=versions,
        drift=None if kept is None else Drift.of(kept),
        request=newest_request(connection),
    )


def _records(context: ReportContext) -> dict[str, Counted]:
    """Count what came of the leads by the version that scored them at their hand-over."""
    version = lead_facts.c.model_version
    by_version = select(version, *counting(context)).where(version.is_not(None)).group_by(version)
    return {row.model_version: counted(row) for row in context.connection.execute(by_version)}


def _learned(model: ScoringModel) -> Learned:
    info = model.info
    training = info.training
    since = training.get("learned_from")
    return Learned(
        version=model.version,
        trained_at=info.trained_at,
        has_learned=info.has_learned,
        horizon_days=info.horizon_days,
        leads=training.get("known", 0),
        sqls=training.get("sql", 0),
        since=None if since is None else datetime.fromisoformat(since),
        until=info.learned_until,
        left_out={name: training[name] for name in LEFT_OUT if training.get(name)},
        quality=Quality.of(info.quality),
        cards=tuple(card for card in points_cards(model) if card.influence > 0),
        scale=scale_of(model),
    )


def _said(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Write moments as text."""
    return {name: _said(value) if isinstance(value, datetime) else value for name, value in values.items()}
