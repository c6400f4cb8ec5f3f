"""The cookie that carries a session: out of reach of scripts, of other sites' forms and, over HTTPS, of plain HTTP."""

from fastapi import Request, Response

from serving.http.sessions import LIFETIME, Session

COOKIE = "leadsift"
HTTPS_COOKIE = f"__Host-{COOKIE}"  # browsers take this name from HTTPS alone, and never from another host


def session_cookie(request: Request) -> str | None:
    """Give the cookie that came with a request."""
    return request.cookies.get(_name(request))


def set_session(response: Response, request: Request, session: Session) -> None:
    """Let the browser keep a session.

    Lax, not Strict: a link in the CRM or in a mail leads to a page, not to the log in. Forms are looked after apart.
    """
    seconds = int(LIFETIME.total_seconds())
    response.set_cookie(
        _name(request),
        session.cookie,
        max_age=seconds,
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="lax",
    )


def forget_session(response: Response, request: Request) -> None:
    """Let the browser forget its session."""
    response.delete_cookie(_name(request), path="/", secure=is_https(request), httponly=True, samesite="lax")


def is_https(request: Request) -> bool:
    """Say whether the browser speaks HTTPS, with us or with the proxy before us."""
    return request.url.scheme == "https"


def _name(request: Request) -> str:
    return HTTPS_COOKIE if is_https(request) else COOKIE
