"""The first page: what this is, which model scores, and how to call it."""

from dataclasses import dataclass
from html import escape
from string import Template

from fastapi import APIRouter, Request, Response

from serving.http.one_time_link import let_in
from serving.http.plain_page import plain_page
from serving.http.service import CurrentService

CONTENT = Template("""<h1>leadsift</h1>
<p class="lead">Which inbound leads will sales accept? A score for each, with reasons that add up.</p>
<section><h2>The model that scores</h2>$model</section>
<section><h2>Score a lead</h2>
<p>Ask <a href="/v1/model">/v1/model</a> what to send; <a href="/openapi.json">/openapi.json</a> has every detail.</p>
<pre tabindex="0">$call</pre></section>
<section><h2>For those who run it</h2>
<p><a href="/readyz">/readyz</a> says whether it can score,
<a href="/metrics">/metrics</a> what it counted.</p></section>
<p class="small"><a href="/login">Log in</a></p>""")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class FirstPage:
    """All that the page shows. `call` is a command that scores a lead, with a placeholder for the key."""

    model: tuple[tuple[str, str], ...]
    notice: str | None
    call: str

    def render(self) -> str:
        """Give the page's content as HTML."""
        rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in self.model)
        notice = "" if self.notice is None else f"<p>{escape(self.notice)}</p>"
        model = notice + (f"<dl>{rows}</dl>" if rows else "")
        return CONTENT.substitute(model=model, call=escape(self.call))


@router.get("/")
async def first_page(request: Request, service: CurrentService, token: str | None = None) -> Response:
    """Show the page; with the one-time token, let its holder in first."""
    if token is not None:
        return await let_in(request, service, token)
    return plain_page("leadsift", _page(service, str(request.base_url)).render())


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
