"""Everflow's network API, v1.

Surprises: a conversion's status moves in any direction, and nothing lists what changed; what is on
hold is no conversion yet; adjustments change sums and no raw row; raw clicks are cut at 10,000 a
call without a word. https://developers.everflow.io/docs/network/
"""

from __future__ import annotations

from connectors.core.accounts import NUMBER, AccountIds
from connectors.core.auth import ApiKeyHeader
from connectors.core.columns import Column
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.stream import Pages, Stream
from connectors.platforms.everflow import hooks, schema
from connectors.platforms.everflow import listings as lists
from connectors.platforms.everflow.listings import Table

_RESTATES = 90, "Conversions are approved, rejected and changed for weeks; nothing lists changes."
_CORRECTED = 90, "Adjustments and late decisions change sums for weeks."
_CLICKED = 3, "A click is shown minutes later; its conversion may come days later."


def _snapshot(name: str, what: str, columns: tuple[Column, ...], pages: Pages) -> Stream:
    key = (columns[0].name,)
    return Stream(name, "snapshot", what, columns, pages, key_columns=key, ignored=schema.IGNORED)


def _report(
    name: str,
    what: str,
    columns: tuple[Column, ...],
    pages: Pages,
    lookback: tuple[int, str],
    *,
    days: int = 90,
    kept: int | None = 364,
) -> Stream:
    return Stream(
        name, "report", what, columns, pages, *lookback, days, kept, grain="day",
        ignored=schema.IGNORED,
    )  # fmt: skip


PLATFORM = Platform(
    name="everflow",
    display_name="Everflow",
    category="affiliate",
    api_version="v1",
    api_sunset=None,
    base_url="https://api.eflow.team",
    auth=ApiKeyHeader("X-Eflow-API-Key", "api_key"),
    requests_per_second=10.0,
    streams=(
        _snapshot(
            "offers", "An offer.", schema.OFFERS, Table("offers", "offers", "network_offer_id")
        ),
        _snapshot(
            "affiliates",
            "A partner.",
            schema.AFFILIATES,
            Table("affiliatestable", "affiliates", "network_affiliate_id", lists.search),
        ),
        _snapshot(
            "invoices",
            "What a partner is paid for a span of days.",
            schema.INVOICES,
            Table(
                "billings/affiliates/invoicestable",
                "invoices",
                "network_affiliate_invoice_id",
                lists.search,
            ),
        ),
        _report(
            "conversions",
            "A conversion, or an event behind one, as it stands.",
            schema.CONVERSIONS,
            Table(
                "reporting/conversions",
                "conversions",
                "conversion_id",
                lists.converted,
                "conversion_unix_timestamp",
            ),
            _RESTATES,
        ),
        _report(
            "on_hold",
            "What waits for its release before it is a conversion.",
            schema.ON_HOLD,
            Table(
                "reporting/onhold",
                "on_hold_conversions",
                "on_hold_conversion_id",
                lists.converted,
                "conversion.conversion_unix_timestamp",
            ),
            _RESTATES,
        ),
        _report("clicks", "A raw click.", schema.CLICKS, lists.clicks, _CLICKED, days=13, kept=89),
        _report(
            "daily",
            "What a partner brought for an offer on a day.",
            schema.DAILY,
            lists.daily,
            _CORRECTED,
            days=31,
            kept=None,
        ),
        _report(
            "adjustments",
            "A correction of the sums of a day, by hand.",
            schema.ADJUSTMENTS,
            Table(
                "reportingadjustments/table",
                "adjustments",
                "network_reporting_adjustment_id",
                lists.adjusted,
            ),
            _CORRECTED,
            kept=None,
        ),
    ),
    credential_fields=(CredentialField("api_key", True, "API key of the network."),),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=hooks.read_error,
    account_ids=AccountIds(NUMBER, "7100"),
    no_consent="Everflow's API knows keys alone",
    docs_url="https://developers.everflow.io/docs/network/",
)
