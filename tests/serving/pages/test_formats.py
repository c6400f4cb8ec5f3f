"""Figures are written as each reader writes them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from serving.pages.wording.formats import Formats
from serving.pages.wording.words import words_of

MADRID = ZoneInfo("Europe/Madrid")


def formats(name: str) -> Formats:
    locale = Locale.parse(name)
    return Formats(locale, MADRID, words_of(locale.language))


ENGLISH, SPANISH = formats("en"), formats("es")


def test_numbers() -> None:
    assert (ENGLISH.number(12_345.6), SPANISH.number(12_345.6)) == ("12,346", "12.346")
    assert (ENGLISH.number(1.25, 1), SPANISH.number(1.25, 1)) == ("1.2", "1,2")
    assert (ENGLISH.number(None), ENGLISH.number(-0.2)) == ("–", "0")


def test_shares() -> None:
    assert (ENGLISH.percent(0.384), SPANISH.percent(0.384)) == ("38%", "38\xa0%")
    assert (ENGLISH.percent(0.0625, 1), SPANISH.percent(0.0625, 1)) == ("6.2%", "6,2\xa0%")
    assert ENGLISH.percent(None) == "–"
    assert (ENGLISH.interval(0.28, 0.54), SPANISH.interval(0.28, 0.54)) == ("28–54%", "28–54\xa0%")


@pytest.mark.parametrize(("points", "written"), [(14.4, "+14"), (-3.2, "−3"), (0.3, "0"), (-0.4, "0"), (None, "–")])
def test_points_carry_their_sign(points: float | None, written: str) -> None:
    assert ENGLISH.points(points) == written


def test_counts_of_leads() -> None:
    assert [ENGLISH.leads(count) for count in (0, 1, 1_200)] == ["0 leads", "1 lead", "1,200 leads"]
    assert [SPANISH.of_leads(count) for count in (1, 1_200)] == ["de 1 lead", "de 1.200 leads"]


def test_days_and_moments_are_of_the_companys_clock() -> None:
    moment = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)  # half past midnight in Madrid
    assert (ENGLISH.date(moment), SPANISH.date(date(2026, 3, 6))) == ("Mar 6, 2026", "6 mar 2026")
    assert formats("en_GB").moment(moment) == "06/03/2026, 00:30"
    assert (ENGLISH.date(None), ENGLISH.moment(None)) == ("–", "–")


@pytest.mark.parametrize(
    ("seconds", "english", "spanish"),
    [
        (0, "0 min", "0 min"),
        (3_540, "59 min", "59 min"),
        (5_400, "1.5 h", "1,5 h"),
        (36_000, "10 h", "10 h"),
        (86_400 * 2, "2 days", "2 días"),
        (None, "–", "–"),
    ],
)
def test_spans(seconds: float | None, english: str, spanish: str) -> None:
    assert (ENGLISH.span(seconds), SPANISH.span(seconds)) == (english, spanish)


def test_an_age_is_never_negative() -> None:
    now = datetime(2026, 3, 5, tzinfo=UTC)
    assert ENGLISH.age(now - timedelta(minutes=5), now) == "5 min"
    assert ENGLISH.age(now + timedelta(minutes=5), now) == "0 min"
    assert ENGLISH.age(None, now) == "–"
