"""A sample company that the tests of this folder share; nobody changes it."""

import pytest

from features.simulation import Company, simulate


@pytest.fixture(scope="package")
def company() -> Company:
    return simulate(leads=12_000, events_per_lead=20, seed=7)
