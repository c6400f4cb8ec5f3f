"""What happens to the model is told by webhook, and a store that is down undoes nothing of it."""

import base64
from contextlib import closing
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select

from features.config import Config, load_config
from features.store import open_store
from features.store.schema import outbox
from features.topics import Topic
from training.telling import tell, tell_promoted

SECRET = base64.b64encode(b"a key of twenty-four bytes").decode()
CRM = f'[[webhooks]]\nname = "crm"\nurl = "https://crm.example"\nsecret = "{SECRET}"\n'


def config_of(folder: Path, toml: str) -> Config:
    path = folder / "leadsift.toml"
    path.write_text(toml)
    return load_config(path)


def test_a_promotion_is_put_into_the_outbox(tmp_path: Path) -> None:
    config = config_of(tmp_path, CRM)
    tell_promoted(config, None, "1")
    with closing(open_store(config.store.url)) as store, store.reading() as connection:
        ((topic, lead_id, body),) = connection.execute(select(outbox.c.topic, outbox.c.lead_id, outbox.c.body))
    assert (topic, lead_id) == ("model.promoted", None)
    assert orjson.loads(body)["data"] == {"model_version": "1", "before": None}


def test_where_nobody_wants_to_hear_it_no_store_is_made(tmp_path: Path) -> None:
    tell(config_of(tmp_path, CRM + 'topics = ["lead.golden"]'), Topic.DRIFT_FOUND, {})
    assert not (tmp_path / ".leadsift").exists()


def test_a_store_that_cannot_be_used_is_said_and_nothing_else_happens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    config = config_of(tmp_path, f'[store]\nurl = "sqlite:///file/store.db"\n{CRM}')
    tell_promoted(config, None, "1")
    assert capsys.readouterr().err.startswith("model.promoted is not told by webhook: the store ")
