"""Names of features are in the reader's language, whatever the feature."""

import pytest

from serving.pages.wording.feature_words import TITLES, feature_title
from tests.serving.pages.catalogue import BY_NAME, formats, over_events


@pytest.mark.parametrize("name", BY_NAME)
def test_english_is_the_title_of_the_feature(name: str) -> None:
    assert feature_title(name, BY_NAME[name].title, formats("en")) == BY_NAME[name].title


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("events.page_view.count_30d", "page view, últimos 30 días"),
        ("events.v2.count_30d.days_since_last", "días desde el último evento: v2.count 30d"),
        ("events.any.trend_14d", "actividad, últimos 14 días frente a los 14 anteriores"),
        ("JobRole", "job role"),
        (None, "score"),
    ],
)
def test_in_another_language_it_is_said_from_its_key(name: str | None, title: str) -> None:
    english = "score" if name is None else BY_NAME[name].title
    assert feature_title(name, english, formats("es")) == title


def test_every_feature_over_events_has_a_title_of_its_own() -> None:
    said = {each.name: feature_title(each.name, each.title, formats("es")) for each in over_events()}
    assert len(set(said.values())) == len(said) > len(TITLES)
    assert all(said[each.name] != each.title for each in over_events())
