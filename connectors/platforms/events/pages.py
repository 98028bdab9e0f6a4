"""Addresses of pages: parameters of campaigns and clicks are taken out, the rest is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_KNOWN_URLS = 100_000
_MOST_PARAMETERS = 200
_LONGEST = 2_000

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id")
CLICK_IDS = (
    "gclid", "gbraid", "wbraid", "dclid", "msclkid", "ttclid", "li_fat_id", "twclid", "sccid",
    "epik", "rdt_cid", "qclid", "yclid", "irclickid", "awc", "cjevent", "ransiteid", "tduid",
    "sscid", "admitad_uid", "clickref", "_ef_transaction_id", "fbclid", "_kx",
)  # fmt: skip
"""Ids of clicks, in small letters, those that prove an ad first. A value keeps its case.

https://support.google.com/google-ads/answer/9744275, https://learn.microsoft.com/en-us/advertising,
https://developers.facebook.com/docs/marketing-api/conversions-api (`fbclid` proves no ad)."""
_ABOUT_PERSONS = frozenset(
    {"mc_eid", "_hsenc", "_hsmi", "_gl", "_ga", "_sp", "pk_vid", "email", "e-mail", "mail",
     "phone", "token", "password", "key", "code", "state", "session", "sid"}
)  # fmt: skip
"""Parameters by which a person, a device or a login could be known: left out of addresses."""


@dataclass(frozen=True, slots=True)
class Page:
    """An address in its parts.

    Attributes:
        url: without the parameters of campaigns, clicks and persons.
        host: in small letters, without `www.`.
        utm: the parameters of `UTM` that have a value.
        click_id: the id of a click, None if there is none.
        click_id_type: the parameter that held it.
        parameters: names of all parameters in small letters, sorted, each between bars.
    """

    url: str | None = None
    host: str | None = None
    path: str | None = None
    utm: Mapping[str, str] = field(default_factory=dict)
    click_id: str | None = None
    click_id_type: str | None = None
    parameters: str | None = None


NO_PAGE = Page()


def page_of(url: object) -> Page:
    """Returns the parts of an address; none of what is no address."""
    return _parsed(url) if isinstance(url, str) and url else NO_PAGE


@lru_cache(maxsize=_KNOWN_URLS)
def _parsed(url: str) -> Page:
    try:
        parts = urlsplit(url.strip()[:_LONGEST])
        host = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:
        return NO_PAGE
    if not host:
        return NO_PAGE
    given = _parameters(parts.query)
    fragment = _parameters(parts.fragment) if "=" in parts.fragment else []
    known: dict[str, str] = {}
    for name, value in [*given, *(one for one in fragment if one[0].lower() in UTM)]:
        known.setdefault(name.lower(), value)
    click = next((name for name in CLICK_IDS if known.get(name)), None)
    left = [(name, value) for name, value in given if not _is_taken(name.lower())]
    netloc = parts.netloc.rpartition("@")[2]
    kept = urlunsplit((parts.scheme, netloc, parts.path, urlencode(left), ""))
    return Page(
        kept,
        host,
        parts.path or "/",
        {name: known[name] for name in UTM if known.get(name)},
        known[click] if click else None,
        click,
        f"|{'|'.join(sorted(known))}|" if known else None,
    )


def _parameters(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            query, keep_blank_values=True, errors="replace", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError:
        return []


def _is_taken(name: str) -> bool:
    return name in CLICK_IDS or name in _ABOUT_PERSONS or name.startswith("utm_")
