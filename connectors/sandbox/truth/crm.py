"""What the sales of an organization must come to, from the business alone.

- `crm_lead` has everybody who is known as of the clock and did not come as a customer of the shop.
  Who turned out to be somebody else is that one. `converted_at` is when the first deal was made.
- `crm_deal` has each deal as it stands; `lead_id` is the buyer who was first known, without those
  in the bin. A deal that is there itself has neither buyer nor company.
- `crm_deal_stay` has each stay of a deal in a stage: to come back is another stay.
- `person` has who each record is; a record that was taken in is of who it turned out to be.
- `crm_deal_version` has what was known of a deal from an instant on: stage, owner, amount, plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from connectors.sandbox.business import Business
from connectors.sandbox.business.crm import CrmBook
from connectors.sandbox.business.crm_entities import SHOP, CrmSystem, Deal
from connectors.sandbox.business.shop_customers import person_of
from connectors.sandbox.business.shop_entities import NEVER
from connectors.sandbox.truth.question import Answer, Question, Row
from connectors.sandbox.truth.shop_rows import instant, money

T = TypeVar("T")
_Rows = Callable[[CrmBook, int], Iterator[Row]]


def levels_of(system: CrmSystem) -> dict[str, Answer]:
    """Returns the answers of all levels that a system for sales has."""
    answers: dict[str, _Rows] = {
        "accounts": _accounts,
        "crm_lead": _leads,
        "crm_deal": _deals,
        "crm_deal_stay": _stays,
        "crm_deal_version": _versions,
        "person": _people,
    }

    def answered(rows: _Rows, business: Business, question: Question) -> Iterator[Row]:
        clock = int(question.as_of.timestamp())
        for book in business.sales(system):
            if question.account in (None, book.account.id):
                yield from ({**_whose(book), **row} for row in rows(book, clock))

    return {level: partial(answered, rows) for level, rows in answers.items()}


def _whose(book: CrmBook) -> Row:
    account = book.account
    return {
        "organization_id": account.organization.id,
        "platform": account.platform,
        "account_id": account.id,
    }


def _accounts(book: CrmBook, _: int) -> Iterator[Row]:
    account = book.account
    yield {"name": account.name, "time_zone": account.time_zone, "currency": account.currency}


def _leads(book: CrmBook, clock: int) -> Iterator[Row]:
    for one in book.people:
        if not book.is_there(one, clock) or one.origin.kind == SHOP:
            continue
        origin = one.origin
        yield {
            "lead_id": book.id_of(one, clock),
            "date": _day(book, one.created),
            "created_at": instant(one.created),
            "kind": origin.kind,
            "ad_platform": None if origin.account is None else origin.account.platform,
            "ad_account_id": None if origin.account is None else origin.account.id,
            "campaign_id": None if origin.campaign is None else str(origin.campaign.id),
            "company_id": None if one.company < 0 else book.system.ids("company", one.company),
            "converted_at": _or_none(book.converted(one, clock)),
            "customer_at": _or_none(book.bought(one, clock)),
            "is_archived": one.in_bin(clock),
        }


def _there(book: CrmBook, clock: int) -> Iterator[Deal]:
    return (one for one in book.deals if one.created <= clock)


def _deals(book: CrmBook, clock: int) -> Iterator[Row]:
    ids = book.system.ids
    for one in _there(book, clock):
        stage, closed = one.stage(clock), one.closed(clock)
        is_archived = one.archived <= clock
        buyers = [] if is_archived else book.buyers(one, clock)
        yield {
            "deal_id": ids("deal", one.number),
            "date": _day(book, one.created),
            "created_at": instant(one.created),
            "pipeline_id": ids("pipeline", one.pipeline.number),
            "pipeline_name": one.pipeline.name,
            "stage_id": ids("stage", stage.number),
            "stage_name": stage.name,
            "outcome": stage.outcome,
            "closed_at": _or_none(closed),
            "closed_date": None if closed == NEVER else _day(book, closed),
            "amount": money(_last(one.amounts, clock)),
            "currency": one.currency,
            "planned_close": str(_last(one.closings, clock)),
            "owner_id": ids("owner", _last(one.owners, clock)),
            "company_id": None if one.company < 0 or is_archived else ids("company", one.company),
            "lead_id": book.id_of(buyers[0], clock) if buyers else None,
            "is_archived": is_archived,
        }


def _stays(book: CrmBook, clock: int) -> Iterator[Row]:
    for one in _there(book, clock):
        moves = [move for move in one.moves if move[0] <= clock]
        for number, (at, stage) in enumerate(moves):
            following = moves[number + 1 :]
            yield {
                "deal_id": book.system.ids("deal", one.number),
                "stay_number": number + 1,
                "stage_id": book.system.ids("stage", stage.number),
                "stage_name": stage.name,
                "entered_at": instant(at),
                "left_at": instant(following[0][0]) if following else None,
                "is_back": number > 0 and stage.order < moves[number - 1][1].order,
            }


def _versions(book: CrmBook, clock: int) -> Iterator[Row]:
    for one in _there(book, clock):
        changes = (*one.moves, *one.amounts, *one.closings, *one.owners)
        for at in sorted({change[0] for change in changes if change[0] <= clock}):
            yield {
                "deal_id": book.system.ids("deal", one.number),
                "valid_from": instant(at),
                "stage_id": book.system.ids("stage", one.stage(at).number),
                "owner_id": book.system.ids("owner", _last(one.owners, at)),
                "amount": money(_last(one.amounts, at)),
                "planned_close": str(_last(one.closings, at)),
            }


def _last(history: tuple[tuple[int, T], ...], clock: int) -> T:
    return [value for at, value in history if at <= clock][-1]


def _people(book: CrmBook, clock: int) -> Iterator[Row]:
    for one in book.people:
        if one.created > clock:
            continue
        survivor = book.survivor(one, clock)
        place, shop = survivor.customer, book.book.shop
        person = f"sales {survivor.number}" if place is None else person_of(shop, place)
        for id_ in book.ids(one, clock):
            yield {"record_id": id_, "email": one.email, "person": person}


def _or_none(at: int) -> str | None:
    return None if at == NEVER else instant(at)


def _day(book: CrmBook, at: int) -> str:
    zone = ZoneInfo(book.account.time_zone)
    return str(datetime.fromtimestamp(at, UTC).astimezone(zone).date())
