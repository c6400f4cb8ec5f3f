"""[[webhooks]]: whom to tell what, with secrets that are never shown."""

import base64

import pytest

from features.topics import Subscriber, Topic
from tests.features.config.conftest import Written

KEY = b"a key of twenty-four bytes"
SECRET = base64.b64encode(KEY).decode()
CRM = f'[[webhooks]]\nname = "crm"\nurl = "https://crm.example/hooks"\nsecret = "{SECRET}"\n'


def test_a_webhook_is_told_everything_unless_it_says_otherwise(written: Written) -> None:
    other = CRM.replace('"crm"', '"other"') + 'topics = ["lead.golden", "sla.breached"]'
    config = written.config(CRM + other)
    assert config.subscribers == (
        Subscriber("crm", frozenset(Topic)),
        Subscriber("other", frozenset({Topic.GOLDEN, Topic.SLA_BREACHED})),
    )
    assert config.webhooks[0].secret.get_secret_value() == KEY


def test_a_secret_may_carry_its_mark(written: Written) -> None:
    assert written.config(CRM.replace(SECRET, f"whsec_{SECRET}")).webhooks[0].secret.get_secret_value() == KEY


def test_a_secret_is_never_shown(written: Written) -> None:
    config = written.config(CRM)
    shown = f"{config!r} {config} {config.model_dump()} {config.webhooks[0].model_dump_json()}"
    assert SECRET not in shown
    assert KEY.decode() not in shown


def test_the_environment_gives_url_and_secret(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADSIFT_WEBHOOKS_OUR_CRM_SECRET", SECRET)
    monkeypatch.setenv("LEADSIFT_WEBHOOKS_OUR_CRM_URL", "https://other.example")
    config = written.config('[[webhooks]]\nname = "our-crm"\nurl = "https://crm.example"')
    assert config.webhooks[0].url == "https://other.example"
    assert config.webhooks[0].secret.get_secret_value() == KEY


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('name = "crm"', 'name = "our crm"', "[[webhooks]] name is 'our crm'; write letters, digits, - and _"),
        ("https://crm.example/hooks", "ftp://crm.example", "[[webhooks]] url is not an address of the web"),
        ("https://crm.example/hooks", "https://", "[[webhooks]] url is not an address of the web"),
        ("https://crm.example/hooks", "https://crm.example:x", "[[webhooks]] url is not an address of the web"),
        ("https://crm.example/hooks", "https://crm example", "[[webhooks]] url is not an address;"),
        ("https://crm.example/hooks", r"https://crm.example/\r\nX: 1", "[[webhooks]] url is not an address;"),
        ("https://crm.example/hooks", "https://me:pw@crm.example", "[[webhooks]] url has a name or password before"),
        (SECRET, "too short", "[[webhooks]] secret is not the base64 of 24 to 64 bytes; make one with `openssl rand"),
        (SECRET, "c2hvcnQ=", "[[webhooks]] secret is not the base64 of 24 to 64 bytes"),
        ("secret =", "sekret =", "'sekret' is not a key of [[webhooks]]; did you mean 'secret'?"),
        ("https://crm", "http://crm", "[[webhooks]] url goes without TLS; write https://, or allow_private = ['crm."),
    ],
)
def test_what_is_wrong_is_named_without_showing_what_may_be_secret(
    written: Written, before: str, after: str, line: str
) -> None:
    problems = written.problems(CRM.replace(before, after))
    assert f"leadsift.toml, webhook 1: {line}" in "\n".join(problems)
    assert SECRET not in "\n".join(problems)
    assert "pw@" not in "\n".join(problems)


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ('topics = ["lead.goldn"]', "[[webhooks]] topics holds 'lead.goldn'; did you mean 'lead.golden'?"),
        ("topics = []", "[[webhooks]] topics is not a list of topics"),
        ('allow_private = ["elsewhere"]', "[[webhooks]] allow_private names a host that is not called"),
        ("allow_private = true", "[[webhooks]] allow_private is not a list of hosts"),
        (CRM, "webhook 2: 'crm' is the name of two webhooks; give each its own"),
    ],
)
def test_what_contradicts_itself_is_refused(written: Written, more: str, line: str) -> None:
    assert line in "\n".join(written.problems(CRM + more))


def test_one_section_is_not_a_list_of_them(written: Written) -> None:
    line = "leadsift.toml: 'webhooks' is not a list of sections; write each as [[webhooks]]"
    assert written.problems('[webhooks]\nname = "crm"') == [line]


def test_a_host_that_is_allowed_by_name_may_be_called_without_tls(written: Written) -> None:
    own = CRM.replace("https://crm.example", "http://CRM.internal") + 'allow_private = ["Crm.Internal"]'
    assert written.config(own).webhooks[0].may_be_private
