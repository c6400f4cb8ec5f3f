"""The first page: what this is, which model scores, and how to call it."""

import base64
import hashlib
from dataclasses import dataclass
from html import escape
from string import Template

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from serving.http.callers import COOKIE
from serving.http.problems import ProblemError
from serving.http.service import CurrentService

STYLE = """
:root { color-scheme: light dark; --ink: #1b2430; --soft: #5b6775; --paper: #f7f8fa; --card: #fff; --line: #dfe4ea; --mark: #1f6feb }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf0; --soft: #9aa7b6; --paper: #11161d; --card: #1a212b; --line: #2c3643; --mark: #6ea8fe }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
main { max-width: 44rem; margin: 12vh auto 4rem; padding: 0 1.25rem }
h1 { margin: 0; font-size: 2.25rem; letter-spacing: -.02em }
p.lead { margin: .25rem 0 2rem; color: var(--soft); font-size: 1.125rem }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem 1.5rem; margin-bottom: 1rem }
h2 { margin: 0 0 .5rem; font-size: 1rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 0 }
dt { color: var(--soft) }
dd { margin: 0; font-variant-numeric: tabular-nums }
pre { overflow-x: auto; margin: .5rem 0 0; padding: .75rem 1rem; border-radius: .5rem; background: var(--paper); font-size: .875rem }
a { color: var(--mark) }
"""  # noqa: E501  # one rule a line reads better
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>leadsift</title>
<style>$style</style>
</head>
<body>
<main>
<h1>leadsift</h1>
<p class="lead">Which inbound leads will sales accept? A score for each, with reasons that add up.</p>
<section><h2>The model that scores</h2>$model</section>
<section><h2>Score a lead</h2>
<p>Ask <a href="/v1/model">/v1/model</a> what to send; <a href="/openapi.json">/openapi.json</a> has every detail.</p>
<pre>$call</pre></section>
<section><h2>For those who run it</h2>
<p><a href="/readyz">/readyz</a> says whether it can score,
<a href="/metrics">/metrics</a> what it counted.</p></section>
</main>
</body>
</html>
""")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class FirstPage:
    """All that the page shows. `call` is a command that scores a lead, with a placeholder for the key."""

    model: tuple[tuple[str, str], ...]
    notice: str | None
    call: str

    def render(self) -> str:
        """Give the page as HTML."""
        rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in self.model)
        notice = "" if self.notice is None else f"<p>{escape(self.notice)}</p>"
        return PAGE.substitute(style=STYLE, model=f"{notice}<dl>{rows}</dl>", call=escape(self.call))


@router.get("/")
async def first_page(request: Request, service: CurrentService, token: str | None = None) -> Response:
    """Show the page; with the one-time token, let its holder in first."""
    if token is not None:
        return _let_in(service, token)
    return HTMLResponse(_page(service, str(request.base_url)).render(), headers={"Content-Security-Policy": POLICY})


def _let_in(service: CurrentService, token: str) -> Response:
    """Turn the link's token into a cookie, and leave the address without it."""
    if not service.keyring.is_token(token):
        raise ProblemError(401, "this link is not, or no longer, valid; the service prints a new one when it starts")
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict")
    return response


def _page(service: CurrentService, base_url: str) -> FirstPage:
    version = service.served.version
    rows = (("Version", version),) if version is not None else ()
    return FirstPage(rows, _notice(service), _call(base_url))


def _notice(service: CurrentService) -> str | None:
    if service.served.version is None and service.served.problem is None:
        return "None yet. Train one, and it is taken up by itself."
    return service.served.problem


def _call(base_url: str) -> str:
    return (
        f"curl {base_url}v1/score \\\n  -H 'Authorization: Bearer ls_...' -H 'Content-Type: application/json' \\\n"
        '  -d \'{"lead_id": "42", "attributes": {}, "events": []}\''
    )
