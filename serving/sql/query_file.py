"""The query as a file, whole or not at all."""

from pathlib import Path

from features.errors import DataError
from features.problems import Problem


def write_query(query: str, out: Path) -> None:
    """Write the query; a file that is there is replaced once the new one is whole. Raises DataError where it fails."""
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_text(query, encoding="utf-8")
        part.replace(out)
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise DataError([Problem(what, "give another file to -o", file=str(out))]) from error
    finally:
        part.unlink(missing_ok=True)
