"""No call goes into a network that only the service can reach, however its address is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.webhooks.addresses import AddressRefusedError, Host, addresses_of, is_public, resolve

INSIDE = (
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
)
OUTSIDE = ("1.1.1.1", "93.184.215.14", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1", "2606:4700::1111")
NEVER = ("0.0.0.0", "::", "169.254.169.254", "::ffff:169.254.169.254", "224.0.0.1", "fe80::1", "ff02::1")


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_some_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_on_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_counts_the_same_in_all_ways_to_write_it(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))


@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "::1"])
def test_names_of_this_machine_are_refused_however_they_are_written(name: str) -> None:
    with pytest.raises(AddressRefusedError, match="that is not on the internet"):
        addresses_of(Host(name, 80, may_be_private=False), resolve)


def test_one_address_inside_is_enough_to_refuse_a_name() -> None:
    with pytest.raises(AddressRefusedError, match=r"hooks.example is at 10.0.0.1"):
        addresses_of(Host("hooks.example", 443, may_be_private=False), lambda *_: ["1.1.1.1", "10.0.0.1"])


def test_a_host_that_is_allowed_by_name_may_be_inside() -> None:
    assert addresses_of(Host("crm.internal", 80, may_be_private=True), lambda *_: ["10.0.0.1"]) == ["10.0.0.1"]


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_are_never_called(address: str) -> None:
    with pytest.raises(AddressRefusedError, match="that is never called"):
        addresses_of(Host("crm.internal", 80, may_be_private=True), lambda *_: [address])
