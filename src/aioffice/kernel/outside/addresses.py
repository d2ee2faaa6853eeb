"""Which addresses the office calls: how a URL is read, and which machines are on the public internet. Pure functions.

A URL is read once, here; host, port and path go on apart from each other, so that no second reading can find another host in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from aioffice.kernel.outside.port import Refused

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network

LONGEST = 500
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The one part of IPv6 that is given out. Outside it lie loopback, link-local, site-local, unique local and multicast addresses, those
that stand for an IPv4 address (::ffff:0:0/96, ::/96) and those of translators (NAT64, 64:ff9b::/96 and 64:ff9b:1::/48)."""
CLOSED = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments; .9 and .10 count as global, and are whatever router or relay is nearest
        "192.31.196.0/24",  # the nearest AS112 server, which may be one's own, as the next two
        "192.175.48.0/24",
        "2620:4f:8000::/48",
        "192.52.193.0/24",  # the nearest multicast relay
        "192.88.99.0/24",  # relays of 6to4
        "168.63.129.16/32",  # one cloud's metadata and agents, on an address that looks public
        "2001::/23",  # Teredo (embeds an IPv4 address), ORCHID, benchmarking and others that are not for hosts
        "2002::/16",  # 6to4: embeds an IPv4 address
        "3fff::/20",  # documentation (RFC 9637), which older versions of Python take for global
    )
)
"""Beside what is registered as not globally reachable."""
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)


@dataclass(frozen=True, slots=True)
class Target:
    """A URL in its parts. `host` is a name in small letters or a numeric address; `path` carries the query."""

    host: str
    port: int
    path: str

    @property
    def numeric(self) -> Address | None:
        """The address, where the host is one."""
        return _numeric(self.host)

    @property
    def authority(self) -> str:
        """What stands in the header `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 else f"{host}:{self.port}"


def target_of(url: str, ports: Collection[int]) -> Target:
    """Read a URL. Raises `Refused` for anything but https to a host and an allowed port, without a user and without a fragment."""
    if len(url) > LONGEST:
        raise Refused(_("The address is longer than %(n)s characters.") % {"n": LONGEST})
    if not _VISIBLE.fullmatch(url) or "\\" in url:
        raise Refused(
            _("Write the address in plain letters, without blanks or accents, such as https://example.eu/hook.")
        )
    try:
        parts = urlsplit(url)
        port = 443 if parts.port is None else parts.port
    except ValueError:
        raise Refused(_("This is no address. Write it such as https://example.eu/hook.")) from None
    if parts.scheme != "https":
        raise Refused(_("The address has to begin with https://, so that nobody reads along."))
    if "@" in parts.netloc:
        raise Refused(_("Leave out what stands before the @: no user names or passwords in the address."))
    if parts.fragment or url.endswith("#"):
        raise Refused(_("Leave out the # and what follows it."))
    if port not in ports:
        allowed = ", ".join(map(str, sorted(ports)))
        raise Refused(_("Port %(port)s is not called. Possible are: %(allowed)s.") % {"port": port, "allowed": allowed})
    host = (parts.hostname or "").removesuffix(".")
    if _numeric(host) is None and not _is_name(host):
        raise Refused(_("This is no address. Write it such as https://example.eu/hook."))
    return Target(host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _is_name(host: str) -> bool:
    """Whether this is a name, and none that some programs take for a number (127.1, 0x7f000001, 017700000001)."""
    return len(host) <= 253 and bool(_NAME.fullmatch(host)) and not _NUMBER.fullmatch(host.rpartition(".")[2])


def _numeric(host: str) -> Address | None:
    try:
        return None if "%" in host else ip_address(host)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether an address is that of a host on the public internet, and of nothing that only looks so."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if any(address.version == network.version and address in network for network in CLOSED):
        return False
    if isinstance(address, IPv6Address):
        interface = int(address) >> 32 & 0xFFFF_FFFF
        return address in GLOBAL_UNICAST and interface not in _ISATAP
    return True


def may_call(address: Address, networks: Sequence[Network]) -> bool:
    """Whether the office calls that address: it is public, or the operator named its network."""
    named = any(address.version == network.version and address in network for network in networks)
    return named or is_public(address)
