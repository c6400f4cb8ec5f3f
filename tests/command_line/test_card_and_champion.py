"""The model card, and moving the champion by hand, as a user does both."""

import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mlflow import MlflowClient

from features.config import load_config
from features.store import open_store
from features.store.audit import newest_entries
from features.store.model_requests import ask_for_rollback, newest_request
from features.store.model_versions import Status, all_versions
from serving.published import current
from tests.command_line.conftest import run_command
from training.champion.asked_rollbacks import do_asked_rollback

NAME = "lead-score"
NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def own(trained: Path, tmp_path: Path) -> Path:
    """Give a copy of the company's folder whose registry may be changed; version 2 is another of the same model."""
    folder = tmp_path / "own"
    shutil.copytree(trained, folder, ignore=shutil.ignore_patterns("mlartifacts"))
    client = client_of(folder)
    first = client.get_model_version(NAME, "1")
    assert first.source is not None
    client.create_model_version(NAME, first.source, first.run_id, tags={"log_loss": first.tags["log_loss"]})
    return folder


def client_of(folder: Path) -> MlflowClient:
    uri = load_config(folder / "leadsift.toml").mlflow.tracking_uri
    return MlflowClient(uri, uri)


def test_a_training_leaves_its_card_and_what_was_decided_beside_the_bundle(trained: Path) -> None:
    client = client_of(trained)
    version = client.get_model_version(NAME, "1")
    assert version.run_id is not None
    assert {"model-card.html", "model-card.md", "promotion.json"} <= {
        each.path for each in client.list_artifacts(version.run_id)
    }
    why = "it is the first model, and it ranks better than chance"
    assert (version.tags["promotion"], version.tags["promotion.why"]) == ("promoted", why)
    assert client.get_run(version.run_id).data.tags["promotion.why"] == why
    assert client.get_registered_model(NAME).tags["best_version"] == "1"


def test_card_writes_markdown_to_the_screen_and_a_page_to_a_file(trained: Path, tmp_path: Path) -> None:
    config, page = trained / "leadsift.toml", tmp_path / "card.html"
    said = run_command("card", "-c", config).out
    assert said.startswith("# lead-score, version 1: model card")
    assert "**promoted**: on " in said
    label = json.loads((trained / "train.json").read_text())["label"]
    assert f"| never worked | {label['unworked']:,} |" in said
    written = run_command("card", "1", "-c", config, "-o", page)
    assert written.out.strip() == f"The card of version 1 is in {page}."
    text = page.read_text(encoding="utf-8")
    assert "Does a score keep its promise?" in text
    version = client_of(trained).get_model_version(NAME, "1")
    assert version.tags["bundle_digest"] in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["99"], "has no version '99'"),
        (["-o", "card.pdf"], "card.pdf: the ending '.pdf' says neither Markdown nor HTML; give -o a file that ends in"),
        (["-o", "nowhere/card.md"], "nowhere/card.md: cannot be written (No such file or directory)"),
    ],
)
def test_card_refuses_what_it_cannot_show_or_write_in_a_line(trained: Path, words: list[str], said: str) -> None:
    ended = run_command("card", *words, "-c", trained / "leadsift.toml")
    assert ended.code == 1
    assert said in ended.err


def test_promote_and_rollback_say_who_changes_grade_and_deploy(own: Path) -> None:
    config = own / "leadsift.toml"
    promoted = run_command("promote", "2", "-c", config, "--why", "wanted by sales")
    assert "Of the newest 1,000 leads, 0 change fit grade and 0 engagement grade; 0 enter golden" in promoted.out
    assert "Version 2 is champion in place of version 1; noted for " in promoted.out
    assert promoted.out.endswith(": wanted by sales.\n")
    published = current(own / ".leadsift" / "published")
    assert published is not None
    assert published.version == "2"

    back = json.loads(run_command("rollback", "-c", config, "--why", "complaints", "--json", "-").out)
    assert (back["kind"], back["from"], back["to"], back["why"]) == ("rollback", "2", "1", "complaints")
    assert back["grade_changes"]["golden"]["enter"] == 0
    assert client_of(own).get_model_version(NAME, "2").tags["taken_back.why"] == "complaints"
    assert "**taken back**: on " in run_command("card", "2", "-c", config).out


def test_a_rollback_works_where_the_data_is_gone_and_says_what_it_cannot(own: Path) -> None:
    config = own / "leadsift.toml"
    run_command("promote", "2", "-c", config)
    (own / "leads.parquet").unlink()
    said = run_command("rollback", "-c", config)
    assert said.code == 0
    assert "Who changes grade cannot be said: " in said.out
    assert "Version 1 is champion again in place of version 2; noted for " in said.out


def test_promoting_the_champion_changes_nothing(own: Path) -> None:
    said = run_command("promote", "1", "-c", own / "leadsift.toml")
    assert said.out.startswith("Version 1 is champion; noted for ")


def test_a_rollback_asked_for_on_the_page_is_done_once_in_the_askers_name(own: Path) -> None:
    config = load_config(own / "leadsift.toml")
    run_command("promote", "2", "-c", own / "leadsift.toml")
    with closing(open_store(config.store.url)) as store:
        with store.writing() as connection:
            assert {each.status: each.version for each in all_versions(connection)} == {
                Status.CHAMPION: "2",
                Status.PREVIOUS: "1",
            }
            ask_for_rollback(connection, "2", "1", who="key 3, ana", why="complaints", now=NOW)
        assert do_asked_rollback(config, store, NOW) is not None
        assert do_asked_rollback(config, store, NOW) is None
        with store.reading() as connection:
            request, versions, entry = (
                newest_request(connection),
                all_versions(connection),
                newest_entries(connection, 1)[0],
            )
    assert request is not None
    assert (request.done_at, request.refusal) == (NOW, None)
    assert {each.status: each.version for each in versions} == {Status.CHAMPION: "1", Status.TAKEN_BACK: "2"}
    assert (entry.who, entry.action, entry.detail) == ("key 3, ana", "model rolled back", "complaints")
    published = current(own / ".leadsift" / "published")
    assert published is not None
    assert published.version == "1"


def test_a_rollback_asked_for_is_refused_where_the_champion_is_another_by_now(own: Path) -> None:
    config = load_config(own / "leadsift.toml")
    run_command("promote", "2", "-c", own / "leadsift.toml")
    with closing(open_store(config.store.url)) as store:
        with store.writing() as connection:
            ask_for_rollback(connection, "3", "1", who="ana", why="complaints", now=NOW)
        do_asked_rollback(config, store, NOW)
        with store.reading() as connection:
            request = newest_request(connection)
    assert request is not None
    assert request.refusal == "the champion is version 2 now; look at the page again, and ask anew"
