"""A problem for people: the same words as in problem details, as a small page."""

from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from string import Template
from typing import Any

from fastapi import Request, Response

from serving.http.plain_page import plain_page

CONTENT = Template("""<h1>$title</h1>
<section><p>$detail</p>$errors<p>$way_out</p></section>
$request""")
HOME = '<a href="/">To the first page</a>'
LOG_IN = '<a href="/login">Log in with another key</a>'


def wants_page(request: Request) -> bool:
    """Say whether a browser asked for something to show, rather than a program for something to read."""
    return "text/html" in request.headers.get("accept", "")


def problem_page(problem: Mapping[str, Any], headers: Mapping[str, str], request_id: str | None) -> Response:
    """Give the page of a problem in the form of problem details."""
    errors = "".join(
        f"<li>{escape(each['pointer'])} {escape(each['detail'])}</li>" for each in problem.get("errors", ())
    )
    content = CONTENT.substitute(
        title=escape(problem["title"]),
        detail=escape(_sentence(problem["detail"])),
        errors=f"<ul>{errors}</ul>" if errors else "",
        way_out=LOG_IN if problem["status"] in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} else HOME,
        request="" if request_id is None else f'<p class="small">Request {escape(request_id)}</p>',
    )
    response = plain_page(problem["title"], content, status=problem["status"])
    response.headers.update(headers)
    return response


def _sentence(text: str) -> str:
    """Give a text as a sentence of its own.

    >>> _sentence("there is no such lead")
    'There is no such lead.'
    """
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
