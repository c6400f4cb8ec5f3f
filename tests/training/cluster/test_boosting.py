"""Boosting on a cluster: as good as on one machine, and done also when a worker ends in the middle."""

import os
import signal
from collections.abc import Sequence
from threading import Event as Done
from threading import Thread

import numpy as np
import polars as pl
import pytest
from distributed import Client, Event, Lock
from lightgbm.basic import LightGBMError

from features.attributes import Attribute, Kind, Side
from features.catalog import Catalog, build_catalog
from features.config import Trees
from features.errors import DataError
from serving.model.encoding import Encoder
from serving.model.trees import TreesPart, TreeTables
from training.cluster.boosting import FIT_AT_A_TIME, OUTCOME, FeatureFile, boost, fit_one
from training.cluster.connection import worker_addresses
from training.cluster.watched import collective
from training.fitting.blend import log_loss, log_odds
from training.fitting.encoding import fit_encoder
from training.fitting.trees import fit_trees, tree_parameters
from training.measuring.metrics import Floats

PARTS, LEADS, ROUNDS, ENDLESS, SEEDS = 4, 600, 30, 200_000, (1, 2)
CLOSE = 0.01  # in log loss: seeds move it as much
CATALOG: Catalog = build_catalog(
    [Attribute("size", Side.FIT, Kind.NUMBER), Attribute("sector", Side.FIT, Kind.CATEGORY)], []
)


def make_part(seed: int) -> pl.DataFrame:
    """Make leads of which the larger ones in software buy; the last part has no buyer."""
    chance = np.random.default_rng(seed)
    size, sector = chance.normal(size=LEADS), chance.choice(["software", "retail"], LEADS)
    log_odds = 2 * size + 1.5 * (sector == "software")
    y = (chance.random(LEADS) < 1 / (1 + np.exp(-log_odds))) * (seed < PARTS - 1)
    return pl.DataFrame({"size": size, "sector": sector, OUTCOME: y.astype(np.int8)})


PARTS_MADE = [make_part(seed) for seed in range(PARTS)]
EVERY = pl.concat(PARTS_MADE)
ENCODER: Encoder = fit_encoder(EVERY, CATALOG)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[FeatureFile]:
    folder = tmp_path_factory.mktemp("features")
    for at, part in enumerate(PARTS_MADE):
        part.write_parquet(folder / f"{at}.parquet")
    return [FeatureFile(folder / f"{at}.parquet", LEADS) for at in range(PARTS)]


def loss_of(texts: Sequence[str]) -> float:
    tables = TreeTables(TreesPart.from_lightgbm(texts), ENCODER.feature_of_column, len(CATALOG.features))
    matrix = ENCODER.encode_table(EVERY)
    added = np.zeros((len(matrix), len(CATALOG.features)), order="F")
    tables.add_contributions(matrix, 1.0, added)
    return log_loss(outcomes(), tables.base + added.sum(axis=1))


def outcomes() -> Floats:
    return EVERY[OUTCOME].cast(pl.Float64).to_numpy()


def test_trees_of_the_cluster_are_as_good_as_those_of_one_machine(cluster: Client, files: list[FeatureFile]) -> None:
    here = fit_trees(ENCODER.encode_table(EVERY), outcomes(), ROUNDS, SEEDS)
    there = boost(cluster, files, ENCODER, rounds=ROUNDS, seeds=SEEDS, settings=Trees())

    assert len(there) == len(SEEDS)
    assert loss_of(there) == pytest.approx(loss_of(here), abs=CLOSE)
    assert loss_of(there) < 0.95 * log_loss(outcomes(), np.full(len(EVERY), log_odds(outcomes())))


def test_settings_are_those_of_one_machine_and_addresses_stay_out_of_the_model(
    cluster: Client, files: list[FeatureFile]
) -> None:
    matrix = ENCODER.encode_table(EVERY)
    here = parameters(fit_trees(matrix, outcomes(), 3, [5], Trees(depth=2, learning_rate=0.2))[0])
    there = parameters(
        boost(cluster, files, ENCODER, rounds=3, seeds=[5], settings=Trees(depth=2, learning_rate=0.2))[0]
    )

    assert {name for name in here if here[name] != there.get(name)} == {
        "tree_learner",
        "num_machines",
        "machines",
        "local_listen_port",
    }
    assert "machines" not in there
    assert there["num_machines"] == "2"


def parameters(text: str) -> dict[str, str]:
    lines = text.split("parameters:")[1].split("end of parameters", maxsplit=1)[0].split()
    pairs = " ".join(lines).strip("[]").split("] [")
    return {name: value.strip() for name, _, value in (pair.partition(":") for pair in pairs)}


def test_a_worker_killed_in_the_middle_of_a_fit_leaves_it_done(cluster: Client, files: list[FeatureFile]) -> None:
    here = fit_trees(ENCODER.encode_table(EVERY), outcomes(), ROUNDS, SEEDS[:1])
    rounds = iter((ENDLESS, ROUNDS))  # the first attempt would take minutes
    before, done = worker_addresses(cluster), Done()
    killer = Thread(target=kill_one_while_boosting, args=(cluster, cluster.run(os.getpid), done))

    killer.start()
    there = collective(
        cluster,
        lambda client: fit_one(files, ENCODER, next(rounds), tree_parameters(Trees(), len(EVERY), SEEDS[0]), client),
    )
    done.set()
    killer.join()

    assert list(rounds) == []
    assert worker_addresses(cluster).isdisjoint(before)
    assert loss_of([there]) == pytest.approx(loss_of(here), abs=CLOSE)


def kill_one_while_boosting(client: Client, pids: dict[str, int], done: Done) -> None:
    """Wait until two workers are in LightGBM together, then end one of them."""
    while not done.is_set():
        boosting = [
            address for address, keys in client.processing().items() if any("_train_part" in key for key in keys)
        ]
        if len(boosting) == 2:
            os.kill(pids[boosting[0]], signal.SIGKILL)
            return


def test_a_fit_that_failed_once_is_begun_again_on_fresh_workers(cluster: Client) -> None:
    before, tried = worker_addresses(cluster), []

    def fit(client: Client) -> str:
        tried.append(client)
        if len(tried) == 1:
            raise LightGBMError("Binding port 12400 failed")
        return "done"

    assert collective(cluster, fit) == "done"
    assert len(tried) == 2
    assert worker_addresses(cluster).isdisjoint(before)


def test_a_fit_that_takes_too_long_is_given_up(cluster: Client) -> None:
    with pytest.raises(DataError, match=r"failed 1 times, the last time because it was not done after 0 s; see in"):
        collective(cluster, lambda client: Event("never", client=client).wait(), longest_s=0.01, attempts=1)


def test_other_errors_of_a_fit_are_not_tried_again(cluster: Client) -> None:
    before = worker_addresses(cluster)

    def fit(client: Client) -> None:  # noqa: ARG001 - as every fit is called
        raise ValueError("not a matter of the cluster")

    with pytest.raises(ValueError, match="not a matter of the cluster"):
        collective(cluster, fit)
    assert worker_addresses(cluster) == before


def test_one_training_at_a_time_boosts_on_a_cluster(cluster: Client, files: list[FeatureFile]) -> None:
    with Lock(FIT_AT_A_TIME), pytest.raises(DataError, match="another training has been boosting on this cluster"):
        boost(cluster, files, ENCODER, rounds=3, seeds=[1], settings=Trees(), patience_s=0.01)
