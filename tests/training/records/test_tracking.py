"""Reaching MLflow: soon, or with one line that says why not."""

import os
from pathlib import Path

import pytest

from features.errors import StoreError
from training.records.tracking import artifact_location, is_begun, open_client, prepare_mlflow


def test_a_file_that_is_no_database_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_text("these are not the records you are looking for" * 100)

    with pytest.raises(StoreError, match=r"file is not a database; check \[mlflow\] tracking_uri") as raised:
        open_client(f"sqlite:///{tmp_path}/mlflow.db")
    assert "\n" not in str(raised.value)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match=r"check \[mlflow\] tracking_uri"):
        open_client(f"sqlite:///{tmp_path}/file/mlflow.db")


@pytest.mark.parametrize("sign", ["%", "?"])
def test_a_path_that_mlflow_would_read_as_another_is_refused(tmp_path: Path, sign: str) -> None:
    with pytest.raises(StoreError, match=r"must not have '%' or '\?' in it; choose another tracking_uri"):
        open_client(f"sqlite:///{tmp_path}/a{sign}20b/mlflow.db")
    assert list(tmp_path.iterdir()) == []


def test_a_password_is_never_repeated() -> None:
    with pytest.raises(StoreError, match=r"MLflow at postgresql\+nothing://acme:\*\*\*@db/mlflow: ") as raised:
        open_client("postgresql+nothing://acme:secret@db/mlflow")
    assert "secret" not in str(raised.value)


def test_files_of_runs_lie_beside_the_database_or_with_the_company_or_on_the_server() -> None:
    home = Path("/data/acme")

    assert artifact_location("sqlite:////srv/mlflow.db", home) == "/srv/mlartifacts"
    assert artifact_location("postgresql://db/mlflow", home) == "/data/acme/.leadsift/mlartifacts"
    assert artifact_location("https://mlflow.acme.example", home) is None


def test_only_a_missing_sqlite_file_is_known_to_be_empty(tmp_path: Path) -> None:
    assert not is_begun(f"sqlite:///{tmp_path}/mlflow.db")
    assert is_begun(f"sqlite:///{tmp_path}")
    assert is_begun("https://mlflow.acme.example")


def test_mlflow_is_quiet_and_quick_unless_the_user_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_DISABLE_TELEMETRY", raising=False)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "60")

    prepare_mlflow()

    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] == "60"
