"""What is no record: users, stages, the organization and its currencies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from connectors.sandbox.business.crm import CrmBook
from connectors.sandbox.business.crm_entities import OPEN, WON
from connectors.sandbox.platforms.salesforce.system import made_id

Row = dict[str, Any]


def _users(book: CrmBook, clock: int) -> Iterator[Row]:
    made = book.people[0].created
    for one in book.owners:
        yield {
            "Id": made_id("owner", one.number),
            "CreatedDate": time(made),
            "SystemModstamp": time(one.left if one.left <= clock else made),
            "Name": f"{one.first_name} {one.last_name}",
            "Email": one.email,
            "IsActive": one.left > clock,
            "UserType": "Standard",
        }


def _stages(book: CrmBook, _: int) -> Iterator[Row]:
    stages = [stage for pipeline in book.pipelines for stage in pipeline.stages]
    for place, one in enumerate(stages, 1):
        name = made_id("stage", one.number)
        yield {
            "Id": made_id("stage_row", one.number),
            "ApiName": name,
            "MasterLabel": name,
            "SortOrder": place,
            "IsActive": True,
            "IsClosed": one.outcome != OPEN,
            "IsWon": one.outcome == WON,
            "DefaultProbability": one.per_mille / 10,
            "ForecastCategory": "Pipeline" if one.outcome == OPEN else "Closed",
        }


def _organization(book: CrmBook, _: int) -> Iterator[Row]:
    account = book.account
    named = {"Name": account.name, "TimeZoneSidKey": account.time_zone}
    yield {"Id": account.id, **named, "IsSandbox": False}


def _currencies(book: CrmBook, _: int) -> Iterator[Row]:
    own = book.account.currency
    for place, code in enumerate((own, "GBP")):
        id_ = made_id("stage_row", 900 + place)
        yield {"Id": id_, "IsoCode": code, "IsCorporate": code == own, "ConversionRate": 1.0}


LISTS = {
    "User": _users,
    "OpportunityStage": _stages,
    "Organization": _organization,
    "CurrencyType": _currencies,
}
"""From an object to what makes its rows as of a clock."""


def time(at: int) -> str:
    """Returns an instant as REST writes it, in UTC and without a colon in the zone."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}.000+0000"
