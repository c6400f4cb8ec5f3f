"""The log in: a key opens a session, so that people read pages without sending it each time."""

import zlib
from functools import partial
from html import escape
from string import Template
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import Connection
from starlette.responses import RedirectResponse

from features.store.audit import Action, note
from serving.access import Caller, Role
from serving.http.callers import identify
from serving.http.forms import read_form
from serving.http.page_access import FORM_TOKEN, LOGIN, Visitor, own_form, shown_to
from serving.http.plain_page import plain_page
from serving.http.problems import too_often
from serving.http.service import CurrentService, Service
from serving.http.session_cookie import forget_session, session_cookie, set_session
from serving.http.sessions import Session

HOME = "/"
NO_SESSION = (
    "The form lay open for too long, or this browser keeps no cookies. Allow them for this address, and try again."
)
WRONG_KEY = "This key is not valid. It may have been mistyped, revoked, or be past its last day."
CONTENT = Template("""<h1>leadsift</h1>
<p class="lead">Log in with $whose key.</p>
$now
<section><form method="post" action="$action">
<input type="hidden" name="$token_name" value="$token">
<input type="hidden" name="next" value="$next">
$wrong<label for="key">Key</label>
<input id="key" name="key" type="password" required autofocus autocomplete="current-password" maxlength="200"
  spellcheck="false" aria-describedby="key-hint$described"$invalid>
<p class="hint" id="key-hint">It begins with ls_ and was shown once, when it was made.
Whoever runs leadsift can make another.</p>
<button>Log in</button>
</form></section>
<p class="small">You stay logged in for twelve hours in this browser, or until you log out.</p>
""")
WRONG = '<p class="bad" id="key-wrong" role="alert">{}</p>\n'
LOGGED_IN = Template("""<section><p>You are logged in as <strong>$name</strong>, with a key for: $roles.</p>
<form method="post" action="/logout"><input type="hidden" name="$token_name" value="$token">
<button class="quiet">Log out</button></form></section>""")

router = APIRouter(include_in_schema=False)
may_leave = shown_to(*Role)


@router.get(LOGIN)
async def login_page(request: Request, service: CurrentService, next: str = HOME) -> Response:  # noqa: A002  # its name in the address
    """Show the form, and who is logged in already."""
    caller, session = await identify(request, service)
    return await _anew(request, service, next) if session is None else _page(session, caller, next)


@router.post(LOGIN)
async def log_in(request: Request, service: CurrentService) -> Response:
    """Start a session for whoever shows a valid key, and lead on to the page that was asked for."""
    cookie = session_cookie(request)
    before = None if cookie is None else await service.sessions.read(cookie)
    if before is None:
        return await _anew(request, service, (await read_form(request)).get("next", HOME), NO_SESSION)
    form = await own_form(request, before)
    caller = await _holder(request, service, form.get("key", "").strip())
    if caller is None:
        return _page(before, None, form.get("next", HOME), WRONG_KEY)
    await service.store_work.write(partial(_note, caller=caller, service=service))
    response = RedirectResponse(safe_next(form.get("next", HOME)), status_code=303)
    set_session(response, request, await service.sessions.start(caller))  # a new one: nobody else can know it
    return response


@router.post("/logout")
async def log_out(request: Request, _: Annotated[Visitor, Depends(may_leave)]) -> Response:
    """End the session in this browser."""
    response = RedirectResponse(LOGIN, status_code=303)
    forget_session(response, request)
    return response


def safe_next(address: str) -> str:
    """Give an address on this service to go on to; the first page for any that leads elsewhere.

    >>> safe_next("/worklist?owner=Ana"), safe_next("//evil.example"), safe_next("https://evil.example")
    ('/worklist?owner=Ana', '/', '/')
    """
    is_plain = address.isascii() and address.isprintable() and "\\" not in address and " " not in address
    is_here = address.startswith("/") and not address.startswith("//")
    return address if is_plain and is_here else HOME


async def _anew(request: Request, service: Service, after: str, wrong: str | None = None) -> Response:
    """Show the form to a browser without a session, and give it one: the form's token belongs to it."""
    session = await service.sessions.start(None)
    response = _page(session, None, after, wrong)
    set_session(response, request, session)
    return response


async def _holder(request: Request, service: Service, key: str) -> Caller | None:
    """Give whose key it is. Raises ProblemError (429) where too many wrong ones came from the same place."""
    place = zlib.crc32((request.client.host if request.client else "").encode())
    wait_s = service.wrong_keys.wait_s(place)
    if wait_s > 0:
        raise too_often(wait_s, "too many wrong keys came from your address")
    caller = await service.keyring.caller(key)
    if caller is None:
        service.wrong_keys.count(place)
    return caller


def _note(connection: Connection, caller: Caller, service: Service) -> None:
    note(connection, caller.who, Action.LOGGED_IN, now=service.now())


def _page(session: Session, caller: Caller | None, after: str, wrong: str | None = None) -> Response:
    content = CONTENT.substitute(
        whose="your" if caller is None else "another",
        now="" if caller is None else _logged_in(session, caller),
        action=LOGIN,
        token_name=FORM_TOKEN,
        token=escape(session.form_token),
        next=escape(safe_next(after)),
        wrong="" if wrong is None else WRONG.format(escape(wrong)),
        described="" if wrong is None else " key-wrong",
        invalid="" if wrong is None else ' aria-invalid="true"',
    )
    return plain_page("Log in · leadsift", content, status=200 if wrong is None else 401, narrow=True)


def _logged_in(session: Session, caller: Caller) -> str:
    roles = ", ".join(sorted(caller.roles))
    return LOGGED_IN.substitute(
        name=escape(caller.name), roles=roles, token_name=FORM_TOKEN, token=escape(session.form_token)
    )
