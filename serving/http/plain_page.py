"""What the pages that stand alone have in common: one frame, one style sheet, no script."""

import hashlib
from html import escape
from string import Template

from fastapi import APIRouter, Response
from starlette.responses import HTMLResponse

STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1b2430; --soft: #5b6775; --paper: #f7f8fa; --card: #fff; --line: #dfe4ea; --edge: #76818e;
  --mark: #1860cf; --on-mark: #fff; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6eaf0; --soft: #9aa7b6; --paper: #11161d; --card: #1a212b; --line: #2c3643; --edge: #6d7a8a;
    --mark: #6ea8fe; --on-mark: #0b1220; --bad: #ff8a80;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
main { max-width: 44rem; margin: 12vh auto 4rem; padding: 0 1.25rem }
main.narrow { max-width: 26rem }
h1 { margin: 0; font-size: 2.25rem; letter-spacing: -.02em }
p.lead { margin: .25rem 0 2rem; color: var(--soft); font-size: 1.125rem }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
  padding: 1.25rem 1.5rem; margin-bottom: 1rem;
}
h1 + section { margin-top: 1.5rem }
section > :last-child { margin-bottom: 0 }
h2 { margin: 0 0 .5rem; font-size: 1rem }
p { margin: 0 0 .75rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 0 }
dt { color: var(--soft) }
dd { margin: 0; font-variant-numeric: tabular-nums }
pre {
  overflow-x: auto; margin: .5rem 0 0; padding: .75rem 1rem; border-radius: .5rem;
  background: var(--paper); font-size: .875rem;
}
a { color: var(--mark) }
label { display: block; margin-bottom: .375rem; font-weight: 600 }
input {
  width: 100%; padding: .625rem .75rem; border: 1px solid var(--edge); border-radius: .5rem;
  background: var(--paper); color: inherit; font: inherit;
}
button {
  padding: .625rem 1.25rem; border: 1px solid transparent; border-radius: .5rem;
  background: var(--mark); color: var(--on-mark); font: inherit; font-weight: 600; cursor: pointer;
}
button.quiet { border-color: var(--edge); background: none; color: inherit }
form > button { margin-top: 1rem }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px }
.hint { margin: .375rem 0 0; color: var(--soft); font-size: .875rem }
.bad { color: var(--bad); font-weight: 600 }
.small { color: var(--soft); font-size: .875rem }
"""
STYLE_PATH = "/plain.css"
STYLE_LINK = f"{STYLE_PATH}?v={hashlib.sha256(STYLE.encode()).hexdigest()[:12]}"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}  # another style has another address

FRAME = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="$style">
</head>
<body>
<main$shape>
$content
</main>
</body>
</html>
""")

router = APIRouter(include_in_schema=False)


@router.get(STYLE_PATH)
async def style() -> Response:
    """Give the style sheet of these pages."""
    return Response(STYLE, media_type="text/css", headers=FOR_EVER)


def plain_page(title: str, content: str, *, status: int = 200, narrow: bool = False) -> Response:
    """Give a page around `content`, which is HTML; `title` is plain text."""
    shape = ' class="narrow"' if narrow else ""
    page = FRAME.substitute(title=escape(title), style=STYLE_LINK, shape=shape, content=content)
    return HTMLResponse(page, status)
