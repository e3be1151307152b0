"""Which addresses of the internet a site may speak to when somebody else wrote them down. Pure."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What is handed out to machines on the public internet; all else of IPv6 is for special ends or for nobody yet.
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
_BOOKS = ipaddress.IPv6Network("3fff::/20")  # for examples, RFC 9637; Python knows it only lately
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an address of IPv4
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: so the lower half begins where its last 32 bits are one
_LAST_32 = 0xFFFFFFFF


def parsed(text: str) -> Address:
    """Return an address without its zone. Refuses what is none with ``ValueError``."""
    return ipaddress.ip_address(text.partition("%")[0])


def is_public(text: str) -> bool:
    """Tell whether the whole internet may reach an address, and it is one machine's.

    False for private, shared, loopback, link-local, multicast, unspecified and reserved ones, and for each form of
    IPv6 that leads to such an address of IPv4.
    """
    address = parsed(text)
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    inner = embedded(address)
    if inner is not None:
        return is_public(str(inner))
    return address in _GLOBAL_IPV6 and address.is_global and not address.is_multicast and address not in _BOOKS


def is_of_own_network(text: str) -> bool:
    """Tell whether an address is this machine's or one of a private network (RFC 1918, RFC 4193), and no other."""
    address = parsed(text)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped
        if inner is not None:
            return is_of_own_network(str(inner))
        return address.is_loopback or address in ipaddress.IPv6Network("fc00::/7")
    private = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")
    return any(address in ipaddress.IPv4Network(network) for network in private)


def embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the address of IPv4 that one of IPv6 stands for: mapped, compatible, translated or in a tunnel."""
    number = int(address)
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64 or _is_compatible(number) or (number >> 32) & _LAST_32 in _ISATAP:
        return ipaddress.IPv4Address(number & _LAST_32)
    return None


def _is_compatible(number: int) -> bool:
    """Tell whether all but the last 32 bits are zero (RFC 4291, 2.5.5.1), ``::`` and ``::1`` left out."""
    return 1 < number <= _LAST_32
