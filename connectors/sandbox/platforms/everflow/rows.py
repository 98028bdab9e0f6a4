"""Rows as the API writes them, as of one clock."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from connectors.sandbox.business.affiliate_entities import (
    PER_SALE,
    Adjustment,
    Click,
    Conversion,
    Invoice,
    Offer,
    Partner,
    State,
)
from connectors.sandbox.business.affiliates import AffiliateBook
from connectors.sandbox.tables.affiliates import Sums
from connectors.sandbox.wire.amounts import number

Json = dict[str, Any]


def offer(one: Offer, currency: str, created: int) -> Json:
    """Returns an offer with what it pays."""
    by_sale = one.model == PER_SALE
    entry = {
        "payout_type": "cps" if by_sale else "cpa",
        "payout_amount": number(one.cents),
        "payout_percentage": one.per_mille / 10,
    }
    return {
        "network_offer_id": int(one.id),
        "network_advertiser_id": 1,
        "name": one.name,
        "offer_status": one.status,
        "currency_id": currency,
        "destination_url": "https://shop.example/",
        "date_live_until": "",
        "time_created": created,
        "time_saved": created,
        "relationship": {"payout_revenue": {"total": 1, "entries": [entry]}},
    }


def partner(one: Partner, created: int) -> Json:
    """Returns a partner."""
    status = {"active": "active", "paused": "inactive"}[one.status]
    named = {"network_affiliate_id": int(one.id), "name": one.name, "account_status": status}
    return {**named, "time_created": created, "time_saved": created}


def conversion(one: Conversion, state: State, currency: str) -> Json:
    """Returns a conversion as it stands."""
    return {"conversion_id": one.id, **_converted(one, state, currency), "status": state.status}


def hold(one: Conversion, currency: str, network: str) -> Json:
    """Returns what waits for its release."""
    return {
        "on_hold_conversion_id": one.hold_id,
        "network_id": int(network),
        "holding_period_end": one.held_until,
        "status": "on_hold",
        "note": "",
        "conversion": _converted(one, one.states[0], currency),
    }


def _converted(one: Conversion, state: State, currency: str) -> Json:
    is_sale = one.click.offer.model == PER_SALE
    return {
        "conversion_unix_timestamp": one.at,
        "click_unix_timestamp": one.click.at,
        "transaction_id": one.click.id,
        "is_event": False,
        "event": "Base",
        "payout": number(state.payout_cents),
        "revenue": number(state.revenue_cents),
        "payout_type": "cps" if is_sale else "cpa",
        "revenue_type": "rps" if is_sale else "rpa",
        "sale_amount": number(state.sale_cents),
        "currency_id": currency,
        "order_id": one.order_id,
        "sub1": one.click.sub_id,
        "sub2": "",
        "source_id": "",
        "country": "United States",
        "device_type": "Phone",
        "is_view_through": False,
        "is_scrub": False,
        "coupon_code": "",
        "error_code": 0,
        "error_message": "",
        "relationship": _related(one.click),
    }


def _related(one: Click) -> Json:
    return {
        "offer": {"network_offer_id": int(one.offer.id), "name": one.offer.name},
        "affiliate": {"network_affiliate_id": int(one.partner.id), "name": one.partner.name},
    }


def click(one: Click, *, has_conversion: bool) -> Json:
    """Returns a raw click."""
    return {
        "transaction_id": one.id,
        "unix_timestamp": one.at,
        "is_unique": int(one.is_unique),
        "source_id": "",
        "sub1": one.sub_id,
        "sub2": "",
        "payout": 0,
        "revenue": 0,
        "error_code": 0,
        "has_conversion": has_conversion,
        "is_test_mode": False,
        "relationship": _related(one),
    }


def adjustment(one: Adjustment, clock: int) -> Json:
    """Returns a correction of sums."""
    is_withdrawn = one.withdrawn <= clock
    return {
        "network_reporting_adjustment_id": int(one.id),
        "network_affiliate_id": int(one.partner.id),
        "network_offer_id": int(one.offer.id),
        "total_clicks": one.clicks,
        "unique_clicks": 0,
        "conversions": one.conversions,
        "payout": number(one.payout_cents),
        "revenue": number(one.revenue_cents),
        "gross_sales": 0,
        "date_adjustment": str(one.day),
        "notes": one.note,
        "time_created": one.created,
        "time_saved": one.withdrawn if is_withdrawn else one.created,
        "deleted": is_withdrawn,
    }


def invoice(one: Invoice, book: AffiliateBook, clock: int) -> Json:
    """Returns an invoice."""
    return {
        "network_affiliate_invoice_id": int(one.id),
        "network_affiliate_id": int(one.partner.id),
        "start_time": _midnight(one.first, book),
        "end_time": _midnight(one.last, book),
        "status": "paid" if one.paid <= clock or not one.cents else "unpaid",
        "amount": number(one.cents),
        "currency_id": book.shop.currency,
        "payment_terms": "net_15",
        "time_created": one.created,
    }


def summed(key: tuple[Any, str, str], sums: Sums, book: AffiliateBook) -> Json:
    """Returns what an offer of a partner came to on a day."""
    day, partner_id, offer_id = key
    columns = [
        {"column_type": "date", "id": str(_midnight(day, book)), "label": str(day)},
        {"column_type": "offer", "id": offer_id, "label": "Offer"},
        {"column_type": "affiliate", "id": partner_id, "label": "Partner"},
    ]
    figures = {
        "imp": 0,
        "total_click": sums.clicks,
        "unique_click": sums.unique_clicks,
        "cv": sums.conversions,
        "total_cv": sums.conversions,
        "payout": number(sums.payout),
        "revenue": number(sums.revenue),
        "profit": number(sums.revenue - sums.payout),
        "gross_sales": number(sums.sales),
    }
    return {"columns": columns, "reporting": figures}


def _midnight(day: Any, book: AffiliateBook) -> int:
    return int(datetime.combine(day, time(), book.zone).timestamp())
