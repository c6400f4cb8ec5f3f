"""The [[webhooks]] of leadsift.toml: where other systems are told what happened, and what each of them is told."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import BeforeValidator, SecretBytes, ValidationError

from features.config.environment import PREFIX
from features.config.sections import Section
from features.config.values import refuse
from features.config.wording import say_error
from features.problems import Problem, did_you_mean
from features.topics import Subscriber, Topic

SECTION = "[webhooks]"  # say_error puts the other brackets
SECRET_PREFIX = "whsec_"  # noqa: S105 - how such secrets are marked, not one of them
SECRET_BYTES = (24, 64)
MAKE_ONE = "make one with `openssl rand -base64 32`"
FROM_ENVIRONMENT = ("url", "secret")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_SENT_AS_IT_IS = re.compile(r"[!-~]+")  # visible ASCII, so that no line of a request can be smuggled in


def _name(value: Any) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        refuse(f"is {value!r}", 'write letters, digits, - and _, as "crm"')
    return value


def _url(value: Any) -> str:
    """Accept an address; it may carry a token, so it is never shown."""
    if not isinstance(value, str) or not _SENT_AS_IT_IS.fullmatch(value):
        refuse("is not an address", "write it as https://crm.example/hooks, with %20 for blanks and xn-- for accents")
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        refuse("is not an address of the web", "write it as https://crm.example/hooks")
    if parts.username is not None or parts.fragment:
        refuse("has a name or password before the host, or a # part", "leave them out: calls are signed instead")
    return value


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is not one
    except ValueError:
        return None
    return parts


def _secret(value: Any) -> SecretBytes:
    try:
        key = base64.b64decode(value.removeprefix(SECRET_PREFIX), validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        key = b""
    least, most = SECRET_BYTES
    if not least <= len(key) <= most:
        refuse(f"is not the base64 of {least} to {most} bytes", MAKE_ONE)
    return SecretBytes(key)


def _topics(value: Any) -> frozenset[Topic]:
    if not isinstance(value, list | tuple) or not value:
        refuse("is not a list of topics", 'write it as ["lead.golden"], or leave it out for all of them')
    known = [topic.value for topic in Topic]
    for each in value:
        if each not in known:
            refuse(f"holds {each!r}", did_you_mean(str(each), known))
    return frozenset(Topic(each) for each in value)


def _hosts(value: Any) -> frozenset[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) and each for each in value):
        refuse("is not a list of hosts", 'name the hosts, as ["crm.internal"]')
    return frozenset(each.lower() for each in value)


class Webhook(Section):
    """A receiver of webhooks.

    secret: under which calls are signed; never shown. topics: what it is told; all there are, where nothing is said.
    allow_private: hosts, by the name that stands in `url`, that may be at a private or loopback address, and may be
    called without TLS.
    """

    name: Annotated[str, BeforeValidator(_name)]
    url: Annotated[str, BeforeValidator(_url)]
    secret: Annotated[SecretBytes, BeforeValidator(_secret)]
    topics: Annotated[frozenset[Topic], BeforeValidator(_topics)] = frozenset(Topic)
    allow_private: Annotated[frozenset[str], BeforeValidator(_hosts)] = frozenset()

    @property
    def host(self) -> str:
        """Give the host that is called."""
        return urlsplit(self.url).hostname or ""

    @property
    def may_be_private(self) -> bool:
        """Say whether the host was allowed by name."""
        return self.host in self.allow_private

    @property
    def subscriber(self) -> Subscriber:
        """Give who wants to be told what, without the address and the secret."""
        return Subscriber(self.name, self.topics)


def read_webhooks(written: Any, environ: Mapping[str, str], file: str) -> tuple[tuple[Webhook, ...], list[Problem]]:
    """Give the webhooks that are valid, with url and secret from LEADSIFT_WEBHOOKS_<NAME>_... where that is set.

    Second, all that is wrong with the others.
    """
    if not isinstance(written, list) or not all(isinstance(each, dict) for each in written):
        return (), [Problem("is not a list of sections", "write each as [[webhooks]]", file, value="webhooks")]
    webhooks: list[Webhook] = []
    problems: list[Problem] = []
    for number, own in enumerate(written, 1):
        place = f"{file}, webhook {number}"
        try:
            webhook = Webhook.model_validate(_completed(own, environ))
        except ValidationError as error:
            problems += [say_error(found, SECTION, Webhook, place, {}) for found in error.errors()]
            continue
        problems += _contradictions(webhook, [each.name for each in webhooks], place)
        webhooks.append(webhook)
    return tuple(webhooks), problems


def variable_of(name: str, key: str) -> str:
    """Give the environment variable that holds a webhook's setting.

    >>> variable_of("our-crm", "secret")
    'LEADSIFT_WEBHOOKS_OUR_CRM_SECRET'
    """
    return f"{PREFIX}WEBHOOKS_{name}_{key}".upper().replace("-", "_")


def _completed(own: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    variables = {key: variable_of(str(own.get("name")), key) for key in FROM_ENVIRONMENT}
    return own | {key: environ[variable] for key, variable in variables.items() if environ.get(variable)}


def _contradictions(webhook: Webhook, before: list[str], place: str) -> Iterator[Problem]:
    taken = {variable_of(name, "") for name in before}
    if variable_of(webhook.name, "") in taken:
        yield Problem("is the name of two webhooks", "give each its own", place, value=webhook.name)
    if webhook.allow_private - {webhook.host}:
        what = f"[{SECTION}] allow_private names a host that is not called"
        yield Problem(what, f"url goes to {webhook.host!r}: name that, or nothing", place)
    if webhook.url.startswith("http:") and not webhook.may_be_private:
        what = f"[{SECTION}] url goes without TLS"
        yield Problem(what, f"write https://, or allow_private = [{webhook.host!r}] within your own network", place)
