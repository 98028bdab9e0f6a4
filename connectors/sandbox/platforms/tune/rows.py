"""Rows as the API writes them, as of one clock: all values are text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from connectors.sandbox.business.affiliate_entities import (
    APPROVED,
    INVALID,
    PENDING,
    PER_SALE,
    REJECTED,
    Adjustment,
    Conversion,
    Invoice,
    Offer,
    Partner,
    State,
)
from connectors.sandbox.business.affiliates import AffiliateBook
from connectors.sandbox.tables.affiliates import Program, Sums
from connectors.sandbox.wire.amounts import money

Json = dict[str, Any]
_CODES = {PENDING: "31", APPROVED: "41", REJECTED: "17", INVALID: "12"}
_WORDS = {PENDING: "pending", APPROVED: "approved", REJECTED: "rejected", INVALID: "rejected"}
_ADJUSTED = "52"


def amount(cents: int) -> str:
    """Returns money with five decimals."""
    return f"{money(cents)}000"


def offers(program: Program) -> dict[str, Json]:
    """Returns the offers by their ids."""
    currency = program.book.shop.currency
    return {one.id: {"Offer": _offer(one, currency)} for one in program.book.offers}


def _offer(one: Offer, currency: str) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "status": one.status,
        "currency": currency,
        "payout_type": "cpa_percentage" if one.model == PER_SALE else "cpa_flat",
        "default_payout": amount(one.cents),
        "percent_payout": f"{one.per_mille / 10:.2f}",
    }


def partners(program: Program) -> dict[str, Json]:
    """Returns the partners by their ids."""
    return {one.id: {"Affiliate": _partner(one, program.book)} for one in program.book.partners}


def _partner(one: Partner, book: AffiliateBook) -> Json:
    status = {"active": "active", "paused": "blocked"}[one.status]
    joined = book.shop.created.strftime("%Y-%m-%d %H:%M:%S")
    return {"id": one.id, "company": one.name, "status": status, "date_added": joined}


def conversions(program: Program, first: date, last: date) -> list[Json]:
    """Returns the conversions of a range of days, and the corrections among them."""
    book = program.book
    made = [
        _conversion(one, state, book)
        for one, state in program.conversions(0, program.clock + 1)
        if first <= book.day_of(one.at) <= last
    ]
    made += [_adjustment(one, program) for one in program.adjustments(first, last)]
    return sorted(made, key=lambda one: (one["datetime"], one["tune_event_id"]))


def _conversion(one: Conversion, state: State, book: AffiliateBook) -> Json:
    return {
        "tune_event_id": one.id,
        "datetime": _local(one.at, book),
        "session_datetime": _local(one.click.at, book),
        "offer_id": one.click.offer.id,
        "affiliate_id": one.click.partner.id,
        "goal_id": "0",
        "status": _WORDS[state.status],
        "status_code": _CODES[state.status],
        "payout": amount(state.payout_cents),
        "revenue": amount(state.revenue_cents),
        "sale_amount": amount(state.sale_cents),
        "currency": book.shop.currency,
        "ad_id": one.click.id,
        "advertiser_info": one.order_id,
        "affiliate_info1": one.click.sub_id,
        "is_adjustment": "0",
    }


def _adjustment(one: Adjustment, program: Program) -> Json:
    is_withdrawn = one.withdrawn <= program.clock
    return {
        "tune_event_id": one.id,
        "datetime": f"{one.day} 00:00:00",
        "session_datetime": f"{one.day} 00:00:00",
        "offer_id": one.offer.id,
        "affiliate_id": one.partner.id,
        "goal_id": "0",
        "status": "rejected" if is_withdrawn else "approved",
        "status_code": _ADJUSTED,
        "payout": amount(one.payout_cents),
        "revenue": amount(one.revenue_cents),
        "sale_amount": amount(0),
        "currency": program.book.shop.currency,
        "ad_id": "",
        "advertiser_info": "",
        "affiliate_info1": "",
        "is_adjustment": "1",
    }


def stats(program: Program, first: date, last: date) -> list[Json]:
    """Returns what partners and offers came to by day."""
    found = program.days(first, last).items()
    return [_stats(key, sums, program.book) for key, sums in found]


def _stats(key: tuple[date, str, str], sums: Sums, book: AffiliateBook) -> Json:
    day, partner, offer = key
    return {
        "date": str(day),
        "offer_id": offer,
        "affiliate_id": partner,
        "currency": book.shop.currency,
        "impressions": "0",
        "clicks": str(sums.clicks),
        "unique_clicks": str(sums.unique_clicks),
        "conversions": str(sums.conversions),
        "payout": amount(sums.payout),
        "revenue": amount(sums.revenue),
        "sale_amount": amount(sums.sales),
    }


def invoices(program: Program) -> dict[str, Json]:
    """Returns the invoices by their ids."""
    return {one.id: {"AffiliateInvoice": _invoice(one, program)} for one in program.invoices()}


def _invoice(one: Invoice, program: Program) -> Json:
    is_paid = one.paid <= program.clock
    return {
        "id": one.id,
        "affiliate_id": one.partner.id,
        "amount": amount(one.cents),
        "actions": str(one.conversions),
        "currency": program.book.shop.currency,
        "datetime": _local(one.created, program.book),
        "start_date": str(one.first),
        "end_date": str(one.last),
        "is_paid": "1" if is_paid else "0",
        "memo": "",
        "receipt_id": one.id if is_paid else None,
        "status": "active",
    }


def _local(at: int, book: AffiliateBook) -> str:
    return datetime.fromtimestamp(at, book.zone).strftime("%Y-%m-%d %H:%M:%S")
