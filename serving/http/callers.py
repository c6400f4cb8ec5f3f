"""Finds out who is calling, and whether they may.

A key comes as `Authorization: Bearer ls_...`. The holder of the one-time link has a cookie instead, which counts only
for what the service's own pages send: another site can make a browser send a cookie, but not the right Origin.
"""

from dataclasses import dataclass

from fastapi import Request

from serving.access import Caller, Role
from serving.http.problems import ProblemError
from serving.http.service import Service, service_of

COOKIE = "leadsift"
READING_METHODS = {"GET", "HEAD"}


@dataclass(frozen=True)
class Requires:
    """A dependency that lets in callers with one of `roles`. Raises ProblemError: 401 unknown, 403 not theirs."""

    roles: frozenset[Role]

    async def __call__(self, request: Request) -> Caller:
        """Give the caller."""
        caller = await _caller(request, service_of(request))
        if caller is None:
            detail = "send a valid key as 'Authorization: Bearer ls_...'; `leadsift keys create` makes one"
            raise ProblemError(401, detail, headers={"WWW-Authenticate": "Bearer"})
        if not caller.roles & self.roles:
            allowed = " or ".join(sorted(self.roles))
            raise ProblemError(403, f"this key is for {', '.join(sorted(caller.roles))}; a key for {allowed} is needed")
        return caller


def requires(*roles: Role) -> Requires:
    """Give the dependency that lets in callers with one of these roles."""
    return Requires(frozenset(roles))


async def _caller(request: Request, service: Service) -> Caller | None:
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        return await service.keyring.caller(secret.strip()) if scheme.lower() == "bearer" else None
    cookie = request.cookies.get(COOKIE)
    if cookie is None or not service.keyring.is_token(cookie):
        return None
    if request.method not in READING_METHODS and not _is_own_page(request):
        raise ProblemError(403, "the cookie counts only for this service's own pages; send the token as a Bearer key")
    return await service.keyring.caller(cookie)


def _is_own_page(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin == f"{request.url.scheme}://{request.headers.get('host')}"
