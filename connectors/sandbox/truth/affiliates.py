"""What a partner program must come to, from the business alone.

- `affiliate_conversion` has each conversion as it stands as of the clock, `affiliate_hold` what
  waits for its release. A conversion's day is the one of its order, in the network's zone.
- `affiliate_day` has clicks on the day of the click and approved conversions on that of the order,
  each with the corrections of the day that are in force: what a network's own report shows.
- `affiliate_click` has each click. `affiliate_adjustment` and `affiliate_invoice` have what was
  entered by the clock; one that was withdrawn is in no day's sums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from connectors.sandbox.business import Business
from connectors.sandbox.business.affiliate_entities import APPROVED, AffiliateNetwork, Click, State
from connectors.sandbox.business.affiliates import AffiliateBook, affiliate_books
from connectors.sandbox.truth.question import Answer, Question, Row
from connectors.sandbox.truth.shop_rows import asked, instant, money

_Rows = Callable[[AffiliateBook, Question, int], Iterator[Row]]
_SUMS = ("clicks", "unique_clicks", "conversions")
_CENTS = ("payout", "revenue", "sale_amount")


def levels_of(network: AffiliateNetwork) -> dict[str, Answer]:
    """Returns the answers of all levels that a network has."""
    rows: dict[str, _Rows] = {
        "affiliate_conversion": _conversions,
        "affiliate_hold": _holds,
        "affiliate_day": _days,
        "affiliate_click": _clicks,
        "affiliate_adjustment": _adjustments,
        "affiliate_invoice": _invoices,
        "affiliate_partner": _partners,
    }
    return {level: partial(_answer, network, one) for level, one in rows.items()}


def _answer(
    network: AffiliateNetwork, rows: _Rows, business: Business, question: Question
) -> Iterator[Row]:
    for book in affiliate_books(business, network):
        if question.account in (None, book.account_id):
            shop = book.shop
            whose = {
                "organization_id": shop.organization.id,
                "platform": network.platform,
                "account_id": book.account_id,
                "currency": shop.currency,
            }
            for row in rows(book, question, int(question.as_of.timestamp())):
                if row.get("date") is None or asked(question, date.fromisoformat(row["date"])):
                    yield {**whose, **row}


def _conversions(book: AffiliateBook, _: Question, clock: int) -> Iterator[Row]:
    for one in book.conversions:
        state = one.state(clock)
        if state is not None:
            yield {
                "conversion_id": one.id,
                "date": str(book.day_of(one.at)),
                "converted_at": instant(one.at),
                "status": state.status,
                "order_id": one.order_id,
                **_of_click(one.click),
                **_amounts(state),
            }


def _holds(book: AffiliateBook, _: Question, clock: int) -> Iterator[Row]:
    for one in book.conversions:
        if one.is_held(clock):
            yield {
                "hold_id": one.hold_id,
                "date": str(book.day_of(one.at)),
                **_of_click(one.click),
                **_amounts(one.states[0]),
            }


def _days(book: AffiliateBook, _: Question, clock: int) -> Iterator[Row]:
    sums: dict[tuple[str, str, str], Counter[str]] = {}

    def add(day: date, partner: str, offer: str, **amounts: int) -> None:
        sums.setdefault((str(day), partner, offer), Counter()).update(amounts)

    for click in book.clicks:
        if click.at <= clock:
            unique = int(click.is_unique)
            add(book.day_of(click.at), click.partner.id, click.offer.id, clicks=1,
                unique_clicks=unique)  # fmt: skip
    for one in book.conversions:
        state = one.state(clock)
        if state is not None and state.status == APPROVED:
            add(book.day_of(one.at), one.click.partner.id, one.click.offer.id, conversions=1,
                payout=state.payout_cents, revenue=state.revenue_cents,
                sale_amount=state.sale_cents)  # fmt: skip
    for each in book.adjustments:
        if each.created <= clock < each.withdrawn:
            add(each.day, each.partner.id, each.offer.id, clicks=each.clicks,
                conversions=each.conversions, payout=each.payout_cents,
                revenue=each.revenue_cents)  # fmt: skip
    for (day, partner, offer), found in sorted(sums.items()):
        yield {
            "date": day,
            "affiliate_id": partner,
            "offer_id": offer,
            **{name: found[name] for name in _SUMS},
            **{name: money(found[name]) for name in _CENTS},
        }


def _clicks(book: AffiliateBook, _: Question, clock: int) -> Iterator[Row]:
    for one in book.clicks:
        if one.at <= clock:
            yield {
                "click_id": one.id,
                "date": str(book.day_of(one.at)),
                "clicked_at": instant(one.at),
                "affiliate_id": one.partner.id,
                "offer_id": one.offer.id,
                "sub_id": one.sub_id,
                "is_unique": one.is_unique,
            }


def _adjustments(book: AffiliateBook, _: Question, clock: int) -> Iterator[Row]:
    for one in book.adjustments:
        if one.created <= clock:
            yield {
                "adjustment_id": one.id,
                "date": str(one.day),
                "affiliate_id": one.partner.id,
                "offer_id": one.offer.id,
                "clicks": one.clicks,
                "conversions": one.conversions,
                "payout": money(one.payout_cents),
                "revenue": money(one.revenue_cents),
                "is_withdrawn": one.withdrawn <= clock,
            }


def _invoices(book: AffiliateBook, _: Question, clock: int) -> Iterator[Row]:
    for one in book.invoices:
        if one.created <= clock:
            yield {
                "invoice_id": one.id,
                "affiliate_id": one.partner.id,
                "first_day": str(one.first),
                "last_day": str(one.last),
                "amount": money(one.cents),
                "is_paid": one.paid <= clock,
            }


def _partners(book: AffiliateBook, *_: object) -> Iterator[Row]:
    for one in book.partners:
        yield {"affiliate_id": one.id, "affiliate_name": one.name, "status": one.status}


def _of_click(click: Click) -> Row:
    return {
        "click_id": click.id,
        "clicked_at": instant(click.at),
        "affiliate_id": click.partner.id,
        "offer_id": click.offer.id,
        "sub_id": click.sub_id,
    }


def _amounts(state: State) -> Row:
    return {
        "payout": money(state.payout_cents),
        "revenue": money(state.revenue_cents),
        "sale_amount": money(state.sale_cents),
    }
