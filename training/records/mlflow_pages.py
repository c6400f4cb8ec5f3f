"""MLflow's own pages on the records of one config."""

import os
import sys

from features.errors import StoreError
from training.records.tracking import is_server

LIGHT = {
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # else it starts a dozen processes that nothing here uses
    "MLFLOW_DISABLE_TELEMETRY": "true",
}


def serve_mlflow_pages(tracking_uri: str, port: int) -> None:
    """Serve MLflow's pages on this machine alone, until it is stopped.

    Raises StoreError where the records are on a server, which has pages of its own.
    """
    if is_server(tracking_uri):
        raise StoreError(f"the records are on a server that has pages of its own: open {tracking_uri}")
    records = ["--backend-store-uri", tracking_uri, "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command = [sys.executable, "-m", "mlflow", "server", *records]
    sys.stderr.write(f"MLflow's pages: http://127.0.0.1:{port} (stop with Ctrl-C)\n")
    # In place of this process, so that a signal to stop reaches the server and nothing is left behind.
    os.execve(sys.executable, command, os.environ | LIGHT)  # noqa: S606 - a module and settings, no shell
