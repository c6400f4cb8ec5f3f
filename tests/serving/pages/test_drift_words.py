"""Everything that a comparison can find has a sentence, in each language."""

import re

import pytest
from babel import Locale

from features.findings import Severity
from serving.pages.model.drift_words import GRAVITY, SENTENCES, gravity_word, shift_sentence
from serving.pages.render import formats_of
from serving.pages.wording.formats import Formats
from serving.pages.wording.words import LANGUAGES
from serving.reports.model.drift_found import Share, Shift
from tests.serving.reports.delivered_leads import MADRID
from training.drifting.shift import KINDS

SHARES = (Share("software", 0.5, 0.2), Share("retail", 0.5, 0.8))


def shift(kind: str, shares: tuple[Share, ...] = SHARES) -> Shift:
    return Shift(kind, "sector", "sector", Severity.ERROR, 0.4, 0.25, 0.125, shares)


@pytest.fixture(params=LANGUAGES)
def f(request: pytest.FixtureRequest) -> Formats:
    return formats_of(Locale(request.param), MADRID)


def test_every_kind_of_shift_and_every_gravity_has_words(f: Formats) -> None:
    assert SENTENCES.keys() == set(KINDS)
    assert GRAVITY.keys() == set(Severity)
    for kind in KINDS:
        said = shift_sentence(shift(kind), f)
        assert not re.search(r"%\(|–", said), said
    assert all(gravity_word(severity, f) for severity in Severity)


def test_a_shift_without_shares_is_said_too(f: Formats) -> None:
    for kind in KINDS:
        assert shift_sentence(shift(kind, ()), f)
