"""The demo keeps to itself, and its sales named some of what it found useful. The pages' tests look at the whole."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from features.simulation import simulate, write_company
from features.simulation.kinds import GUIDES, WEBINARS
from features.store import open_store
from features.store.events import StoredEvent, add_events
from features.store.fact_rules import NOTHING_AGREED
from features.store.facts import next_facts
from features.store.leads import put_lead
from features.store.outcomes import add_outcome
from features.store.schema import outcomes, useful_contents
from training.demo import demo_config
from training.demo_contents import SHARE_ASKED, mark_useful_contents

NOW = datetime(2026, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)
LEADS = 200


def test_a_store_and_records_that_the_environment_names_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_company(simulate(10, 1, 1), tmp_path)
    monkeypatch.setenv("LEADSIFT_STORE_URL", "postgresql://ours/leads")
    monkeypatch.setenv("LEADSIFT_MLFLOW_TRACKING_URI", "http://ours:5000")
    config = demo_config(tmp_path)
    own = tmp_path / ".leadsift"
    assert config.store.url == f"sqlite:///{own / 'leadsift.db'}"
    assert config.mlflow.tracking_uri == f"sqlite:///{own / 'mlflow.db'}"
    assert own.is_dir()


def test_sales_names_the_newest_guide_or_webinar_of_some_sqls_and_decides_nothing_anew(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    ids = [f"{number:03}" for number in range(LEADS)]
    took = [(GUIDES[0], 3), (WEBINARS[0], 2), ("home", 1)]
    with store.writing() as connection:
        for lead_id in ids:
            put_lead(connection, lead_id, {}, handed_over_at=NOW, owner=None, now=NOW)
            did = [StoredEvent(f"{lead_id}/{days}", lead_id, "x", NOW - days * DAY, content) for content, days in took]
            add_events(connection, did, NOW)
            decided: dict[str, Any] = {"reason": None, "first_touch_at": None, "useful_content": [], "now": NOW}
            outcome = "rejected" if int(lead_id) % 2 else "sql"
            add_outcome(connection, lead_id, outcome, decided_at=NOW + DAY, **decided)
        while next_facts(connection, NOTHING_AGREED):
            pass
        marked = mark_useful_contents(connection)
        named = connection.execute(select(useful_contents)).all()
        assert len(connection.execute(select(outcomes)).all()) == LEADS
    store.close()
    assert marked == len(named) == pytest.approx(LEADS / 2 * SHARE_ASKED, abs=20)
    assert {(int(row.lead_id) % 2, row.content, row.marked_at) for row in named} == {(0, WEBINARS[0], NOW + DAY)}
