"""Reports for those who do not open the pages."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from command_line.options import DEFAULT_CONFIG, ConfigPath, JsonPath, Model
from features.config import load_config
from training.terminal import progress, show

PAGES = {  # reports that have a page
    "overview": "Print this week in one look.",
    "agreement": "Print what was promised and what came of it, by week and owner.",
    "grid": "Print fit against engagement: what became of each pair of grades.",
    "worklist": "Print the open leads to work next.",
    "rejections": "Print why sales rejects leads, by where they came from.",
    "content": "Print what leads took, and what became of them.",
    "model": "Print what each value of each feature is worth to the model in service.",
}
Csv = Annotated[Path | None, typer.Option(help="Write the figures as CSV to this file.")]


class Reports(TyperGroup):
    """The reports there are."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # its types are Typer's own
        """Find a report by its name; for another, say which ones there are."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            ctx.fail(f"{args[0]!r} is no report; there are {', '.join(self.commands)}")
        return super().resolve_command(ctx, args)


report = typer.Typer(help="Print a report, or write one to send by mail.", no_args_is_help=True, cls=Reports)


class Language(StrEnum):
    """The languages that pages are written in."""

    EN = "en"
    ES = "es"


@report.command()
def worked(
    model: Model = "champion",
    csv: Csv = None,
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Compare past leads that sales worked with those that it never looked at."""
    from training.records.scoring_model import registered_model
    from training.worked_report import worked_report
    from training.worked_report_render import render_worked, write_rows

    settings = load_config(config)
    found = worked_report(settings, registered_model(settings, model))
    if csv is not None:
        write_rows(found, csv)
    show(render_worked(found), found.to_json(), json)


@report.command()
def digest(
    out: Annotated[Path, typer.Option("-o", "--out", help="The file to write, .html or .pdf.")],
    language: Annotated[Language, typer.Option(help="What it is written in.")] = Language.EN,
    charts: Annotated[Path | None, typer.Option(help="Write the charts as PNG into this folder, too.")] = None,
    address: Annotated[
        str | None, typer.Option(help="Where readers open the pages, as https://leads.acme.example; else no links.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    json: JsonPath = None,
) -> None:
    """Write the week into one file to send by mail: deliveries, agreement, grid, worklist, rejections, content."""
    from features.store import open_store
    from serving.digest_file import check_digest_file, make_digest, write_digest

    check_digest_file(out)
    settings, now = load_config(config), datetime.now(UTC)
    with progress() as tell, closing(open_store(settings.store.url)) as store:
        tell("Counting", 0.0)
        made = make_digest(store, settings, now)
        tell("Writing", 0.5)
        write_digest(made, settings, now, out, language=language.value, charts=charts, address=address)
    show([f"The digest of the week is in {out}."], made.to_json(), json)


def _printing(name: str) -> Callable[..., Any]:
    def print_report(csv: Csv = None, config: ConfigPath = DEFAULT_CONFIG, json: JsonPath = None) -> None:
        from features.store import open_store
        from serving.stored_reports import stored_report
        from training.report_table import render_table, write_table

        settings = load_config(config)
        with closing(open_store(settings.store.url)) as store:
            made = stored_report(store, settings, name, datetime.now(UTC))
        if csv is not None:
            write_table(made.table(), csv)
        show(render_table(made.table()), made.to_json(), json)

    return print_report


for _name, _says in PAGES.items():
    report.command(_name, help=_says)(_printing(_name))
