"""What others are told of new scores: a lead became golden, or one of its grades changed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from features.store.ledger import StoredScore
from features.store.outbox import Announcement, event_id_of
from features.topics import Topic
from serving.model.grades import Segment


def announcements(new: Sequence[StoredScore], before: Mapping[str, StoredScore]) -> Iterator[Announcement]:
    """Give what is to be told of new scores; `before` holds the newest score until now of each lead that had one.

    Of a score as of an earlier moment than one that is known nothing is told. However many tell of the same step
    from the same score, it is one announcement.
    """
    for score in new:
        last = before.get(score.lead_id)
        if last is not None and last.as_of > score.as_of:
            continue
        if _is_golden(score) and not (last is not None and _is_golden(last)):
            yield _announcement(Topic.GOLDEN, score, last)
        if last is not None and _grades(score) != _grades(last):
            yield _announcement(Topic.GRADE_CHANGED, score, last)


def _announcement(topic: Topic, score: StoredScore, last: StoredScore | None) -> Announcement:
    data = {
        "lead_id": score.lead_id,
        "as_of": score.as_of,
        **_shown(score),
        "before": None if last is None else _shown(last),
    }
    event_id = event_id_of(topic, score.lead_id, str(0 if last is None else last.id))
    return Announcement(topic, data, score.lead_id, event_id)


def _shown(score: StoredScore) -> dict[str, Any]:
    return {
        "score": round(100 * score.probability),
        "fit_grade": score.fit_grade,
        "engagement_grade": score.engagement_grade,
        "segment": score.segment,
        "model_version": score.model_version,
    }


def _grades(score: StoredScore) -> tuple[str, str]:
    return score.fit_grade, score.engagement_grade


def _is_golden(score: StoredScore) -> bool:
    return score.segment == Segment.GOLDEN.value
