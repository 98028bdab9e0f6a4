"""Contacts, companies and deals as HubSpot shows them as of a clock: all values are text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from connectors.sandbox.business.crm import CrmBook
from connectors.sandbox.business.crm_entities import OPEN, SHOP, WON, Company, Deal, Person
from connectors.sandbox.business.entities import Account, Campaign
from connectors.sandbox.business.shop_entities import NEVER
from connectors.sandbox.platforms.hubspot.system import NETWORKS, SOURCES

Json = dict[str, Any]
Properties = dict[str, str | None]


@dataclass(frozen=True)
class Record:
    """One record as of a clock.

    Attributes:
        id: Its id, a number.
        archived: When it was put into the bin; None for what is not there.
        written: Makes its properties.
        past: Makes the history of those that have one: value and instant, the newest first.
        links: Ids by the type of what it is linked to.
    """

    id: int
    created: int
    updated: int
    archived: int | None
    written: Callable[[], Properties]
    past: Callable[[], Mapping[str, list[tuple[int, str]]]] = dict
    links: Callable[[], Mapping[str, list[str]]] = dict

    @cached_property
    def properties(self) -> Properties:
        """All its properties."""
        return self.written()

    def shown(self, names: list[str], history: list[str]) -> Json:
        """Returns it with the properties that are asked for; unknown names are ignored."""
        own = {name: self.properties[name] for name in names if name in self.properties}
        row: Json = {
            "id": str(self.id),
            "properties": own,
            "createdAt": time(self.created),
            "updatedAt": time(self.updated),
            "archived": self.archived is not None,
            "url": f"https://app.hubspot.com/contacts/1/record/{self.id}",
        }
        if self.archived is not None:
            row["archivedAt"] = time(self.archived)
        if history:
            past = self.past()
            row["propertiesWithHistory"] = {
                name: [_change(*one) for one in past[name]] for name in history if name in past
            }
        return row


class Shown:
    """The records of an account as of a clock, by type and in the order of their ids."""

    def __init__(self, book: CrmBook, clock: int) -> None:
        self.book, self.clock = book, clock
        self._ids = book.system.ids

    def of(self, type_: str) -> list[Record]:
        """Returns the records of a type, those in the bin among them; KeyError for another."""
        return {"contacts": self.contacts, "companies": self.companies, "deals": self.deals}[type_]

    @cached_property
    def contacts(self) -> list[Record]:
        """People."""
        found = [self._contact(one) for one in self.book.known(self.clock)]
        return sorted(found, key=lambda one: one.id)

    @cached_property
    def companies(self) -> list[Record]:
        """Companies."""
        there = [one for one in self.book.companies if one.created <= self.clock]
        return [self._company(one) for one in there]

    @cached_property
    def deals(self) -> list[Record]:
        """Deals."""
        there = [one for one in self.book.deals if one.created <= self.clock]
        return [self._deal(one) for one in there]

    def _contact(self, one: Person) -> Record:
        id_, updated = self.book.id_of(one, self.clock), self.book.updated(one, self.clock)

        def written() -> Properties:
            stage, dates = self._lifecycle(one)
            return {
                **_common(id_, one.created, updated, "lastmodifieddate"),
                **self._merges(one, id_),
                **_source(one),
                **dates,
                "email": one.email,
                "firstname": one.first_name,
                "lastname": one.last_name,
                "lifecyclestage": stage,
                "hs_lead_status": None if one.origin.kind == SHOP else "OPEN",
                "hubspot_owner_id": self._ids("owner", one.number % len(self.book.owners)),
                "associatedcompanyid": self._company_id(one.company),
                "country": "",
            }

        def links() -> Mapping[str, list[str]]:
            company = self._company_id(one.company)
            return {"companies": [company] if company else []}

        archived = one.archived if one.in_bin(self.clock) else None
        return Record(int(id_), one.created, updated, archived, written, links=links)

    def _company(self, one: Company) -> Record:
        id_ = self._ids("company", one.number)

        def written() -> Properties:
            return {
                **_common(id_, one.created, one.created, "hs_lastmodifieddate"),
                "name": one.name,
                "domain": one.domain,
                "industry": one.industry,
                "country": one.country,
                "numberofemployees": str(one.employees),
                "hubspot_owner_id": None,
            }

        return Record(int(id_), one.created, one.created, None, written)

    def _deal(self, one: Deal) -> Record:
        id_, updated = self._ids("deal", one.number), one.updated(self.clock)

        def written() -> Properties:
            past, stage = self._past(one), one.stage(self.clock)
            latest = {name: values[0][1] for name, values in past.items()}
            return {
                **_common(id_, one.created, updated, "hs_lastmodifieddate"),
                **latest,
                "dealname": one.name,
                "deal_currency_code": one.currency,
                "hs_is_closed": str(stage.outcome != OPEN).lower(),
                "hs_is_closed_won": str(stage.outcome == WON).lower(),
                "hs_deal_stage_probability": str(stage.per_mille / 1000),
                "hs_analytics_source": None,
                "channel_partner": "" if one.number % 3 else "tea-guild",
            }

        def links() -> Mapping[str, list[str]]:
            if one.archived <= self.clock:
                return {"contacts": [], "companies": []}
            company, buyers = self._company_id(one.company), self.book.buyers(one, self.clock)
            ids = [self.book.id_of(each, self.clock) for each in buyers]
            return {"contacts": ids, "companies": [company] if company else []}

        archived = one.archived if one.archived <= self.clock else None
        past = lambda: self._past(one)  # noqa: E731
        return Record(int(id_), one.created, updated, archived, written, past, links)

    def _past(self, one: Deal) -> Mapping[str, list[tuple[int, str]]]:
        stages = [(at, self._ids("stage", stage.number)) for at, stage in one.moves]
        # The same stage is often written once more, by a workflow.
        stages += [(stages[0][0] + 5, stages[0][1])]
        found = {
            "dealstage": stages,
            "pipeline": [(one.created, self._ids("pipeline", one.pipeline.number))],
            "amount": [(at, f"{cents / 100:.2f}") for at, cents in one.amounts],
            "closedate": [(at, _midnight(day)) for at, day in one.closings],
            "hubspot_owner_id": [(at, self._ids("owner", owner)) for at, owner in one.owners],
        }
        return {
            name: sorted((each for each in values if each[0] <= self.clock), reverse=True)
            or values[:1]
            for name, values in found.items()
        }

    def _company_id(self, number: int) -> str | None:
        return None if number < 0 else self._ids("company", number)

    def _lifecycle(self, one: Person) -> tuple[str, Properties]:
        converted = self.book.converted(one, self.clock)
        bought = self.book.bought(one, self.clock)
        lead = NEVER if one.origin.kind == SHOP else one.created
        dates = {"lead": lead, "opportunity": converted, "customer": bought}
        reached = [name for name, at in dates.items() if at < NEVER]
        return reached[-1], {
            f"hs_v2_date_entered_{name}": None if at == NEVER else time(at)
            for name, at in dates.items()
        }

    def _merges(self, one: Person, id_: str) -> Properties:
        merged = self.book.merged_into(one, self.clock)
        if not merged:
            return {"hs_merged_object_ids": None, "hs_calculated_merged_vids": None}
        ids = [number for each in merged for number in self.book.ids(each, self.clock)]
        own = [each for each in self.book.ids(one, self.clock) if each != id_]
        # The list with times lacks some.
        timed = [f"{ids[-1]}:{merged[-1].merged * 1000}"]
        return {
            "hs_merged_object_ids": ";".join([*own, *ids]),
            "hs_calculated_merged_vids": ";".join(timed),
        }


def time(at: int) -> str:
    """Returns an instant as HubSpot writes it."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def _midnight(day: date) -> str:
    return f"{day}T00:00:00Z"


def _common(id_: str, created: int, updated: int, modified: str) -> Properties:
    return {"hs_object_id": id_, "createdate": time(created), modified: time(updated)}


def _change(at: int, value: str) -> Json:
    made = {"sourceType": "CRM_UI", "sourceId": "userId:1", "sourceLabel": None}
    return {"value": value, "timestamp": time(at), **made, "updatedByUserId": 1}


def _source(one: Person) -> Properties:
    names = ("hs_analytics_source", "hs_analytics_source_data_1", "hs_analytics_source_data_2")
    account, campaign = one.origin.account, one.origin.campaign
    if account is None or campaign is None:
        return dict(zip(names, SOURCES[one.origin.kind], strict=True))
    return dict(zip(names, _of_ad(account, campaign, one.created), strict=True)) | {
        "utm_source": NETWORKS[account.platform],
        "utm_medium": "cpc",
        "utm_campaign": str(campaign.id),
    }


def _of_ad(account: Account, campaign: Campaign, at: int) -> tuple[str, str, str | None]:
    name = campaign.name.at(datetime.fromtimestamp(at, UTC))
    if account.platform == "google_ads":
        return "PAID_SEARCH", name, None
    return "PAID_SOCIAL", NETWORKS[account.platform].title(), name
