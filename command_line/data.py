"""Commands on the data: make some up, check one's own."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from command_line.options import DEFAULT_CONFIG, ConfigPath, JsonPath
from features.config import load_config
from training.terminal import show


def simulate(
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write into.")],
    leads: Annotated[int, typer.Option(help="How many leads.", min=1, max=10_000_000)] = 20_000,
    events_per_lead: Annotated[float, typer.Option(help="Events of a lead, on average.", min=0, max=1_000)] = 20,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.", min=0)] = 7,
    end: Annotated[datetime | None, typer.Option(help="Last day of the history.", formats=["%Y-%m-%d"])] = None,
) -> None:
    """Make up a sample company: leads, events, outcomes, and each lead's true probability."""
    from features.simulation import DEFAULT_END, simulate, write_company

    company = simulate(leads, events_per_lead, seed, end.date() if end else DEFAULT_END)
    write_company(company, out)
    typer.echo(f"{leads:,} leads with {company.events.height:,} events are in {out}.")
    typer.echo(f"Next: leadsift check -c {out / 'leadsift.toml'}")


def check(config: ConfigPath = DEFAULT_CONFIG, json: JsonPath = None) -> None:
    """Read config and data; say what was understood, and every problem."""
    from training.check import check_data, render_check

    found = check_data(load_config(config))
    show(render_check(found), found.to_json(), json)
    if not found.acceptable:
        raise typer.Exit(1)
