"""What the addresses of an order's visit say: the ad behind it, the page, where it came from.

The addresses themselves are not kept: they may hold whatever a mail or a shop puts into links. Of a
page the path stays if it is one that everybody sees, of where the visit came from the host.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

CAMPAIGN_PARAMETERS = ("gad_campaignid", "utm_id", "hsa_cam", "campaignid", "campaign_id")
"""Parameters with the id of a campaign, the surest first.

Google puts the first on every ad's address (https://support.google.com/google-ads/answer/16193746),
the second is Google Analytics' name for it, the others are what advertisers' templates use.
"""

CLICK_PARAMETERS = (
    *("gclid", "gbraid", "wbraid", "dclid", "gad_source", "msclkid", "fbclid", "ttclid"),
    *("li_fat_id", "sccid", "epik", "twclid", "rdt_cid", "_ef_transaction_id"),
)
"""Parameters that a platform adds to what is clicked, the surest first.

Those of other affiliate networks (`click_id`, `transaction_id`) are names that many others use.
"""

_NO_ID = frozenset({"gad_source"})
"""Those of them that say that an ad was clicked, and not which click it was."""

_PUBLIC_PATH = re.compile(
    r"(?:/[a-z]{2}(?:-[a-z]{2})?)?"
    r"(?:/(?:products?|collections|pages|blogs?|shop|product-category|product-tag)"
    r"(?:/[\w.~-]{1,200}){0,4})?/?",
    re.ASCII | re.IGNORECASE,
)
"""Pages for everybody of Shopify and WooCommerce (its usual permalinks,
https://woocommerce.com/document/permalinks/), below a language or not.

Other paths may hold what is a customer's: an order's page, a link to sign in.
"""

_HOST = re.compile(r"[a-z0-9.-]{1,253}")
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_LONGEST = 8_000


@dataclass(frozen=True, slots=True)
class Landing:
    """What is kept of the address that a visit began with.

    Attributes:
        landing_campaign_id: The id of a campaign that it names.
        click_id_type: The parameter of a platform in it.
        click_id: The value of that parameter, if it names one click.
        landing_path: The path, `/` for the front page; None for a page that is not for everybody.
    """

    landing_campaign_id: str | None
    click_id_type: str | None
    click_id: str | None
    landing_path: str | None


def landing_of(address: object) -> Landing:
    """Returns what is kept of an address; nothing of what is no address."""
    path = _split(address)[1]
    is_public = path is not None and _PUBLIC_PATH.fullmatch(path)
    named = _parameters(address)
    kind = next((name for name in CLICK_PARAMETERS if named.get(name)), None)
    ids = (named[name] for name in CAMPAIGN_PARAMETERS if _ID.fullmatch(named.get(name, "")))
    return Landing(
        next(ids, None),
        kind,
        named[kind] if kind and kind not in _NO_ID else None,
        (path or "/") if is_public else None,
    )


def host_of(address: object) -> str | None:
    """Returns the host of an address in small letters; None of what has none."""
    host = (_split(address)[0] or "").lower()
    return host if _HOST.fullmatch(host) else None


def path_of(address: object) -> str | None:
    """Returns the path of an address; None of what has none."""
    return _split(address)[1] or None


def _split(address: object) -> tuple[str | None, str | None]:
    """Returns the host and the path of an address; None of what is no address."""
    if not isinstance(address, str):
        return None, None
    try:
        parts = urlsplit(address[:_LONGEST])
        return parts.hostname, parts.path
    except ValueError:
        return None, None


def _parameters(address: object) -> Mapping[str, str]:
    if not isinstance(address, str):
        return {}
    asked = address[:_LONGEST].partition("?")[2].partition("#")[0]
    # Of a parameter that stands twice the last counts: links get theirs added at the end.
    return {name.lower(): value.strip() for name, value in parse_qsl(asked)}
