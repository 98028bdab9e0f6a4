"""IP addresses: nothing of one is stored but its network, or a keyed hash of it."""

from __future__ import annotations

import ipaddress

from connectors.core.personal import Hasher

KEPT = ("network", "hash", "nothing")
"""What the setting `ip` may say: its network (/24 or /48), a keyed hash, or nothing."""
_PREFIX = {4: 24, 6: 48}


def plain(value: object) -> str | None:
    """Returns an address as its reader needs it; None for what is none."""
    if not isinstance(value, str):
        return None
    try:
        found = ipaddress.ip_address(value.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


def kept(address: str | None, keep: str, hasher: Hasher | None) -> str | None:
    """Returns what may be stored of an address.

    A plain hash would be guessed in minutes, for there are four thousand million addresses: the
    hash is keyed, by the organization's key.

    Args:
        address: as `plain` returns it.
        keep: one of `KEPT`.
        hasher: of the organization; without one nothing is hashed, and nothing kept.
    """
    if address is None or keep == "nothing":
        return None
    if keep == "hash":
        return hasher(f"ip {address}") if hasher is not None else None
    version = ipaddress.ip_address(address).version
    return str(ipaddress.ip_network(f"{address}/{_PREFIX[version]}", strict=False))
