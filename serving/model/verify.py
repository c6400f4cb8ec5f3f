"""Verifies a bundle in a process of its own: `python -m serving.model.verify FOLDER`.

Exit code 0: whole, of this format, and its golden rows get their scores. 1: not so; the reason is on standard error.
"""

import sys
from pathlib import Path

from features.errors import BundleError
from serving.model.bundle import read_bundle


def main(arguments: list[str]) -> int:
    """Verify the bundle in the folder that is the only argument; give the exit code."""
    try:
        read_bundle(Path(arguments[0]), version="unverified")
    except BundleError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
