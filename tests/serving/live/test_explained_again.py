"""A score of the ledger is given again by the same model version, with its reasons."""

from datetime import UTC
from pathlib import Path

import pytest
from sqlalchemy import select

from features.store import Store
from features.store.ledger import StoredScore, scores_of
from features.store.schema import leads
from serving.live.explained_again import explain_again
from serving.live.known_models import KnownModels
from serving.live.live_model import SHOWN_REASONS, LiveModel
from serving.live.rescore import rescore
from serving.model.bundle import write_bundle
from serving.published import publish
from tests.serving.conftest import AS_OF, SmallModel
from tests.serving.live.conftest import DAY, Happened, Put
from training.assemble import golden_rows

WANTED = 1_000


@pytest.fixture
def known(small: SmallModel, live: LiveModel, newer: LiveModel, tmp_path: Path) -> KnownModels:
    """Give the models of both versions, from the folder of published bundles."""
    for each in (live, newer):
        folder = tmp_path / f"bundle-{each.model.version}"
        golden = golden_rows(each.model, small.features, seed=3)
        write_bundle(each.model, small.texts, golden, folder)
        publish(folder, tmp_path / "published", each.model.version)
    return KnownModels(tmp_path / "published", UTC)


def remembered(company: Store, models: list[LiveModel]) -> list[StoredScore]:
    for days, live in enumerate(models):
        at = AS_OF + days * DAY
        rescore(company, live, lambda at=at: at, lambda *_: None)  # type: ignore[misc]
    with company.reading() as connection:
        lead_ids = connection.execute(select(leads.c.lead_id)).scalars().all()
        return [score for lead_id in lead_ids for score in scores_of(connection, lead_id)]


@pytest.mark.slow
def test_a_thousand_scores_of_two_versions_are_explained_again(
    company: Store, live: LiveModel, newer: LiveModel, known: KnownModels
) -> None:
    scores = remembered(company, [live, newer])
    assert len(scores) >= WANTED
    for stored in scores:
        model = known.of(stored.model_version)
        assert model is not None
        again = explain_again(stored, model.model, SHOWN_REASONS)
        sides = (stored.probability, stored.fit_points, stored.engagement_points)
        assert (again.probability, again.fit.points, again.engagement.points) == pytest.approx(sides, rel=0, abs=1e-9)
        assert (again.fit.grade, again.engagement.grade, again.segment) == (
            stored.fit_grade,
            stored.engagement_grade,
            stored.segment,
        )
        assert again.to_json()["reasons"] == stored.reasons


def test_all_reasons_of_a_stored_score_add_up_to_its_points(
    store: Store, live: LiveModel, put: Put, did: Happened
) -> None:
    put(at=AS_OF, handed_over_at=AS_OF, sector="software", employees=120)
    did("a", "download", AS_OF - DAY)
    (stored,) = remembered(store, [live])
    every = explain_again(stored, live.model, len(live.model.catalog.features))
    assert sum(reason.points for reason in every.reasons) == pytest.approx(stored.points, abs=1e-6)


def test_a_version_that_is_not_kept_or_was_damaged_is_not_known(known: KnownModels, tmp_path: Path) -> None:
    assert known.of("3") is None
    for file in (tmp_path / "published").glob("2-*/linear.json"):
        file.write_text("{}")
    assert known.of("2") is None
    live = known.of(known.of("1").model.version)  # type: ignore[union-attr]
    assert live is known.of("1")
