"""The account's metrics: which are conversions, and which are counted by message."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.core.accounts import Account
from connectors.core.errors import BadRequest
from connectors.core.http import Client
from connectors.core.paginators import at
from connectors.platforms.klaviyo.listings import METRICS

CONVERSION = "conversion_metric"
"""Setting of a connection: the id of the metric that counts as a conversion."""
_PLACED, _CATEGORY = "Placed Order", "integration.category"
_DETAILS: dict[str, tuple[str, ...]] = {
    "Received Email": (), "Opened Email": (), "Clicked Email": ("Bot Click",), "Dropped Email": (),
    "Bounced Email": ("Bounce Type",), "Marked Email as Spam": (), "Unsubscribed": (),
    "Unsubscribed from Email Marketing": (),
}  # fmt: skip
"""Klaviyo's own metrics of e-mail, under old names and new, each with what else sets them apart."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of the account."""

    id: str
    name: str
    integration: str
    category: str


def of_reports(client: Client, account: Account) -> tuple[Metric | None, list[Metric]]:
    """Returns the conversion metric, if there is one, and all; a report takes any of them."""
    held = _metrics(client)
    return _conversion(held, account), held


def aggregated(client: Client, account: Account) -> list[tuple[Metric, tuple[str, ...]]]:
    """Returns the metrics that are counted, each with the dimensions: first that of the message.

    They are what became of mail, and the conversions credited to it.
    """
    held = _metrics(client)
    found = [
        (one, ("$message", *_DETAILS[one.name]))
        for one in held
        if one.integration == "Klaviyo" and one.name in _DETAILS
    ]
    conversion = _conversion(held, account)
    return [*found, *([(conversion, ("$attributed_message",))] if conversion else [])]


def _metrics(client: Client) -> list[Metric]:
    names = ("id", *(f"attributes.{one}" for one in ("name", "integration.name", _CATEGORY)))
    found = [
        Metric(*(str(at(row, one) or "") for one in names))
        for page in METRICS(client)
        for row in page.records
    ]
    # A page may come twice.
    return list(dict.fromkeys(found))


def _conversion(held: list[Metric], account: Account) -> Metric | None:
    """Returns the metric that the connection states, or that of the one shop's orders.

    Raises:
        BadRequest: the stated one is not there; or several shops have one, and none is stated.
    """
    stated = account.settings.get(CONVERSION, "")
    if stated:
        found = [one for one in held if one.id == stated]
        if not found:
            raise BadRequest(
                f"the account has no metric {stated}",
                remedy=f"Set {CONVERSION} of the connection to the id of one that it has.",
            )
        return found[0]
    found = [one for one in held if one.name == _PLACED and one.category == "eCommerce"]
    if len(found) > 1:
        shops = ", ".join(f"{one.id} ({one.integration})" for one in found)
        raise BadRequest(
            f"several metrics are named {_PLACED}: {shops}",
            remedy=f"Set {CONVERSION} of the connection to the id of the one that counts, in the "
            "file for `tributary connections apply`.",
        )
    return found[0] if found else None
