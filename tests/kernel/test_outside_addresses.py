"""Which addresses the office calls: https to a host on the public internet, however the inside is dressed up."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioffice.kernel.outside import Refused
from aioffice.kernel.outside.addresses import is_public, may_call, target_of

PORTS = {443, 8443}

INSIDE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "100.64.0.1", "100.127.255.255", "100.100.100.200", "169.254.169.254", "169.254.0.1", "192.0.0.1", "192.0.0.192", "192.0.2.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "192.0.0.9", "192.0.0.10", "192.31.196.1", "192.52.193.1", "192.175.48.6", "2620:4f:8000::1",
    "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::1",
    "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "2002:a00:1::1", "2002:808:808::1", "3fff::1", "fc00::1", "fd00:ec2::254",
    "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "5f00::1", "2a00:1450::5efe:a00:1", "2a00:1450::200:5efe:7f00:1",
]  # fmt: skip
PUBLIC = [
    "8.8.8.8",
    "93.184.216.34",
    "147.67.210.30",
    "2a00:1450:4001:80b::200e",
    "2606:4700:4700::1111",
    "2001:4860:4860::8888",
]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_not_on_the_public_internet_is_not_called(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_called(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.integers(0, 2**32 - 1))
def test_no_ipv6_address_that_stands_for_an_ipv4_address_is_called(number: int) -> None:
    """Mapped, compatible, translated (NAT64), 6to4, Teredo (also with the bits turned round) and ISATAP: whatever is embedded."""
    turned = number ^ 0xFFFF_FFFF
    dressed = [
        0xFFFF << 32 | number,
        number,
        0xFFFF << 48 | number,
        0x64_FF9B << 96 | number,
        0x64_FF9B_0001 << 80 | number,
        0x2002 << 112 | number << 80 | 1,
        0x2001_0000 << 96 | number << 64 | turned,
        0x2001_0000 << 96 | turned << 64 | number,
        0x2A00_1450 << 96 | 0x5EFE << 32 | number,
    ]
    assert [str(IPv6Address(one)) for one in dressed if is_public(IPv6Address(one))] == []


@given(st.integers(0, 2**32 - 1).map(IPv4Address) | st.integers(0, 2**128 - 1).map(IPv6Address))
def test_nothing_is_called_that_python_says_is_not_global(address: IPv4Address | IPv6Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not any((address.is_private, address.is_loopback, address.is_link_local, address.is_multicast))


def test_a_network_that_the_operator_named_is_called_and_no_other() -> None:
    named = [ip_network("10.20.0.0/16"), ip_network("fd00:1::/64")]
    assert may_call(ip_address("10.20.3.4"), named)
    assert may_call(ip_address("fd00:1::5"), named)
    assert not may_call(ip_address("10.21.0.1"), named)
    assert not may_call(ip_address("::ffff:10.20.3.4"), named)
    assert not may_call(ip_address("127.0.0.1"), named)


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://example.eu", "example.eu", 443, "/"),
        ("https://EXAMPLE.eu./hook?a=b&c=%2F", "example.eu", 443, "/hook?a=b&c=%2F"),
        ("https://example.eu:8443/x", "example.eu", 8443, "/x"),
        ("HTTPS://xn--bcher-kva.example/", "xn--bcher-kva.example", 443, "/"),
        ("https://8.8.8.8/", "8.8.8.8", 443, "/"),
        ("https://[2606:4700:4700::1111]:8443/a", "2606:4700:4700::1111", 8443, "/a"),
    ],
)
def test_an_address_is_read(url: str, host: str, port: int, path: str) -> None:
    target = target_of(url, PORTS)
    assert (target.host, target.port, target.path) == (host, port, path)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "plain letters"),
        ("http://example.eu/", "begin with https"),
        ("ftp://example.eu/", "begin with https"),
        ("file:///etc/passwd", "begin with https"),
        ("gopher://example.eu/", "begin with https"),
        ("//example.eu/", "begin with https"),
        ("https://user@example.eu/", "before the @"),
        ("https://user:word@example.eu/", "before the @"),
        ("https://example.eu@10.0.0.1/", "before the @"),
        ("https://@example.eu/", "before the @"),
        ("https://example.eu:22/", "Port 22 is not called. Possible are: 443, 8443."),
        ("https://example.eu:80/", "Port 80"),
        ("https://example.eu:0443443/", "no address"),
        ("https://example.eu:port/", "no address"),
        ("https://example.eu/#part", "Leave out the #"),
        ("https://example.eu/#", "Leave out the #"),
        ("https://example.eu\\@10.0.0.1/", "plain letters"),
        ("https://example.eu/a b", "plain letters"),
        ("https://example.eu/\r\nHost: inside", "plain letters"),
        ("https://exämple.eu/", "plain letters"),
        ("https:///path", "no address"),
        ("https://", "no address"),
        ("https://exa_mple.eu/", "no address"),
        ("https://example..eu/", "no address"),
        ("https://-example.eu/", "no address"),
        ("https://127.1/", "no address"),
        ("https://2130706433/", "no address"),
        ("https://0x7f000001/", "no address"),
        ("https://0x7f.0.0.1/", "no address"),
        ("https://0177.0.0.1/", "no address"),
        ("https://127.0.0.1%00.example.eu/", "no address"),
        ("https://[fe80::1%25eth0]/", "no address"),
        ("https://[::1/", "no address"),
        ("https://example.eu/" + "a" * 500, "longer than 500"),
    ],
)
def test_what_cannot_be_an_address_is_refused_in_words(url: str, says: str) -> None:
    with pytest.raises(Refused, match=says.replace(".", r"\.")):
        target_of(url, PORTS)
