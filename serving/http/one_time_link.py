"""The link that the service prints while no key was made: whoever opens it on this machine is let in."""

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from serving.http.keyring import HOLDER
from serving.http.problems import ProblemError
from serving.http.service import Service
from serving.http.session_cookie import set_session

AFTERWARDS = "/overview"


async def let_in(request: Request, service: Service, token: str) -> Response:
    """Start a session, and go on to the overview without the token. Raises ProblemError (401) for a wrong token."""
    if not service.keyring.is_token(token):
        raise ProblemError(401, "this link is not, or no longer, valid; the service prints a new one when it starts")
    response = RedirectResponse(AFTERWARDS, status_code=303)
    set_session(response, request, await service.sessions.start(HOLDER))
    return response
