"""Makes the sample company in a folder that goes away, and a picture of each of its pages.

`python -m screenshots` writes them into docs/images/pages; `python -m screenshots FOLDER` takes the company that a demo
left in FOLDER instead of making one.
"""

import logging
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import structlog

from screenshots.chromium import open_chromium
from screenshots.pictures import take_pictures
from screenshots.running_pages import running_pages
from training.demo import demo_config, run_demo
from training.terminal import progress

LEADS = 20_000
OUT = Path("docs/images/pages")


def main(words: list[str]) -> None:
    """Take the pictures and say what they weigh."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="leadsift-pictures-") as folder:
        config = demo_config(Path(words[0])) if words else run_demo(Path(folder), LEADS, now, progress)
        with running_pages(config, now) as pages, open_chromium() as browser:
            for picture in take_pictures(browser, pages, OUT):
                sys.stdout.write(f"{picture.stat().st_size / 1000:6.0f} kB  {picture}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
