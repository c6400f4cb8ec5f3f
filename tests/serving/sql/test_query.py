"""The exported query gives what the model gives, on real engines, whatever the columns are called and hold."""

from dataclasses import replace

import duckdb
import lightgbm
import numpy as np
import polars as pl
import psycopg
import pytest
import sqlglot

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from features.errors import DataError
from serving.model.encoding import Column, Encoder, Role
from serving.model.linear import Knots, LinearPart
from serving.model.scoring import Blend, ScoringModel
from serving.sql import added as added_steps
from serving.sql.dialect import Dialect
from serving.sql.query import scoring_query
from tests.serving.conftest import SmallModel
from tests.serving.sql.conftest import Run
from training.assemble import assemble_model

WITHIN = 1e-9
ODD_NAMES = ('Größe "netto", m²', "it's a; -- trap", "регион\n\tline", "back\\slash `tick` 100%", "points.x")
LEVELS = ("O'Brien & Søn", "a\\b", "100 %", "ünïcode ☃", " padded ", "NULL")


def table(small: SmallModel) -> pl.DataFrame:
    return small.features.with_columns(small.leads["lead_id"])


def assert_equal_scores(found: pl.DataFrame, model: ScoringModel, features: pl.DataFrame) -> None:
    expected = model.score_table(features).frame(features["lead_id"], 0, model.version).drop("reasons")
    order = expected.select("lead_id").join(found, on="lead_id", maintain_order="left")
    assert found.height == expected.height
    for name in expected.columns:
        if expected[name].dtype == pl.Float64:
            np.testing.assert_allclose(order[name], expected[name], rtol=0, atol=WITHIN, err_msg=name)
        else:
            assert order[name].to_list() == expected[name].to_list(), name


@pytest.fixture(scope="module")
def few_trees(small: SmallModel) -> ScoringModel:
    """Give the small model cut to a few trees, where their number plays no part: its queries are a third as long."""
    texts = [booster.model_to_string(num_iteration=4) for booster in small.boosters]
    return assemble_model(
        small.features,
        small.y,
        encoder=small.encoder,
        linear=small.linear,
        texts=texts,
        blend=small.model.blend,
        info=small.model.info,
    )


@pytest.fixture(scope="module")
def odd() -> tuple[ScoringModel, pl.DataFrame]:
    """Give a model over columns with hostile names and values, and leads it was not fitted on."""
    chance = np.random.default_rng(5)
    sides = (Side.FIT, Side.ENGAGEMENT, Side.FIT, Side.ENGAGEMENT, Side.FIT)
    kinds = (Kind.NUMBER, Kind.NUMBER, Kind.CATEGORY, Kind.CATEGORY, Kind.FLAG)
    attributes = [Attribute(*each) for each in zip(ODD_NAMES, sides, kinds, strict=True)]
    catalog = build_catalog(attributes, [])
    features = odd_features(chance, 800)
    columns = []
    for at, kind in enumerate(kinds):
        if kind is Kind.CATEGORY:
            columns += [Column(at, Role.LEVEL, level) for level in LEVELS[:4]] + [Column(at, Role.OTHER)]
        else:
            columns.append(Column(at, Role.NUMBER))
        columns.append(Column(at, Role.MISSING))
    encoder = Encoder(catalog, tuple(columns))
    matrix = encoder.encode_table(features)
    signal = np.nan_to_num(np.sign(matrix[:, 0]) - matrix[:, 2]) + matrix[:, 4]
    y = (chance.random(len(matrix)) < 1 / (1 + np.exp(-signal))).astype(np.float64)
    texts = []
    for seed, missing in ((1, True), (2, False)):  # NaN goes its own way, or is compared as zero
        known = matrix if missing else np.nan_to_num(matrix)
        options = {
            "objective": "binary",
            "max_depth": 3,
            "num_leaves": 8,
            "verbose": -1,
            "num_threads": 1,
            "seed": seed,
        }
        texts.append(lightgbm.train(options, lightgbm.Dataset(known, y), 30).model_to_string())
    numbers = [at for at, column in enumerate(columns) if column.role is Role.NUMBER]
    knots = {at: Knots(np.array([-1.0, 0.5, 0.75, 2.0]), np.array([-2.0, 0.3, 0.3, 1.0]), 0.1) for at in numbers}
    weights = chance.normal(0, 0.4, len(columns))
    model = assemble_model(
        features,
        y,
        encoder=encoder,
        linear=LinearPart(-0.2, weights, knots),
        texts=texts,
        blend=Blend(0.1, 0.5, 0.5),
        info=replace(SmallModel._info(None), company='"Odd"'),  # type: ignore[arg-type]
    )
    return model, odd_features(chance, 500).with_columns(pl.Series("lead_id", [f"lead {at}'" for at in range(500)]))


def odd_features(chance: np.random.Generator, leads: int) -> pl.DataFrame:
    """Make rows in which a fifth is missing, numbers tie with knots and thresholds, and some levels are rare or new."""
    columns = {
        ODD_NAMES[0]: chance.choice([-5.0, -1.0, 0.0, -0.0, 0.5, 0.75, 1e-300, 2.0, 1e15, -1e15], leads),
        ODD_NAMES[1]: chance.normal(size=leads),
        ODD_NAMES[2]: chance.choice(LEVELS, leads),
        ODD_NAMES[3]: chance.choice([*LEVELS, "never seen"], leads),
        ODD_NAMES[4]: chance.integers(0, 2, leads).astype(float),
    }
    frame = pl.DataFrame(columns)
    holes = [pl.when(pl.lit(pl.Series(chance.random(leads) > 0.2))).then(pl.col(name)).alias(name) for name in columns]
    return frame.with_columns(holes)


def test_scores_are_those_of_the_model(small: SmallModel, dialect: Dialect, run: Run) -> None:
    found = run(scoring_query(small.model, dialect, "features"), table(small))
    assert_equal_scores(found, small.model, table(small))


def test_odd_names_levels_and_values_change_nothing(
    odd: tuple[ScoringModel, pl.DataFrame], dialect: Dialect, run: Run
) -> None:
    model, features = odd
    assert_equal_scores(run(scoring_query(model, dialect, "features"), features), model, features)


def test_nan_and_empty_texts_are_missing(odd: tuple[ScoringModel, pl.DataFrame], dialect: Dialect, run: Run) -> None:
    model, features = odd
    texts = [name for name, kind in features.schema.items() if kind == pl.String]
    filled = features.with_columns(pl.col(texts).fill_null(""), pl.col(pl.Float64).fill_null(float("nan")))
    assert_equal_scores(run(scoring_query(model, dialect, "features"), filled), model, features)


def test_a_flag_may_be_a_boolean(small: SmallModel, few_trees: ScoringModel, dialect: Dialect, run: Run) -> None:
    features = table(small).with_columns(pl.col("opted in").cast(pl.Boolean))
    assert_equal_scores(run(scoring_query(few_trees, dialect, "features"), features), few_trees, table(small))


def test_the_points_of_features_are_those_of_the_model(small: SmallModel, dialect: Dialect, run: Run) -> None:
    found = run(scoring_query(small.model, dialect, "features", feature_points=True), table(small))
    assert_equal_scores(found.select(pl.exclude("^points\\..*$")), small.model, table(small))
    points = small.model.score_table(small.features).feature_points
    order = small.leads.select("lead_id").join(found, on="lead_id", maintain_order="left")
    for at, name in enumerate(small.catalog.names):
        own = order[f"points.{name}"].to_numpy() if f"points.{name}" in order.columns else 0.0
        np.testing.assert_allclose(own, points[:, at], rtol=0, atol=WITHIN, err_msg=name)


def test_trees_are_added_up_in_several_steps_where_there_are_many(
    small: SmallModel, dialect: Dialect, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(added_steps, "TREES_AT_ONCE", 7)
    query = scoring_query(small.model, dialect, "features")
    assert "trees_8" in query
    assert_equal_scores(run(query, table(small)), small.model, table(small))


@pytest.mark.parametrize("blend", [Blend(-2.0, 0.0, 0.0), Blend(0.0, 1.0, 0.0), Blend(900.0, 0.0, 0.5)])
def test_parts_without_weight_and_log_odds_out_of_reach(
    small: SmallModel, few_trees: ScoringModel, dialect: Dialect, run: Run, blend: Blend
) -> None:
    model = replace(few_trees, blend=blend, centre=np.zeros(len(small.catalog.features)))
    assert_equal_scores(run(scoring_query(model, dialect, "features"), table(small)), model, table(small))


def test_half_a_point_of_score_is_rounded_to_even(
    small: SmallModel, few_trees: ScoringModel, dialect: Dialect, run: Run
) -> None:
    odds = 0.125 / 0.875
    model = replace(few_trees, blend=Blend(float(np.log(odds)), 0.0, 0.0), centre=np.zeros(len(small.catalog.features)))
    found = run(scoring_query(model, dialect, "features"), table(small))
    assert found["probability"].unique().to_list() == [0.125]
    assert found["score"].unique().to_list() == [12]


@pytest.mark.parametrize(("name", "value"), [("employees", -1.0), ("employees", float("inf")), ("TotalVisits", 2e15)])
def test_a_number_out_of_bounds_ends_the_query_by_name(
    small: SmallModel, dialect: Dialect, run: Run, name: str, value: float
) -> None:
    features = table(small).with_columns(pl.lit(value).alias(name))
    with pytest.raises((duckdb.Error, psycopg.Error), match=f"column '{name}' must be from .* or NULL, but is "):
        run(scoring_query(small.model, dialect, "features"), features)


def test_lead_ids_of_any_name_and_type_are_handed_on(
    small: SmallModel, few_trees: ScoringModel, dialect: Dialect, run: Run
) -> None:
    features = small.features.with_columns(pl.int_range(small.features.height).alias('the "id"'))
    found = run(scoring_query(few_trees, dialect, "features", lead_id='the "id"'), features)
    assert found["lead_id"].sort().to_list() == list(range(features.height))


@pytest.mark.parametrize("feature_points", [False, True])
def test_each_dialect_reads_what_was_written_for_it(few_trees: ScoringModel, feature_points: bool) -> None:
    for dialect in Dialect:
        query = scoring_query(few_trees, dialect, "shop.features", feature_points=feature_points)
        (read,) = sqlglot.parse(query, dialect=dialect.value)
        assert read is not None
        names = [column.alias_or_name for column in read.expressions]
        assert names[:4] == ["lead_id", "probability", "score", "points"]
        assert "shop.features" in {each.sql(dialect=dialect.value) for each in read.find_all(sqlglot.exp.Table)}


def test_spark_rounds_looks_up_and_refuses_in_its_own_words(few_trees: ScoringModel) -> None:
    query = scoring_query(few_trees, Dialect.SPARK, "features")
    for word in ("RINT(", "ELEMENT_AT(CAST(SPLIT('", "AS ARRAY<DOUBLE>)", "RAISE_ERROR(", "`opted in`"):
        assert word in query


def test_the_comment_lists_the_columns_that_are_read(odd: tuple[ScoringModel, pl.DataFrame]) -> None:
    model, _ = odd
    query = scoring_query(model, Dialect.DUCKDB, "features", lead_id="Lead Number")
    comment = [line for line in query.splitlines() if line.startswith("--")]
    assert '-- "Lead Number": the lead\'s id' in comment
    assert '-- "Größe ""netto"", m²": number; größe "netto", m² as it is' in comment
    assert query.splitlines()[len(comment)].startswith("WITH inputs AS (SELECT ")


def test_the_same_model_gives_the_same_query(few_trees: ScoringModel) -> None:
    queries = {scoring_query(few_trees, Dialect.POSTGRES, "features") for _ in range(2)}
    assert len(queries) == 1


def test_names_that_a_warehouse_cannot_tell_apart_are_refused(odd: tuple[ScoringModel, pl.DataFrame]) -> None:
    model, _ = odd
    with pytest.raises(DataError, match=r"'Points\.X and points\.x' are one and the same column for DuckDB"):
        scoring_query(model, Dialect.DUCKDB, "features", lead_id="Points.X")
    assert scoring_query(model, Dialect.POSTGRES, "features", lead_id="Points.X")


@pytest.mark.parametrize("text", ["", "a; DROP TABLE b", "my leads", "a JOIN b", "(SELECT 1)"])
def test_what_is_no_name_of_a_table_is_refused(few_trees: ScoringModel, text: str) -> None:
    with pytest.raises(DataError, match="is not the name of a table; write it as PostgreSQL does"):
        scoring_query(few_trees, Dialect.POSTGRES, text)
