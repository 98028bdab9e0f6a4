"""TUNE (HasOffers), network API v3.

Surprises: refusals come as HTTP 200; corrections are conversions with a code of their own; a list
that is empty is false; values are text, and times local to the network.
https://developers.tune.com/network-docs/
"""

from __future__ import annotations

from connectors.core.accounts import AccountIds
from connectors.core.auth import NoAuth
from connectors.core.columns import Column
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from connectors.platforms.tune import hooks, schema
from connectors.platforms.tune.listings import Entities, Report

_RESTATES = 90, "Conversions are approved, rejected and corrected for weeks; nothing lists changes."
_KEPT = 761
"""Days that conversions go back: https://developers.tune.com/network/report-getconversions"""
_EVENT = ("Stat.tune_event_id",)


def _snapshot(name: str, what: str, columns: tuple[Column, ...], pages: Entities) -> Stream:
    key = (columns[0].name,)
    return Stream(name, "snapshot", what, columns, pages, key_columns=key, ignored=schema.IGNORED)


def _report(name: str, what: str, columns: tuple[Column, ...], pages: Report) -> Stream:
    return Stream(name, "report", what, columns, pages, *_RESTATES, 31, _KEPT, grain="day")


PLATFORM = Platform(
    name="tune",
    display_name="TUNE",
    category="affiliate",
    api_version="3",
    api_sunset=None,
    base_url="https://api.hasoffers.com",
    # The token stands among the parameters of each request.
    auth=NoAuth(),
    requests_per_second=4.0,
    streams=(
        _snapshot("offers", "An offer.", schema.OFFERS, Entities("Offer", "findAll", "Offer")),
        _snapshot(
            "affiliates", "A partner.", schema.AFFILIATES,
            Entities("Affiliate", "findAll", "Affiliate"),
        ),
        _snapshot(
            "invoices", "What a partner is paid for a span of days.", schema.INVOICES,
            Entities("AffiliateBilling", "findAllInvoices", "AffiliateInvoice"),
        ),
        _report(
            "conversions", "A conversion as it stands.", schema.CONVERSIONS,
            Report("getConversions", schema.CONVERSIONS, _EVENT, "0"),
        ),
        _report(
            "adjustments", "A correction by hand, which is a conversion of its own.",
            schema.ADJUSTMENTS, Report("getConversions", schema.ADJUSTMENTS, _EVENT, "1"),
        ),
        _report(
            "stats", "What a partner brought for an offer on a day.", schema.STATS,
            Report("getStats", schema.STATS, ("Stat.date", "Stat.offer_id", "Stat.affiliate_id")),
        ),
    ),
    credential_fields=(
        CredentialField("network_id", False, "Id of the network, as in its address."),
        CredentialField("network_token", True, "Token of the network API."),
    ),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=hooks.read_error,
    account_ids=AccountIds(r"[A-Za-z0-9-]{1,63}", "acmepartners"),
    no_consent="TUNE's API knows tokens alone",
    docs_url="https://developers.tune.com/network-docs/",
)  # fmt: skip
