"""Commands for warehouses."""

from pathlib import Path
from typing import Annotated

import typer

from command_line.options import DEFAULT_CONFIG, ConfigPath, Model
from features.config import load_config
from serving.sql.dialect import Dialect


def export_sql(
    dialect: Annotated[Dialect, typer.Option(help="Whose SQL to write.")] = Dialect.DUCKDB,
    table: Annotated[
        str, typer.Option(help="The table with a column per feature, as the dialect names it.")
    ] = "features",
    lead_id: Annotated[
        str | None, typer.Option(help="Its column with the leads' ids. Left out: as in the config, or lead_id.")
    ] = None,
    model: Model = "champion",
    feature_points: Annotated[
        bool, typer.Option("--feature-points", help="A column more per feature, with the points it adds.")
    ] = False,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="A file; else the screen.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Write the model as one SQL query, so that a warehouse scores its own table of features."""
    from serving.sql.query import LEAD_ID, scoring_query
    from serving.sql.query_file import write_query
    from training.records.scoring_model import registered_model

    settings = load_config(config)
    found = registered_model(settings, model)
    ids = lead_id or settings.leads.id or LEAD_ID
    query = scoring_query(found, dialect, table, lead_id=ids, feature_points=feature_points)
    if out is None:
        typer.echo(query, nl=False)
    else:
        write_query(query, out)
        typer.echo(f"The query of version {found.version} is in {out}. Above it stand the columns that it reads.")
