"""Requests a second: scoring against HTTP alone, and against MLflow's own server of the same trees."""

import statistics
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import lightgbm
import numpy as np
import orjson
import pandas as pd

from benchmarks.http_load import CONNECTIONS, Load, post, send_load
from benchmarks.row import Row, Way
from benchmarks.running_service import free_port, make_key, running, running_service
from benchmarks.sample_lead import EVENTS, REASONS, sample_lead
from benchmarks.sample_model import TREES, SampleModel, make_sample_model

TURNS, TURN_S = 5, 1.5
LEAST_TIMES = 5  # as many requests as MLflow's server
SCORE, FIXED = "leadsift `POST /v1/score`", "same app, fixed answer"
NOTHING = "same app, nothing read or checked"
SIGNED = "`mlflow models serve`, model with a signature, named columns"
NAMED = "`mlflow models serve`, no signature, named columns"
BARE = "`mlflow models serve`, no signature, a bare list of numbers"


def measure() -> list[Row]:
    """Give the rows: throughput and 99th percentile against the fixed answer, throughput against MLflow."""
    with TemporaryDirectory(prefix="leadsift-bench-") as name:
        sample = make_sample_model(Path(name))
        signed, unsigned = _save_for_mlflow(sample)
        ours, with_signature, without = free_port(), free_port(), free_port()
        key = {"Authorization": f"Bearer {make_key(sample.folder)}"}
        body = orjson.dumps(sample_lead(sample.model, datetime.now(UTC)))
        named, bare = _ready_made(sample)
        sent = {
            SCORE: (ours, post("/v1/score", body, key)),
            FIXED: (ours, post("/v1/fixed", body, key)),
            NOTHING: (ours, post("/v1/nothing", body, key)),
            SIGNED: (with_signature, post("/invocations", named, {})),
            NAMED: (without, post("/invocations", named, {})),
            BARE: (without, post("/invocations", bare, {})),
        }
        with (
            running_service(sample.folder, ours),
            running(*_mlflow_server(signed, with_signature)),
            running(*_mlflow_server(unsigned, without)),
        ):
            loads = _by_turns(sent)
    return _rows(loads)


def _names(sample: SampleModel) -> list[str]:
    return [f"c{at}" for at in range(sample.matrix.shape[1])]


def _save_for_mlflow(sample: SampleModel) -> tuple[Path, Path]:
    """Save the trees as MLflow's own LightGBM flavour does, with a signature and without."""
    import mlflow.lightgbm  # noqa: PLC0415 - takes seconds, so only where it is used
    from mlflow.models import infer_signature  # noqa: PLC0415 - see above

    booster = lightgbm.Booster(model_str=sample.trees)
    signature = infer_signature(pd.DataFrame(sample.matrix, columns=_names(sample)), booster.predict(sample.matrix))
    signed, unsigned = sample.folder / "signed", sample.folder / "unsigned"
    mlflow.lightgbm.save_model(booster, str(signed), pip_requirements=["lightgbm"], signature=signature)
    mlflow.lightgbm.save_model(booster, str(unsigned), pip_requirements=["lightgbm"])
    return signed, unsigned


def _ready_made(sample: SampleModel) -> tuple[bytes, bytes]:
    """Give one lead's columns in two forms that MLflow's server reads: with names, and as a bare list."""
    row = sample.matrix[:1]
    cells = [[None if np.isnan(value) else value for value in values] for values in row.tolist()]
    table = {"columns": _names(sample), "data": cells}
    return orjson.dumps({"dataframe_split": table}), orjson.dumps({"inputs": np.nan_to_num(row).tolist()})


def _mlflow_server(model: Path, port: int) -> tuple[list[str], str, dict[str, str]]:
    """Give the command, the address that says it is ready, and its environment: one worker, one thread, as ours."""
    options = ["--env-manager", "local", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command = [sys.executable, "-m", "mlflow", "models", "serve", "-m", str(model), *options]
    environment = {"OMP_NUM_THREADS": "1", "MLFLOW_DISABLE_TELEMETRY": "true"}
    environment["PATH"] = str(Path(sys.executable).parent) + ":/usr/bin:/bin"  # it calls its server by name
    return command, f"http://127.0.0.1:{port}/ping", environment


def _by_turns(sent: Mapping[str, tuple[int, bytes]]) -> dict[str, Load]:
    """Give the median of each way over its turns."""
    loads: dict[str, list[Load]] = {name: [] for name in sent}
    for _ in range(TURNS):
        for name, (port, request) in sent.items():
            loads[name].append(send_load(port, request, TURN_S))
    return {
        name: Load(statistics.median(one.per_second for one in each), statistics.median(one.p99_s for one in each))
        for name, each in loads.items()
    }


def _profile(loads: Mapping[str, Load]) -> str:
    """Say where a request's time goes."""
    whole, fixed, nothing = (1e6 / loads[name].per_second for name in (SCORE, FIXED, NOTHING))
    return (
        f"Of the {whole:.0f} microseconds that a request takes us, FastAPI and uvicorn take {nothing:.0f} with an "
        f"endpoint that looks at nothing; reading the key and the body and checking it {fixed - nothing:.0f}; features "
        f"of the events, score, reasons and their words {whole - fixed:.0f}."
    )


def _bound(loads: Mapping[str, Load]) -> str:
    """Say what bounds us against MLflow's quickest form."""
    needed = 1e6 / (LEAST_TIMES * loads[BARE].per_second)
    return (
        f"{LEAST_TIMES} times the bare list, a form that checks neither names nor types, would leave {needed:.0f} "
        "microseconds for all of a request, see the profile above."
    )


def _rows(loads: Mapping[str, Load]) -> list[Row]:
    score, fixed = loads[SCORE], loads[FIXED]
    share, slower = score.per_second / fixed.per_second, score.p99_s / fixed.p99_s
    times = [score.per_second / loads[name].per_second for name in (SIGNED, NAMED, BARE)]
    how = f"One worker, {CONNECTIONS} connections, an API key; medians of {TURNS} turns of {TURN_S:g} s."
    lead = f"A lead with {EVENTS} events, {REASONS} reasons, {TREES} trees and a linear part, 50 features."
    same = "The fixed answer comes after the same reading and checking, and has the same size."
    bound = "MLflow gets the ready-made columns of the same trees: no events, no reasons, no key. " + _bound(loads)
    return [
        Row(
            work="`POST /v1/score` against a fixed answer of the same app",
            unit="requests a second",
            ways=tuple(Way(name, loads[name].per_second) for name in (SCORE, FIXED)),
            result=f"{share:.0%} of its requests a second",
            target="at least 60 %",
            met=share >= 0.6,
            note=f"{how} {lead} {same} {_profile(loads)}",
        ),
        Row(
            work="the slowest hundredth of the requests",
            unit="milliseconds, 99th percentile",
            ways=tuple(Way(name, 1000 * loads[name].p99_s) for name in (SCORE, FIXED)),
            result=f"{slower:.1f} times that of the fixed answer",
            target="at most 3 times",
            met=slower <= 3,
            note=f"{how} As each connection sends again at once, this holds the wait behind the other seven.",
        ),
        Row(
            work="`POST /v1/score` against MLflow's server",
            unit="requests a second",
            ways=tuple(Way(name, loads[name].per_second) for name in (SCORE, NOTHING, SIGNED, NAMED, BARE)),
            result="{:.0f}, {:.1f} and {:.1f} times its requests a second: signature, names, bare list".format(*times),
            target=f"at least {LEAST_TIMES} times",
            met=min(times) >= LEAST_TIMES,
            note=f"{how} {lead} {bound}",
        ),
    ]
