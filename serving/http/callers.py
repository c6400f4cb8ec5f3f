"""Finds out who is calling, and whether they may.

A key comes as `Authorization: Bearer ls_...`. People who logged in have a session's cookie instead, which writes only
for what the service's own pages send: another site can make a browser send a cookie, but not the right Origin.
"""

from dataclasses import dataclass

from fastapi import Request

from serving.access import Caller, Role
from serving.http.problems import ProblemError, too_often
from serving.http.service import Service, service_of
from serving.http.session_cookie import session_cookie
from serving.http.sessions import Session

READING_METHODS = {"GET", "HEAD"}
LINK_HOLDER = 0  # no key has this number


@dataclass(frozen=True)
class Requires:
    """A dependency that lets in callers with one of `roles`.

    Raises ProblemError: 401 unknown, 403 not theirs, 429 too often.
    """

    roles: frozenset[Role]

    async def __call__(self, request: Request) -> Caller:
        """Give the caller."""
        service = service_of(request)
        caller, session = await identify(request, service)
        if caller is None:
            detail = "send a valid key as 'Authorization: Bearer ls_...'; `leadsift keys create` makes one"
            raise ProblemError(401, detail, headers={"WWW-Authenticate": "Bearer"})
        if session is not None and request.method not in READING_METHODS and not is_own_page(request):
            raise ProblemError(403, "the cookie counts only for this service's own pages; send a key as a Bearer key")
        admit(caller, self.roles, service)
        return caller


def requires(*roles: Role) -> Requires:
    """Give the dependency that lets in callers with one of these roles."""
    return Requires(frozenset(roles))


async def identify(request: Request, service: Service) -> tuple[Caller | None, Session | None]:
    """Give who calls, None for nobody known, and the session where it was not a key that said so.

    Raises StoreError where that cannot be said now.
    """
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        return (await service.keyring.caller(secret.strip()) if scheme.lower() == "bearer" else None), None
    cookie = session_cookie(request)
    session = None if cookie is None else await service.sessions.read(cookie)
    return (None, None) if session is None else (await service.sessions.caller_of(session), session)


def admit(caller: Caller, roles: frozenset[Role], service: Service) -> None:
    """Let a caller pass who has one of `roles`, and count it. Raises ProblemError: 403 not theirs, 429 too often."""
    if not caller.roles & roles:
        allowed = " or ".join(sorted(roles))
        raise ProblemError(403, f"this key is for {', '.join(sorted(caller.roles))}; a key for {allowed} is needed")
    number = LINK_HOLDER if caller.key_id is None else caller.key_id
    wait_s = service.rates.wait_s(number)
    if wait_s > 0:
        raise too_often(wait_s, "this key is used more often than allowed")
    service.rates.count(number)


def is_own_page(request: Request) -> bool:
    """Say whether a page of this service made the browser send this.

    Browsers say so themselves in Sec-Fetch-Site, over HTTPS and on this machine; else the Origin tells.
    """
    said = request.headers.get("sec-fetch-site")
    if said is not None:
        return said == "same-origin"
    return request.headers.get("origin") == f"{request.url.scheme}://{request.headers.get('host')}"
