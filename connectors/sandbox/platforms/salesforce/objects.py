"""The rows of each object as of a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from connectors.sandbox.business.crm import CrmBook
from connectors.sandbox.business.crm_entities import OPEN, SHOP, WON, Company, Deal, Person
from connectors.sandbox.business.shop_entities import NEVER
from connectors.sandbox.platforms.salesforce.fields import FIELDS
from connectors.sandbox.platforms.salesforce.lists import LISTS, Row, time
from connectors.sandbox.platforms.salesforce.people import Conversions
from connectors.sandbox.platforms.salesforce.system import NETWORKS, SOURCES, made_id
from connectors.sandbox.wire.amounts import number

T = TypeVar("T")


class Shown:
    """What an organization has as of a clock."""

    def __init__(self, book: CrmBook, conversions: Conversions, clock: int) -> None:
        self._book, self._converted, self.clock = book, conversions, clock
        self._ids = book.system.ids
        self._kept: dict[str, list[Row]] = {}

    def rows(self, object_: str) -> list[Row]:
        """Returns the rows of an object, deleted ones too; KeyError for one that is not there."""
        made: dict[str, Callable[[], Iterator[Row]]] = {
            "Account": self._accounts, "Contact": self._contacts, "Lead": self._leads,
            "Opportunity": self._opportunities, "OpportunityHistory": self._history,
            "OpportunityFieldHistory": self._field_history, "OpportunityContactRole": self._roles,
            "CampaignMember": self._members, "Campaign": self._campaigns,
            **{name: partial(make, self._book, self.clock) for name, make in LISTS.items()},
        }  # fmt: skip
        if object_ not in self._kept:
            rows = made[object_]()
            self._kept[object_] = [dict.fromkeys(FIELDS[object_]) | row for row in rows]
        return self._kept[object_]

    def _accounts(self) -> Iterator[Row]:
        for one in self._book.companies:
            if one.created <= self.clock:
                yield self._record("company", one.number, [one.created]) | _company(one)

    def _leads(self) -> Iterator[Row]:
        for one in self._people():
            if one.origin.kind == SHOP:
                continue
            at, deal = self._converted.of(one)
            joined = self._converted.joins_contact(one)
            moments = [one.created, at, one.touched]
            if at > one.archived:
                moments += [one.archived, one.restored]
            if at == NEVER:
                moments.append(one.merged)
            moments += [each.merged for each in self._converted.taken_in(one)
                        if self._converted.lead(each, each.merged) is one]  # fmt: skip
            is_merged = one.merged <= self.clock and at == NEVER and not joined
            into = self._book.people[one.into]
            row = self._record("person", one.number, moments) | self._person(one)
            row |= {
                "IsDeleted": is_merged or (one.in_bin(self.clock) and at > one.archived),
                "MasterRecordId": self._ids("person", into.number) if is_merged else None,
                "Company": "[not provided]" if one.company < 0 else f"Company {one.company}",
                "Status": "Open - Not Contacted",
                "IsConverted": False,
                **_utm(one),
            }
            if at <= self.clock or (joined and one.merged <= self.clock):
                contact = one if at <= self.clock else into
                row |= {
                    "Status": "Closed - Converted",
                    "IsConverted": True,
                    "ConvertedDate": self._day(min(at, one.merged)),
                    "ConvertedAccountId": self._company(contact.company),
                    "ConvertedContactId": made_id("contact", contact.number),
                    "ConvertedOpportunityId": self._ids("deal", deal.number) if deal else None,
                }
            yield row

    def _contacts(self) -> Iterator[Row]:
        for one in self._people():
            begins = one.created if one.origin.kind == SHOP else self._converted.of(one)[0]
            if begins > self.clock:
                continue
            moments = [begins, one.archived, one.restored, one.merged, one.touched]
            moments += [each.merged for each in self._converted.taken_in(one)]
            is_merged = one.merged <= self.clock
            made = self._record("contact", one.number, moments, begins)
            yield (
                made
                | self._person(one)
                | {
                    "IsDeleted": is_merged or one.in_bin(self.clock),
                    "MasterRecordId": made_id("contact", one.into) if is_merged else None,
                    "AccountId": self._company(one.company),
                }
            )

    def _opportunities(self) -> Iterator[Row]:
        for one in self._deals():
            stage, first = one.stage(self.clock), self._book.people[one.people[0]]
            row = self._record("deal", one.number, [one.updated(self.clock)], one.created)
            yield row | {
                "IsDeleted": one.archived <= self.clock,
                "Name": one.name,
                "OwnerId": self._ids("owner", _last(one.owners, self.clock)),
                "LeadSource": SOURCES[first.origin.kind][0],
                "CurrencyIsoCode": one.currency,
                "AccountId": self._company(one.company),
                "CampaignId": self._campaign_of(first),
                "StageName": self._ids("stage", stage.number),
                "Amount": number(_last(one.amounts, self.clock)),
                "CloseDate": str(_last(one.closings, self.clock)),
                "IsClosed": stage.outcome != OPEN,
                "IsWon": stage.outcome == WON,
                "Probability": stage.per_mille / 10,
                "ForecastCategory": "Pipeline" if stage.outcome == OPEN else "Closed",
                "RecordTypeId": self._ids("pipeline", one.pipeline.number),
                "RecordType.Name": one.pipeline.name,
                "Channel__c": None if one.number % 3 else "Guild",
            }

    def _history(self) -> Iterator[Row]:
        for one in self._deals():
            changes = (*one.moves, *one.amounts, *one.closings)
            for place, at in enumerate(sorted({change[0] for change in changes})):
                if at > self.clock:
                    break
                stage = one.stage(at)
                row = self._record("history", one.number * 100 + place, [at, one.archived], at)
                yield row | {
                    "IsDeleted": one.archived <= self.clock,
                    "OpportunityId": self._ids("deal", one.number),
                    "StageName": self._ids("stage", stage.number),
                    "Amount": number(_last(one.amounts, at)),
                    "CloseDate": str(_last(one.closings, at)),
                    "Probability": stage.per_mille / 10,
                    "CurrencyIsoCode": one.currency,
                }

    def _field_history(self) -> Iterator[Row]:
        for one in self._deals():
            names = {owner.number: f"{owner.first_name} {owner.last_name}"
                     for owner in self._book.owners}  # fmt: skip
            entries: list[tuple[int, str, Any, Any]] = [(one.created, "created", None, None)]
            for (_, old), (at, new) in zip(one.owners, one.owners[1:], strict=False):
                entries.append((at, "Owner", names[old], names[new]))
                entries.append((at, "Owner", self._ids("owner", old), self._ids("owner", new)))
            for place, (at, field, old, new) in enumerate(entries):
                if at <= self.clock:
                    yield {
                        "Id": made_id("field_history", one.number * 100 + place),
                        "CreatedDate": time(at),
                        "IsDeleted": one.archived <= self.clock,
                        "OpportunityId": self._ids("deal", one.number),
                        "Field": field,
                        "OldValue": old,
                        "NewValue": new,
                    }

    def _roles(self) -> Iterator[Row]:
        for one in self._deals():
            for place, buyer in enumerate(one.people):
                person = self._book.people[buyer]
                begins = self._converted.role_begins(one, self._book.survivor(person, one.created))
                if begins > self.clock:
                    continue
                chain = list(self._converted.chain(person, self.clock))
                present = chain[-1]
                moments = [begins, one.archived, present.archived, present.restored]
                moments += [each.merged for each in chain]
                row = self._record("role", one.number * 10 + place, moments, begins)
                yield row | {
                    "IsDeleted": one.archived <= self.clock or present.in_bin(self.clock),
                    "OpportunityId": self._ids("deal", one.number),
                    "ContactId": made_id("contact", present.number),
                    "Role": "Decision Maker",
                    "IsPrimary": place == 0,
                }

    def _members(self) -> Iterator[Row]:
        for one in self._people():
            campaign = self._campaign_of(one)
            if campaign is None:
                continue
            lead = self._converted.lead(one, self.clock)
            at = self._converted.of(lead)[0]
            contact = next(reversed([*self._converted.chain(lead, self.clock)]))
            in_bin = lead.in_bin(self.clock) and at > lead.archived
            moments = [one.created, at, one.merged, lead.merged, contact.created]
            if at > lead.archived:
                moments += [lead.archived, lead.restored]
            is_contact = at <= self.clock or contact is not lead
            yield self._record("member", one.number, moments, one.created) | {
                "IsDeleted": in_bin,
                "CampaignId": campaign,
                "LeadId": self._ids("person", lead.number),
                "ContactId": made_id("contact", contact.number) if is_contact else None,
                "Status": "Responded",
                "HasResponded": True,
                "FirstRespondedDate": self._day(one.created),
            }

    def _campaigns(self) -> Iterator[Row]:
        first: dict[str, Person] = {}
        for one in self._people():
            campaign = self._campaign_of(one)
            if campaign is not None:
                first.setdefault(campaign, one)
        for id_, one in first.items():
            assert one.origin.campaign is not None
            yield self._stamped(id_, [one.created]) | {
                "Name": one.origin.campaign.name.at(datetime.fromtimestamp(one.created, UTC)),
                "Type": "Advertisement",
                "Status": "In Progress",
                "StartDate": self._day(one.created),
                "IsActive": True,
                "BudgetedCost": 1500.5,
                "CurrencyIsoCode": self._book.account.currency,
            }

    def _people(self) -> Iterator[Person]:
        return (one for one in self._book.people if one.created <= self.clock)

    def _deals(self) -> Iterator[Deal]:
        return (one for one in self._book.deals if one.created <= self.clock)

    def _record(
        self, kind: str, number_: int, moments: Iterable[int], created: int | None = None
    ) -> Row:
        return self._stamped(made_id(kind, number_), moments, created)

    def _stamped(self, id_: str, moments: Iterable[int], created: int | None = None) -> Row:
        there = [at for at in moments if at <= self.clock]
        begins = min(there) if created is None else created
        stamps = {"CreatedDate": time(begins), "SystemModstamp": time(max([begins, *there]))}
        return {"Id": id_, **stamps, "IsDeleted": False}

    def _person(self, one: Person) -> Row:
        return {
            "FirstName": one.first_name,
            "LastName": one.last_name,
            "Name": f"{one.first_name} {one.last_name}",
            "Email": one.email,
            "Phone": f"+64 21 {one.number:07d}",
            "OwnerId": self._ids("owner", one.number % len(self._book.owners)),
            "LeadSource": SOURCES[one.origin.kind][0],
        }

    def _company(self, number_: int) -> str | None:
        return None if number_ < 0 else self._ids("company", number_)

    def _campaign_of(self, one: Person) -> str | None:
        return None if one.origin.campaign is None else self._campaign_ids[one.number]

    @cached_property
    def _campaign_ids(self) -> dict[int, str]:
        known: dict[Any, str] = {}
        found = {}
        for one in self._book.people:
            account, campaign = one.origin.account, one.origin.campaign
            if account is not None and campaign is not None:
                place = (account.serial, campaign.id)
                found[one.number] = known.setdefault(place, made_id("campaign", len(known) + 1))
        return found

    def _day(self, at: int) -> str:
        zone = ZoneInfo(self._book.account.time_zone)
        return str(datetime.fromtimestamp(at, UTC).astimezone(zone).date())


def _company(one: Company) -> Row:
    return {
        "Name": one.name,
        "Website": f"https://www.{one.domain}",
        "Industry": one.industry.title(),
        "BillingCountry": one.country,
        "NumberOfEmployees": one.employees,
    }


def _utm(one: Person) -> Row:
    account, campaign = one.origin.account, one.origin.campaign
    _, source, medium = SOURCES[one.origin.kind]
    name = None
    if account is not None and campaign is not None:
        source, medium, name = NETWORKS[account.platform], "cpc", str(campaign.id)
    return {"UTM_Source__c": source, "UTM_Medium__c": medium, "UTM_Campaign__c": name}


def _last(history: tuple[tuple[int, T], ...], clock: int) -> T:
    return [value for at, value in history if at <= clock][-1]
