"""Where a platform is: its own address, or the sandbox that TRIBUTARY_SANDBOX names."""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

VARIABLE = "TRIBUTARY_SANDBOX"


def base_url(platform: str, own: str) -> str:
    """Returns the address to send a platform's requests to, without a trailing slash.

    Raises:
        ValueError: TRIBUTARY_SANDBOX names an address that is not on this machine.
    """
    sandbox = os.environ.get(VARIABLE, "").strip().rstrip("/")
    if not sandbox:
        return checked(own)
    if urlsplit(sandbox).scheme not in {"http", "https"} or not is_loopback(sandbox):
        # Real credentials would be sent there: only this machine will do.
        raise ValueError(
            f"{VARIABLE}={sandbox!r} must be a loopback address: http://127.0.0.1:8080"
        )
    return f"{sandbox}/{platform}"


def checked(address: str) -> str:
    """Returns an address that is fit to carry credentials, without a trailing slash.

    Raises:
        ValueError: it is neither https nor on this machine.
    """
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(address)):
        return address.rstrip("/")
    raise ValueError(f"{parts.scheme}://{parts.hostname} would carry credentials without https")


def is_loopback(address: str) -> bool:
    """Tells whether the address lies on this machine."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def moved(own: str, platform_base: str, actual_base: str) -> str:
    """Puts another address of a platform (its token URL) beside a base that was overridden."""
    if actual_base == platform_base.rstrip("/"):
        return own
    return actual_base + urlsplit(own).path
