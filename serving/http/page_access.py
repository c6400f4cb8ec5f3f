"""Who may see a page, or send its form: people who logged in, with a key of the right role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from fastapi import Request

from serving.access import Caller, Role
from serving.http.callers import READING_METHODS, admit, identify, is_own_page
from serving.http.forms import read_form
from serving.http.problems import ProblemError
from serving.http.service import service_of
from serving.http.sessions import Session

FORM_TOKEN = "form_token"  # noqa: S105  # the field's name
LOGIN = "/login"


@dataclass(frozen=True)
class Visitor:
    """A person on a page. `form_token` goes into each form of the page; `form` is what a form sent, without it."""

    caller: Caller
    form_token: str = ""
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ShownTo:
    """A dependency that shows a page, or takes its form, to people with one of `roles`.

    Whoever is not logged in is led to the log in. Raises ProblemError: 403 for another role, or a form that did not
    come from a page of this session; 429 too often.
    """

    roles: frozenset[Role]

    async def __call__(self, request: Request) -> Visitor:
        """Give the visitor."""
        service = service_of(request)
        caller, session = await identify(request, service)
        if caller is None:
            raise ProblemError(303, "log in first", headers={"Location": login_address(request)})
        admit(caller, self.roles, service)
        form = {} if request.method in READING_METHODS else await own_form(request, session)
        return Visitor(caller, "" if session is None else session.form_token, form)


def shown_to(*roles: Role) -> ShownTo:
    """Give the dependency that shows a page to people with one of these roles."""
    return ShownTo(frozenset(roles))


async def own_form(request: Request, session: Session | None) -> Mapping[str, str]:
    """Give what a form sent, without its token.

    Raises ProblemError: 403 where it did not come from a page of this session; and what `read_form` raises. A key in
    the header needs no token: no other site can make a browser send one.
    """
    form = dict(await read_form(request))
    token = form.pop(FORM_TOKEN, "")
    if session is not None and not (session.is_form_token(token) and _is_from_here(request)):
        raise ProblemError(403, "this form is of another session, or too old; load its page anew and send it again")
    return form


def login_address(request: Request) -> str:
    """Give where to log in, and to come back from to the page that was asked for."""
    if request.method not in READING_METHODS:
        return LOGIN
    path, query = (str(request.scope[part], "ascii", "replace") for part in ("raw_path", "query_string"))
    return f"{LOGIN}?next={quote(f'{path}?{query}' if query else path, safe='/')}"


def _is_from_here(request: Request) -> bool:
    """Say whether the browser, where it says anything, names our own page as the form's origin."""
    is_said = "sec-fetch-site" in request.headers or "origin" in request.headers
    return is_own_page(request) if is_said else True
