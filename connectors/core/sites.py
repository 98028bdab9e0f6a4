"""Accounts that are sites of their owners, each named by its host.

A site below a path of its host, or without https, is stated as the setting `address` of its
connection: `Platform.address_setting`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from connectors.core.accounts import refuse_settings

ADDRESS = "address"
"""Setting of a connection: the site's whole address, where it is not `https://<account>`."""
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*"


def site(given: str) -> str:
    """Returns a site's host; it may be given as its address, or that of a page of its admin."""
    written = given.strip().lower()
    # Only behind a whole address stands a page that somebody looked at; `a/b` is no site.
    found = re.match(r"https?://([^/?#]*)", written)
    return found[1] if found else written.rstrip("/")


def check_address(platform: str, account_id: str, settings: Mapping[str, str]) -> None:
    """Refuses settings of a connection other than its address on the same host.

    Raises:
        ValueError: an unknown setting, or an address of another host.
    """
    value = refuse_settings(platform, account_id, settings, ADDRESS)
    address = f"https://{account_id}" if value is None else value
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or site(address) != account_id or parts.query:
        raise ValueError(
            f"{ADDRESS} of {platform} {account_id} is no address of that host: {value!r}; "
            f"write it like https://{account_id}/shop"
        )
