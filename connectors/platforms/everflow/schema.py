"""Columns of Everflow's streams.

Values stay as they are sent; instants, which come as seconds since 1970 UTC, are written out. Raw
conversions are in the currency of their offer, sums in the one that is asked for.
https://developers.everflow.io/docs/network/reporting/raw_conversions/
"""

from __future__ import annotations

import pyarrow as pa

from connectors.core.columns import DAY, MONEY, Column, attribute, dimension, essential, metric

_INSTANT = pa.timestamp("us", "UTC")
_FLAG = pa.bool_()
_OFFER = "relationship.offer.network_offer_id"
_PARTNER = "relationship.affiliate.network_affiliate_id"

IGNORED = frozenset(
    {
        # Personal, or about one person's device.
        "session_user_ip", "conversion_user_ip", "http_user_agent", "email", "idfa", "google_ad_id",
        "android_id", "geolocation", "device_information", "carrier", "isp", "city", "region",
        # Names of what the ids beside them name, and what is set up rather than reported.
        "advertiser", "account_manager", "affiliate_manager", "query_parameters", "internal_notes",
        "network_advertiser_id", "date_live_until", "snapshot", "payment_terms", "network_id",
    }
)  # fmt: skip
"""Known and dropped."""


def _at(name: str, source: str, description: str) -> Column:
    return attribute(name, source, description, _INSTANT)


def _subs(prefix: str = "") -> tuple[Column, ...]:
    """Returns sub ids: ten since May 2026, five before."""
    return tuple(
        attribute(f"sub{number}", f"{prefix}sub{number}", f"Sub id {number} of the link.")
        for number in range(1, 11)
    )


OFFERS = (
    attribute("offer_id", "network_offer_id", "Id.", required=True),
    attribute("name", "name", "Name."),
    attribute("status", "offer_status", "active, paused, pending or deleted."),
    attribute("stated_currency", "currency_id", "Currency of its payouts and revenues."),
    attribute("destination_url", "destination_url", "Where a click leads."),
    attribute("payout_revenue", "relationship.payout_revenue", "What it pays, as JSON."),
    _at("created_at", "time_created", "When it was made."),
    _at("saved_at", "time_saved", "When it was last changed."),
)

AFFILIATES = (
    attribute("affiliate_id", "network_affiliate_id", "Id of the partner.", required=True),
    attribute("name", "name", "Name."),
    attribute("status", "account_status", "active, inactive, pending or suspended."),
    _at("created_at", "time_created", "When it joined."),
    _at("saved_at", "time_saved", "When it was last changed."),
)


def _converted(prefix: str = "") -> tuple[Column, ...]:
    texts = (
        ("transaction_id", "transaction_id", "Id of the click."),
        ("event", "event", "Base, or the name of the event behind a conversion."),
        ("payout_type", "payout_type", "cpc, cpa, cpm, cps, cpa_cps or prv."),
        ("revenue_type", "revenue_type", "rpc, rpa, rpm, rps, rpa_rps or prv."),
        ("stated_currency", "currency_id", "Currency of the offer."),
        ("order_id", "order_id", "Id of the order, if the tag sends it."),
        ("offer_id", _OFFER, "Id of the offer."),
        ("offer_name", "relationship.offer.name", "Its name."),
        ("affiliate_id", _PARTNER, "Id of the partner."),
        ("affiliate_name", "relationship.affiliate.name", "Its name."),
        ("source_id", "source_id", "Source id of the link."),
        ("country", "country", "Country by name."),
        ("device_type", "device_type", "Phone, Tablet or PC."),
        ("coupon_code", "coupon_code", "Coupon that the sale was counted by."),
        ("error_code", "error_code", "Why it does not count; 0 when it does."),
        ("error_message", "error_message", "The same in words."),
    )
    return (
        _at("converted_at", f"{prefix}conversion_unix_timestamp", "When it happened."),
        _at("clicked_at", f"{prefix}click_unix_timestamp", "When its click was made."),
        *essential(metric("payout", f"{prefix}payout", "Paid to the partner.", MONEY)),
        metric("revenue", f"{prefix}revenue", "Received from the advertiser.", MONEY),
        metric("sale_amount", f"{prefix}sale_amount", "Worth of the order.", MONEY),
        attribute("is_event", f"{prefix}is_event", "Whether it follows a conversion.", _FLAG),
        attribute("is_scrub", f"{prefix}is_scrub", "Whether it was left out on purpose.", _FLAG),
        attribute("is_view_through", f"{prefix}is_view_through", "Whether by a view.", _FLAG),
        *(attribute(name, f"{prefix}{source}", text) for name, source, text in texts),
        *_subs(prefix),
    )


CONVERSIONS = (
    dimension("date", "date", "Day of the conversion, in the network's zone.", DAY),
    dimension("conversion_id", "conversion_id", "Id, hexadecimal."),
    attribute("status", "status", "approved, pending, rejected or invalid."),
    *_converted(),
)

ON_HOLD = (
    dimension("date", "date", "Day of the conversion, in the network's zone.", DAY),
    dimension("on_hold_id", "on_hold_conversion_id", "Id in the waiting room."),
    attribute("status", "status", "on_hold."),
    _at("held_until", "holding_period_end", "When it is released."),
    attribute("note", "note", "Note."),
    *_converted("conversion."),
)

CLICKS = (
    dimension("date", "date", "Day of the click, in the network's zone.", DAY),
    dimension("transaction_id", "transaction_id", "Id of the click."),
    _at("clicked_at", "unix_timestamp", "When it was made."),
    attribute("is_unique", "is_unique", "1 for the first of a visitor.", pa.int64()),
    attribute("has_conversion", "has_conversion", "Whether a conversion followed.", _FLAG),
    attribute("is_test", "is_test_mode", "Whether it is a test.", _FLAG),
    attribute("error_code", "error_code", "Why it does not count; 0 when it does."),
    metric("payout", "payout", "Paid to the partner for the click.", MONEY),
    metric("revenue", "revenue", "Received from the advertiser for it.", MONEY),
    attribute("offer_id", _OFFER, "Id of the offer."),
    attribute("offer_name", "relationship.offer.name", "Its name."),
    attribute("affiliate_id", _PARTNER, "Id of the partner."),
    attribute("affiliate_name", "relationship.affiliate.name", "Its name."),
    attribute("source_id", "source_id", "Source id of the link."),
    *_subs(),
)

DAILY = (
    dimension("date", "date", "Day, in the network's zone.", DAY),
    dimension("offer_id", "offer", "Id of the offer."),
    dimension("affiliate_id", "affiliate", "Id of the partner."),
    attribute("stated_currency", "currency", "Currency that the amounts are converted to."),
    metric("impressions", "reporting.imp", "Impressions."),
    metric("clicks", "reporting.total_click", "Clicks, those of adjustments too."),
    metric("unique_clicks", "reporting.unique_click", "First clicks of visitors."),
    metric("invalid_clicks", "reporting.invalid_click", "Clicks that do not count."),
    metric("duplicate_clicks", "reporting.duplicate_click", "Clicks of known visitors."),
    metric("conversions", "reporting.cv", "Approved conversions by a click."),
    metric("total_conversions", "reporting.total_cv", "Those by a view, too."),
    metric("view_through_conversions", "reporting.view_through_cv", "Those by a view."),
    metric("events", "reporting.event", "Events behind conversions."),
    *essential(metric("payout", "reporting.payout", "Paid to partners.", MONEY)),
    metric("revenue", "reporting.revenue", "Received from advertisers.", MONEY),
    metric("profit", "reporting.profit", "Revenue less payout.", MONEY),
    metric("gross_sales", "reporting.gross_sales", "Worth of the orders.", MONEY),
)

ADJUSTMENTS = (
    dimension("date", "date_adjustment", "Day that it corrects.", DAY),
    dimension("adjustment_id", "network_reporting_adjustment_id", "Id."),
    attribute("affiliate_id", "network_affiliate_id", "Id of the partner."),
    attribute("offer_id", "network_offer_id", "Id of the offer."),
    metric("clicks", "total_clicks", "Clicks to add."),
    metric("unique_clicks", "unique_clicks", "First clicks of visitors to add."),
    metric("conversions", "conversions", "Conversions to add."),
    *essential(metric("payout", "payout", "Payout to add.", MONEY)),
    metric("revenue", "revenue", "Revenue to add.", MONEY),
    metric("gross_sales", "gross_sales", "Worth of orders to add.", MONEY),
    attribute("notes", "notes", "Why."),
    attribute("is_deleted", "deleted", "Whether it was taken back.", _FLAG),
    _at("created_at", "time_created", "When it was entered."),
    _at("saved_at", "time_saved", "When it was last changed."),
)

INVOICES = (
    attribute("invoice_id", "network_affiliate_invoice_id", "Id.", required=True),
    attribute("affiliate_id", "network_affiliate_id", "Id of the partner."),
    attribute("first_day", "start_day", "First day that it is of, in the network's zone.", DAY),
    attribute("last_day", "end_day", "Last day that it is of.", DAY),
    attribute("status", "status", "unpaid, in progress, paid or deleted."),
    attribute("amount", "amount", "What is to be paid.", MONEY),
    attribute("stated_currency", "currency_id", "Its currency."),
    _at("created_at", "time_created", "When it was written."),
)
