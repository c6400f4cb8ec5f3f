"""The files that pages are made of: style, scripts, icon."""

import asyncio
from functools import partial

from fastapi import APIRouter, Response

from serving.http.plain_page import FOR_EVER
from serving.http.problems import ProblemError
from serving.http.service import CurrentService

MEDIA_TYPES = {
    "pages.css": "text/css",
    "agreement.css": "text/css",
    "content.css": "text/css",
    "grid.css": "text/css",
    "leads.css": "text/css",
    "overview.css": "text/css",
    "model.css": "text/css",
    "charts.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
VEGA = "vega.js"
CACHE = "pages"  # beside the folder of published models

router = APIRouter(include_in_schema=False)


@router.get("/static/{name}")
async def static_file(name: str, service: CurrentService) -> Response:
    """Give a file by its name."""
    from serving.pages.charts.chart import vega_bundle  # noqa: PLC0415 - the service starts quicker without
    from serving.pages.render import STATIC  # noqa: PLC0415

    if name == VEGA:
        bundle = await asyncio.to_thread(partial(vega_bundle, service.settings.published.parent / CACHE))
        return Response(bundle, media_type="text/javascript", headers=FOR_EVER)
    if name not in MEDIA_TYPES:
        raise ProblemError(404, "there is no such file")
    return Response((STATIC / name).read_bytes(), media_type=MEDIA_TYPES[name], headers=FOR_EVER)
