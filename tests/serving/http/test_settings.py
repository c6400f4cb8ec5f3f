"""Where the service may listen without a key."""

from pathlib import Path

import pytest

from features.errors import DataError
from serving.http.settings import ServiceSettings


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.com"])
def test_the_one_time_token_is_never_offered_to_other_machines(host: str) -> None:
    with pytest.raises(DataError, match="no API key was made yet; make one with `leadsift keys create`"):
        ServiceSettings(Path("published"), "sqlite:///s.db", host=host, one_time_token="t")
    assert ServiceSettings(Path("published"), "sqlite:///s.db", host=host).one_time_link is None


@pytest.mark.parametrize(("host", "link"), [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("::1", "[::1]")])
def test_the_link_leads_to_this_machine(host: str, link: str) -> None:
    settings = ServiceSettings(Path("published"), "sqlite:///s.db", host=host, port=81, one_time_token="t")
    assert settings.one_time_link == f"http://{link}:81/?token=t"
