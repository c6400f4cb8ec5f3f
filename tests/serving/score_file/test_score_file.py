"""A scored file has a row per lead in the file's order, however it was cut, and is there whole or not at all."""

import errno
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from features.compute import feature_table
from features.config import Config, load_config
from features.errors import DataError
from features.partitions import Partitions, cut, events
from features.progress import Progress
from features.sources import read_scoring_tables
from serving.model.scoring import ScoringModel
from serving.score_file import ScoredFile, ScoreParts, parts, score_file, score_part
from serving.score_file.parts import score_parts_here
from tests.serving.conftest import SmallModel

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOML = """
[leads]
id = "id"
[events]
file = "events.parquet"
lead_id = "lead_id"
occurred_at = "occurred_at"
type = "type"
content = "content"
"""


@pytest.fixture
def config(small: SmallModel, tmp_path: Path) -> Config:
    """Give a folder with the small model's leads, in no order, and events."""
    attributes = {f"attr:{each.name}": each.name for each in small.attributes}
    leads = small.leads.select(pl.col("lead_id").alias("id"), *attributes).rename(attributes)
    leads.sample(fraction=1, shuffle=True, seed=4).write_parquet(tmp_path / "leads.parquet")
    small.events.write_parquet(tmp_path / "events.parquet")
    (tmp_path / "leadsift.toml").write_text(TOML)
    return load_config(tmp_path / "leadsift.toml")


@pytest.fixture
def _several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cut, "LEADS_A_PART", 130)
    monkeypatch.setattr(events, "ROWS_AT_ONCE", 700)
    monkeypatch.setattr(parts, "LEADS_AT_ONCE", 170)


def score(
    config: Config, model: ScoringModel, out: Path, reasons: int = 3, score_parts: ScoreParts = score_parts_here
) -> ScoredFile:
    return score_file(
        config,
        model,
        leads_file=config.root / "leads.parquet",
        events_file=config.root / "events.parquet",
        out=out,
        reasons=reasons,
        now=NOW,
        progress=lambda step, share: None,  # noqa: ARG005 - nobody watches
        score_parts=score_parts,
    )


def scored_whole(config: Config, small: SmallModel) -> pl.DataFrame:
    files = config.root / "leads.parquet", config.root / "events.parquet"
    tables = read_scoring_tables(config, *files, small.attributes, NOW)
    features = feature_table(tables.leads, tables.events, small.catalog)
    return small.model.score_table(features).frame(tables.leads["lead_id"], 3, small.model.version)


@pytest.mark.usefixtures("_several")
def test_scores_in_parts_are_those_of_the_whole_in_the_files_order(config: Config, small: SmallModel) -> None:
    score(config, small.model, config.root / "scores.parquet")
    scores = pl.read_parquet(config.root / "scores.parquet")
    assert_frame_equal(scores, scored_whole(config, small), check_exact=True)


@pytest.mark.usefixtures("_several")
def test_csv_holds_what_parquet_holds(config: Config, small: SmallModel) -> None:
    for name in ("scores.csv", "scores.parquet"):
        score(config, small.model, config.root / name)
    parquet = pl.read_parquet(config.root / "scores.parquet")
    from_csv = pl.read_csv(config.root / "scores.csv", schema=parquet.schema)
    assert_frame_equal(from_csv, parquet)


@pytest.mark.usefixtures("_several")
def test_what_is_said_of_the_scores_is_counted_over_all_parts(config: Config, small: SmallModel) -> None:
    said, scores = score(config, small.model, config.root / "scores.csv"), scored_whole(config, small)
    assert said.leads == scores.height
    assert said.expected_sqls == pytest.approx(scores["probability"].sum())
    counts = dict(scores["segment"].value_counts().iter_rows())
    assert said.segments == {name: counts.get(name, 0) for name in ("golden", "nurture", "curious", "park")}
    assert [row["probability"] for row in said.top] == sorted(scores["probability"], reverse=True)[:5]


def test_nothing_but_the_output_is_left(config: Config, small: SmallModel) -> None:
    (config.root / "out").mkdir()
    left_over = config.root / "out" / ".scores.csv.parts" / "partitions"
    left_over.mkdir(parents=True)
    score(config, small.model, config.root / "out" / "scores.csv")
    assert [path.name for path in (config.root / "out").iterdir()] == ["scores.csv"]


@pytest.mark.parametrize("name", ["scores.csv", "scores.parquet"])
def test_a_disk_that_fills_up_leaves_the_older_output_and_no_scratch(
    config: Config, small: SmallModel, tmp_path: Path, name: str
) -> None:
    def fill_up(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "out").mkdir()
    out = tmp_path / "out" / name
    out.write_text("older")
    with pytest.raises(DataError, match=rf"{name}: cannot be written \(No space left on device\); make room there"):
        score(config, small.model, out, score_parts=fill_up)
    assert [path.name for path in out.parent.iterdir()] == [name]
    assert out.read_text() == "older"


@pytest.mark.usefixtures("_several")
def test_a_part_may_be_scored_again_in_any_order(config: Config, small: SmallModel) -> None:
    def twice(partitions: Partitions, model: ScoringModel, reasons: int, folder: Path, progress: Progress) -> None:
        for number in (*reversed(range(partitions.parts)), 1, 0):
            score_part(partitions, number, model, reasons, folder)
        progress("Scoring", 1.0)

    score(config, small.model, config.root / "scores.parquet", score_parts=twice)
    scores = pl.read_parquet(config.root / "scores.parquet")
    assert_frame_equal(scores, scored_whole(config, small), check_exact=True)


def test_an_output_that_cannot_be_is_refused_before_any_work(config: Config, small: SmallModel) -> None:
    with pytest.raises(DataError, match=r"'scores\.xlsx' is neither \.csv nor \.parquet"):
        score(config, small.model, config.root / "scores.xlsx")
    with pytest.raises(DataError, match="is not a folder; make it first"):
        score(config, small.model, config.root / "gone" / "scores.csv")
