"""Machine words become plain words, numbers become readable."""

import pytest

from features.words import ago, noun_of, number, plural, words


@pytest.mark.parametrize(
    ("machine", "plain"),
    [
        ("email_open", "email open"),
        ("emailOpen", "email open"),
        ("Lead Source", "lead source"),
        ("web:visit", "web visit"),
        ("e-mail", "e-mail"),
        ("v2.1", "v2.1"),
        ("資料請求", "資料請求"),
        ("__", "__"),
    ],
)
def test_machine_words_become_plain_words(machine: str, plain: str) -> None:
    assert words(machine) == plain


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("visit", "visits"),
        ("day", "days"),
        ("inquiry", "inquiries"),
        ("box", "boxes"),
        ("status", "statuses"),
        ("pass", "passes"),
        ("downloads", "downloads"),
        ("feed", "feeds"),
        ("attended", "attended"),
        ("feedback", "feedback"),
        ("5", "5"),
        ("", ""),
    ],
)
def test_nouns_have_plurals(one: str, many: str) -> None:
    assert plural(one) == many


@pytest.mark.parametrize(
    ("value", "shown"),
    [(999.96, "1,000"), (-12.5, "-12.5"), (0.5, "0.5"), (0.999, "1"), (1e15, "1,000,000,000,000,000"), (2.04, "2")],
)
def test_numbers_have_commas_and_one_decimal_where_useful(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0.0, "less than an hour ago"),
        (1 / 24, "1 hour ago"),
        (0.999, "23 hours ago"),
        (1.02, "1 day ago"),
        (9.96, "10 days ago"),
    ],
)
def test_time_past_is_said_in_hours_then_days(days: float, said: str) -> None:
    assert ago(days) == said


def test_a_count_of_one_takes_the_singular() -> None:
    noun = noun_of("webinar")
    assert [noun.counted(count) for count in (0.0, 1.0, 1.5)] == ["no webinars", "1 webinar", "1.5 webinars"]
