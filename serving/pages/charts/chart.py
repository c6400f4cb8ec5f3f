"""Charts for pages: what Vega-Lite draws in the browser, and the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from markupsafe import Markup

if TYPE_CHECKING:
    import altair as alt

BUNDLE_NAME = "vega-{version}.js"
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}  # what could end a script element


@dataclass(frozen=True)
class Chart:
    """A chart on a page. `id`: unique on the page. `says`: in a sentence, what it shows. Cells are ready to read."""

    id: str
    says: str
    drawing: "alt.TopLevelMixin"
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    @cached_property
    def json(self) -> Markup:
        """Give the specification, safe inside a script element."""
        text = orjson.dumps(self.drawing.to_dict()).decode()
        for sign, escaped in _UNSAFE.items():
            text = text.replace(sign, escaped)
        return Markup(text)  # noqa: S704 - nothing in it can end the element


def vega_bundle(folder: Path) -> bytes:
    """Give the script that draws charts; made once, which takes seconds, and kept in `folder`."""
    import vl_convert  # noqa: PLC0415 - large, and needed once

    file = folder / BUNDLE_NAME.format(version=version("vl-convert-python"))
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{id(file)}.draft")
        script = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # its types know no default
        draft.write_text(script, encoding="utf-8")
        draft.replace(file)
    return file.read_bytes()
