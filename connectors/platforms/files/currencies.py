"""Currencies that headers and cells name: `Amount spent (EUR)`, `€ 12.50`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from connectors.platforms.files.texts import as_text

CODES = frozenset(
    re.findall(
        r"\w+",
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN "
        "BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD "
        "FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD "
        "JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT "
        "MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG "
        "QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
        "TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR "
        "ZMW",
    )
)
"""ISO 4217, as of 2026; codes of funds and metals are none."""
_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "₹": "INR", "zł": "PLN", "R$": "BRL", "CA$": "CAD",
          "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "MX$": "MXN", "₺": "TRY", "₴": "UAH",
          "₩": "KRW", "Kč": "CZK"}  # fmt: skip
"""Signs that mean one currency alone."""
_ENDING = re.compile(
    r"^(.*?)\s*(?:[(\[]\s*(?:in\s+)?([A-Z]{3}|\S{1,3})\s*[)\]]|[,:]\s*([A-Z]{3}))$"
)
_ZONE = re.compile(r"\s*\(\s*(?:in\s+)?(?:UTC|GMT|local time)[^)]*\)$", re.IGNORECASE)
_BESIDE = re.compile(r"[-+(\s]*([^\d\s(+.,-]{1,3})\s?\(?-?[\d.,'’\s]+\)?|[\d.,'’\s-]+\s?(\D{1,3})")


def of_header(name: str) -> tuple[str, str]:
    """Returns a header without the currency that it names, and that currency; empty without one."""
    found = _ENDING.match(name)
    if not found:
        return name, ""
    mark = found[2] or found[3]
    code = mark if mark in CODES else _SIGNS.get(mark, "")
    return (found[1], code) if code else (name, "")


def plain(name: str) -> str:
    """Returns a header as it is compared: small letters, one kind of space, no currency or zone."""
    bare = _ZONE.sub("", of_header(name)[0])
    return re.sub(r"[\s_\-]+", " ", bare).strip(" :*").casefold()


def of_cells(cells: Iterable[Any]) -> set[str]:
    """Returns the currencies beside amounts; `$` stands for itself, since it can mean many."""
    found = set()
    for cell in cells:
        text = as_text(cell) if type(cell) is str else None
        beside = _BESIDE.fullmatch(text) if text else None
        mark = (beside[1] or beside[2] or "").strip() if beside else ""
        if mark in CODES:
            found.add(mark)
        elif mark in _SIGNS:
            found.add(_SIGNS[mark])
        elif mark == "$":
            found.add("$")
    return found
