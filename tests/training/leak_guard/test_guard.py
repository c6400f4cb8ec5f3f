"""The leak guard finds columns that know the outcome and lets honest ones pass."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.errors import DataError
from features.findings import Severity
from features.tables import INSTANT, Tables, no_events
from training.leak_guard import find_leaks, refuse_leaks, search_leaks
from training.measuring.metrics import Floats

LEADS = 2_000
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(12)


@pytest.fixture
def y(chance: np.random.Generator) -> Floats:
    return (chance.random(LEADS) < 0.25).astype(np.float64)


def tables(kind: Kind, values: Sequence[object] | Floats, name: str = "column", *, dated: bool = True) -> Tables:
    """Give leads, an hour apart, with one attribute."""
    dtypes: dict[Kind, pl.DataType] = {Kind.CATEGORY: pl.String(), Kind.DATE: INSTANT}
    as_of = [FIRST + timedelta(hours=at) if dated else None for at in range(len(values))]
    leads = pl.DataFrame(
        {
            "lead_id": [f"L{at}" for at in range(len(values))],
            "as_of": pl.Series(as_of, dtype=INSTANT),
            "arrival": range(len(values)),
            f"attr:{name}": pl.Series(values, dtype=dtypes.get(kind, pl.Float64()), nan_to_null=True),
        }
    )
    return Tables(leads, no_events(), None, (Attribute(name, Side.FIT, kind),), None)


def found(of: Tables, y: Floats, allowed: Sequence[str] = ()) -> tuple[Severity, str] | None:
    findings = find_leaks(of, y, allowed)
    assert all((each.kind, each.column) == ("leak", of.attributes[0].name) for each in findings)
    assert len(findings) <= 1
    return (findings[0].severity, findings[0].detail) if findings else None


def test_a_column_that_decides_the_outcome_is_an_error(y: Floats, chance: np.random.Generator) -> None:
    severity, detail = found(tables(Kind.NUMBER, y + chance.normal(0, 0.2, LEADS)), y) or (None, "")

    assert severity is Severity.ERROR
    assert detail.startswith("column 'column': alone tells SQLs from other leads of the same time with an AUC of 1.00")
    assert 'exclude = ["column"] in [leads]' in detail
    assert 'allow = ["column"] in [leaks]' in detail


def test_a_column_that_tells_much_is_a_warning(y: Floats, chance: np.random.Generator) -> None:
    severity, detail = found(tables(Kind.NUMBER, 1.5 * y + chance.normal(size=LEADS)), y) or (None, "")

    assert severity is Severity.WARNING
    assert "AUC of 0.8" in detail


def test_a_column_that_helps_as_columns_do_is_no_leak(y: Floats, chance: np.random.Generator) -> None:
    assert found(tables(Kind.NUMBER, 0.7 * y + chance.normal(size=LEADS)), y) is None


def test_few_leads_do_not_make_a_column_look_strong(chance: np.random.Generator) -> None:
    y = np.array([1.0, 0.0, 0.0, 0.0] * 5)
    for _ in range(100):
        assert found(tables(Kind.NUMBER, chance.integers(0, 3, 20).astype(np.float64)), y) is None


def test_a_reason_of_loss_that_only_losers_have_is_an_error(y: Floats, chance: np.random.Generator) -> None:
    lost = (y == 0) & (chance.random(LEADS) < 0.4)
    drawn = chance.choice(["no budget", "no need"], LEADS).tolist()
    reasons = [reason if each else None for each, reason in zip(lost, drawn, strict=True)]
    severity, detail = found(tables(Kind.CATEGORY, reasons), y) or (None, "")

    assert severity is Severity.ERROR
    assert f"is filled on {lost.sum():,} leads, none of which became an SQL" in detail


def test_an_amount_that_only_winners_have_is_an_error(y: Floats, chance: np.random.Generator) -> None:
    won = (y == 1) & (chance.random(LEADS) < 0.4)
    severity, detail = found(tables(Kind.NUMBER, np.where(won, chance.random(LEADS), np.nan)), y) or (None, "")

    assert severity is Severity.ERROR
    assert f"is filled on {won.sum():,} leads, all of which became SQLs" in detail


def test_a_stage_that_only_winners_have_is_an_error(y: Floats, chance: np.random.Generator) -> None:
    won = (y == 1) & (chance.random(LEADS) < 0.4)
    severity, detail = found(tables(Kind.CATEGORY, np.where(won, "opportunity", "open").tolist()), y) or (None, "")

    assert severity is Severity.ERROR
    assert f"holds 'opportunity' on {won.sum():,} leads, all of which became SQLs" in detail


def test_a_category_of_a_few_winners_alone_is_a_warning(y: Floats) -> None:
    winners = np.flatnonzero(y)[:40]
    severity, _ = found(tables(Kind.CATEGORY, ["friend" if at in winners else "web" for at in range(LEADS)]), y) or (
        None,
        "",
    )

    assert severity is Severity.WARNING


def test_that_leads_who_did_nothing_never_win_is_no_leak(y: Floats, chance: np.random.Generator) -> None:
    visits = np.where((y == 0) & (chance.random(LEADS) < 0.1), 0.0, chance.poisson(3, LEADS) + 1.0)

    assert found(tables(Kind.NUMBER, visits), y) is None


def test_a_date_after_the_hand_over_is_an_error_where_most_are(y: Floats) -> None:
    dates = [FIRST + timedelta(hours=at, days=5) for at in range(LEADS)]
    severity, detail = found(tables(Kind.DATE, dates), y) or (None, "")

    assert severity is Severity.ERROR
    assert f"is later than the hand-over on {LEADS:,} of {LEADS:,} leads" in detail


def test_some_late_dates_are_a_warning_and_the_day_itself_is_not_late(y: Floats) -> None:
    days = [3 if at % 10 == 0 else 1 for at in range(LEADS)]
    same_day = [FIRST + timedelta(hours=at, days=1) for at in range(LEADS)]
    some_late = [FIRST + timedelta(hours=at, days=late) for at, late in enumerate(days)]

    assert found(tables(Kind.DATE, same_day), y) is None
    assert (found(tables(Kind.DATE, some_late), y) or (None, ""))[0] is Severity.WARNING


def test_dates_are_searched_where_only_the_order_of_arrival_is_known(y: Floats, chance: np.random.Generator) -> None:
    telling = [FIRST + timedelta(days=float(each)) for each in 100 * y + chance.random(LEADS)]

    assert (found(tables(Kind.DATE, telling, dated=False), y) or (None, ""))[0] is Severity.ERROR


def test_a_person_clears_a_column_by_its_name(y: Floats) -> None:
    assert found(tables(Kind.NUMBER, y, name='Größe, "€"'), y, allowed=['Größe, "€"']) is None


def test_leads_without_a_known_outcome_are_not_looked_at(y: Floats) -> None:
    half = np.where(np.arange(LEADS) < LEADS // 2, y, np.nan)
    values = np.where(np.isnan(half), np.random.default_rng(0).normal(size=LEADS), y)

    assert (found(tables(Kind.NUMBER, values), half) or (None, ""))[0] is Severity.ERROR


@pytest.mark.parametrize("kind", list(Kind))
def test_an_empty_column_is_no_leak(kind: Kind, y: Floats) -> None:
    assert found(tables(kind, [None] * LEADS), y) is None


def test_all_grave_leaks_stop_training_together_and_warnings_do_not(y: Floats, chance: np.random.Generator) -> None:
    names = ["stage", "score", "region"]
    leads = tables(Kind.NUMBER, y, "stage").leads.with_columns(
        pl.Series("attr:score", 1.5 * y + chance.normal(size=LEADS)), pl.Series("attr:region", -y)
    )
    attributes = tuple(Attribute(name, Side.FIT, Kind.NUMBER) for name in names)
    leaks = search_leaks(Tables(leads, no_events(), None, attributes, None), y)

    assert [leak.name for leak in leaks] == ["stage", "region", "score"]
    with pytest.raises(DataError) as refused:
        refuse_leaks(leaks)
    assert [problem.column for problem in refused.value.problems] == ["stage", "region"]
    refuse_leaks(leaks[2:])
