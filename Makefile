# Every target works from a fresh clone: what it needs is set up first.
# PYTHON: any Python from 3.11 on.     HOST, PORT: where `make serve` and `make demo` listen.
# CONFIG: the leadsift.toml for `make serve` and `make mlflow`; without one in this folder, the demo's.
# DATA: the folder with the public data sets for `make bench-quality` and `make bench-backtest`.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
CONFIG ?= $(firstword $(wildcard leadsift.toml) demo-company/leadsift.toml)
DATA ?= data
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-faults check format bench bench-large bench-store bench-quality bench-backtest screenshots serve mlflow lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: .venv/tools  ## a virtual environment with all locked dependencies, for work on the code

demo: .venv/runtime  ## a sample company with half a year of history, then its pages, with a link that opens them
	$(BIN)/leadsift demo --host $(HOST) --port $(PORT)

test: .venv/tools  ## all tests
	$(BIN)/python -m pytest -n 2 --dist worksteal

test-faults: .venv/tools  ## break the service for about two hours: kills, overload, swaps, soak; writes docs/reliability.md
	$(BIN)/python -m pytest tests/faults --long -n 0 -s --show-capture=no

check: .venv/tools  ## what CI runs: format, lint, types, layers, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory test

format: .venv/tools  ## lay out the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/tools  ## measure speed against peers in one run; writes docs/benchmarks.md and .json
	$(BIN)/python -m benchmarks

bench-large: .venv/tools  ## 10,000,000 leads with 200,000,000 events; writes docs/benchmarks-large.md and .json
	$(BIN)/python -m benchmarks --large

bench-store: .venv/tools  ## the live store with 200,000 leads, on both databases; writes docs/benchmarks-store.md and .json
	$(BIN)/python -m benchmarks --store

bench-quality: .venv/peers  ## measure quality against peers on the public data sets below the folder DATA
	$(BIN)/python -m benchmarks.quality $(DATA)

bench-backtest: .venv/tools  ## walk through time on the public data sets below the folder DATA
	$(BIN)/python -m benchmarks.backtests $(DATA)

screenshots: .venv/tools  ## pictures of every page of the sample company, into docs/images/pages
	$(BIN)/python -m screenshots

serve: .venv/runtime  ## the service on your leadsift.toml, or on the demo's
	$(BIN)/leadsift serve -c $(CONFIG) --host $(HOST) --port $(PORT)

mlflow: .venv/runtime  ## MLflow's pages on the same records
	$(BIN)/leadsift mlflow -c $(CONFIG)

lock: .venv/tools  ## choose versions anew within pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --upgrade pyproject.toml -o requirements/run.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --upgrade --extra dev -c requirements/run.lock pyproject.toml -o requirements/dev.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --upgrade --extra dev --extra peers -c requirements/dev.lock pyproject.toml -o requirements/peers.lock

clean:  ## remove the virtual environment, caches and the demo's files
	rm -rf .venv build demo-company *.egg-info
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/runtime: .venv/bin/python requirements/run.lock pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/peers: .venv/tools requirements/peers.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.lock
	@touch $@

.venv/tools: .venv/bin/python requirements/dev.lock pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@ .venv/runtime
