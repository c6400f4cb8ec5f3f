"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_CONFIG = Path("leadsift.toml")

ConfigPath = Annotated[Path, typer.Option("-c", "--config", help="What the company's data looks like.")]
JsonPath = Annotated[str | None, typer.Option("--json", help="Write the result as JSON to this file; - is the screen.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Model = Annotated[str, typer.Option(help="champion, challenger or a version number.")]
Promote = Annotated[
    bool | None, typer.Option("--promote/--no-promote", help="Make it champion whatever the test says, or never.")
]
