"""A model that has learned nothing is champion only until a better one is there."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from serving.model.scoring import NOT_ENOUGH_EVIDENCE, ModelInfo, ScoringModel
from training.champion.unlearned import decide_unlearned

INFO = ModelInfo(datetime(2026, 3, 1, tzinfo=UTC), 90, "Acme", {"state": "learned"})


def champion(info: ModelInfo) -> ScoringModel:
    return cast("ScoringModel", SimpleNamespace(version="3", info=info))


def test_the_first_model_is_served_whatever_it_rests_on() -> None:
    decision = decide_unlearned(None, None)

    assert decision.promote
    assert "not enough evidence" in decision.why


def test_it_takes_the_place_of_one_that_knew_no_more() -> None:
    assert decide_unlearned(champion(replace(INFO, training={"state": NOT_ENOUGH_EVIDENCE})), None).promote


def test_it_does_not_take_the_place_of_one_that_learned() -> None:
    decision = decide_unlearned(champion(INFO), None)

    assert not decision.promote
    assert "version 3 has learned from some" in decision.why


def test_a_model_from_before_this_was_recorded_counts_as_learned() -> None:
    assert not decide_unlearned(champion(replace(INFO, training={})), None).promote


def test_a_person_overrules_it_either_way() -> None:
    assert decide_unlearned(champion(INFO), forced=True).promote
    assert not decide_unlearned(None, forced=False).promote
