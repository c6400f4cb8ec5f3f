"""Commands on the live store."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from command_line.options import DEFAULT_CONFIG, ConfigPath, JsonPath, Model
from features.config import load_config
from training.terminal import progress, show


def import_files(config: ConfigPath = DEFAULT_CONFIG, json: JsonPath = None) -> None:
    """Fill the live store from the files of the config; done again, it changes nothing."""
    from features.sources.files_to_import import read_files_to_import
    from features.store import open_store
    from features.store.fact_rules import FactRules
    from features.store.import_tables import import_tables

    settings, now = load_config(config), datetime.now(UTC)
    with progress() as report, closing(open_store(settings.store.url)) as store:
        report("Reading", 0.0)
        done = import_tables(store, read_files_to_import(settings, now), now, report, FactRules.of(settings))
    show(done.lines(), done.to_json(), json)


def rescore(model: Model = "champion", config: ConfigPath = DEFAULT_CONFIG, json: JsonPath = None) -> None:
    """Score all open leads of the live store anew; run it every night. Interrupted, it goes on where it stopped."""
    from features.store import open_store
    from serving.live.live_model import LiveModel
    from serving.live.rescore import rescore as rescore_all
    from training.records.scoring_model import registered_model

    settings = load_config(config)
    with progress() as report, closing(open_store(settings.store.url)) as store:
        report("Fetching the model", 0.0)
        live = LiveModel(registered_model(settings, model), settings.company.zone)
        done = rescore_all(store, live, lambda: datetime.now(UTC), report, subscribers=settings.subscribers)
    show(done.lines(), done.to_json(), json)


def score_past(model: Model = "champion", config: ConfigPath = DEFAULT_CONFIG, json: JsonPath = None) -> None:
    """Give leads that were handed over before there was a model their score of then, so that reports can judge it.

    Only leads newer than all that the model learned from. Interrupted, it goes on where it stopped.
    """
    from features.store import open_store
    from features.store.fact_rules import FactRules
    from serving.live.live_model import LiveModel
    from serving.live.past_scores import score_past as score_past_leads
    from training.records.scoring_model import registered_model

    settings = load_config(config)
    with progress() as report, closing(open_store(settings.store.url)) as store:
        report("Fetching the model", 0.0)
        live = LiveModel(registered_model(settings, model), settings.company.zone)
        done = score_past_leads(store, live, datetime.now(UTC), report, rules=FactRules.of(settings))
    show(done.lines(), done.to_json(), json)


def backup(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file where it is there already.")] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Copy the embedded store into one file while the service goes on, and look through the copy."""
    from features.store.backup import back_up

    with progress() as report:
        done = back_up(load_config(config).store.url, output, report, overwrite=force)
    show(done.lines(), done.to_json(), json)


def restore(
    backup: Annotated[Path, typer.Argument(help="A file that `leadsift backup` wrote.")],
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Put a backup in the place of the embedded store; what was erased or revoked since is erased and revoked again."""
    from features.store.restore import restore as restore_backup
    from training.person import person

    with progress() as report:
        done = restore_backup(load_config(config).store.url, backup, person(), datetime.now(UTC), report)
    show(done.lines(), done.to_json(), json)
