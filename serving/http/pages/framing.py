"""Reads a report from the store, and shows it as a page."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.responses import HTMLResponse

from features.store.facts import are_facts_whole
from serving.http.models_at_hand import model_at_hand
from serving.http.page_access import Visitor
from serving.http.service import Service
from serving.pages.wording.marked import N_
from serving.reports.report import ReportContext

if TYPE_CHECKING:
    from serving.pages.wording.formats import Formats

T = TypeVar("T")
Options = Mapping[str, Sequence[str]]

# Addresses and titles of the pages in the navigation; titles are translated where they are shown.
PAGES = (
    ("/overview", N_("Overview")),
    ("/grid", N_("Fit and engagement")),
    ("/worklist", N_("Worklist")),
    ("/agreement", N_("Agreement")),
    ("/content", N_("Content")),
    ("/rejections", N_("Rejections")),
    ("/model", N_("Model")),
)


@dataclass(frozen=True)
class Made(Generic[T]):
    """A report, and whether what it counts follows the whole store.

    options: the values to filter by, of each part of the leads; none where the page did not want them.
    """

    report: T
    is_up_to_date: bool
    options: Options


async def make_report(service: Service, build: Callable[[ReportContext], T], *, with_options: bool = False) -> Made[T]:
    """Make a report from one state of the store. Raises StoreError where the store cannot be used."""
    return await service.store_work.read(partial(_make, service=service, build=build, with_options=with_options))


@dataclass(frozen=True)
class Page:
    """A page to show. `fill` gives what its template shows; `title` is in English, marked with N_.

    data_address: where the same is as JSON and CSV, with the page's filters.
    """

    template: str
    title: str
    fill: Callable[["Formats"], Mapping[str, Any]]
    data_address: str | None = None
    is_up_to_date: bool = True
    status: int = 200


async def show(request: Request, service: Service, visitor: Visitor, page: Page) -> Response:
    """Show a page in the reader's language."""
    html = await asyncio.to_thread(_render, request, service, visitor, page)
    return HTMLResponse(html, page.status, headers={"Vary": "Accept-Language, Cookie"})


def _make(
    connection: Connection, service: Service, build: Callable[[ReportContext], T], *, with_options: bool
) -> Made[T]:
    settings = service.settings
    model = service.served.model
    model_of = partial(model_at_hand, service)
    context = ReportContext(
        connection, service.now(), settings.fact_rules, settings.exploration, model=model, model_of=model_of
    )
    options = service.choices.of(connection) if with_options else {}
    return Made(build(context), are_facts_whole(connection, settings.fact_rules), options)


def _render(request: Request, service: Service, visitor: Visitor, page: Page) -> str:
    from serving.pages.render import Entry, Frame, formats_of, render  # noqa: PLC0415 - the service starts quicker
    from serving.pages.wording.words import wanted_locale  # noqa: PLC0415

    locale = wanted_locale(request.headers.get("accept-language", ""))
    formats = formats_of(locale, ZoneInfo(service.settings.timezone))
    here = request.url.path
    navigation = tuple(
        Entry(address, formats.words(name), here == address or here.startswith(f"{address}/"))
        for address, name in PAGES
    )
    frame = Frame(
        title=formats.words(page.title),
        navigation=navigation,
        who=visitor.caller.name,
        form_token=visitor.form_token,
        model_version=service.served.version,
        now=service.now(),
        data_address=page.data_address,
        is_up_to_date=page.is_up_to_date,
    )
    return render(page.template, frame, formats, page.fill(formats))
