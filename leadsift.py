"""The command line of leadsift: nothing but wiring. The commands themselves stand in `command_line/`, by group."""

import sys

import typer

from command_line import audit, data, learning, registry, reports, scoring, service, store, warehouse
from command_line.keys import keys
from features.errors import LeadsiftError

COMMANDS = (
    data.simulate,
    data.check,
    learning.train,
    learning.backtest,
    learning.drift,
    learning.retrain,
    learning.recalibrate,
    scoring.score,
    warehouse.export_sql,
    store.rescore,
    store.score_past,
    store.backup,
    store.restore,
    service.serve,
    service.demo,
    registry.mlflow,
    registry.models,
    registry.card,
    registry.promote,
    registry.rollback,
    audit.audit,
)

app = typer.Typer(
    help="Learns from past leads which MQLs become SQLs, and scores new ones with reasons that add up.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in COMMANDS:
    app.command()(command)
app.command("import")(store.import_files)
app.add_typer(keys, name="keys")
app.add_typer(reports.report, name="report")


def main() -> None:
    """Run the command line: exit code 0 done, 1 not acceptable (said in plain lines), 2 wrong usage."""
    try:
        app()
    except LeadsiftError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
