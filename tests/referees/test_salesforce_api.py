"""simple-salesforce, which most use in Python, reads the sandbox: what `tributary run` writes.

It writes addresses of https alone; an adapter sends them to the sandbox, which has none.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest

from connectors.sandbox.server import SandboxClient
from tests.referees.pulls import Puller

ACCOUNT, DAYS = "00DRO00000000722AA", ("2026-09-17", "2026-11-15")
WINDOW = "SystemModstamp >= 2026-09-16T12:00:00Z AND SystemModstamp < 2026-11-15T06:00:00Z"
"""The same days: midnight of Auckland, and the clock."""


class Plain(HTTPAdapter):
    """Sends what is written for https over http."""

    def send(self, request: Any, *more: Any, **named: Any) -> requests.Response:
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, *more, **named)


@pytest.fixture
def crm(sandbox: SandboxClient) -> Salesforce:
    form = {"grant_type": "client_credentials", "client_id": "3MVG9sandbox"}
    form["client_secret"] = "sandbox-salesforce-secret"
    token = requests.post(f"{sandbox.url}/salesforce/services/oauth2/token", form, timeout=60)
    session = requests.Session()
    session.mount("https://", Plain())
    place = token.json()["instance_url"].partition("://")[2]
    named = {"session_id": token.json()["access_token"], "instance": place}
    return Salesforce(**named, session=session, version="67.0")


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)


def everything(crm: Salesforce, fields: str, object_: str) -> dict[str, Any]:
    soql = f"SELECT {fields} FROM {object_} WHERE {WINDOW}"
    found = {one["Id"]: one for one in crm.query_all_iter(soql, include_deleted=True)}
    assert len(found) == crm.query(f"SELECT COUNT() FROM {object_} WHERE {WINDOW}",
                                   include_deleted=True)["totalSize"]  # fmt: skip
    return found


def test_leads_are_the_clients(crm: Salesforce, puller: Puller) -> None:
    fields = "Id, Email, Status, IsDeleted, MasterRecordId, ConvertedDate, ConvertedContactId, "
    theirs = everything(crm, fields + "SystemModstamp, UTM_Campaign__c", "Lead")
    ours = {row["record_id"]: row for row in puller.rows("salesforce/leads", ACCOUNT, *DAYS)}
    assert len(theirs) > 150
    assert ours.keys() == theirs.keys()
    for id_, one in theirs.items():
        row = ours[id_]
        assert row["email"] == puller.token("kiwi_kitchen", one["Email"].lower())
        assert row["updated_at"] == moment(one["SystemModstamp"])
        day = one["ConvertedDate"] and date.fromisoformat(one["ConvertedDate"])
        assert [row[name] for name in ("status", "is_deleted", "converted_date")] == [
            one["Status"],
            one["IsDeleted"],
            day,
        ]
        assert (row["master_record_id"], row["converted_contact_id"], row["utm_campaign"]) == (
            one["MasterRecordId"],
            one["ConvertedContactId"],
            one["UTM_Campaign__c"],
        )
    assert any(row["master_record_id"] for row in ours.values())


def test_opportunities_are_the_clients_by_bulk(crm: Salesforce, puller: Puller) -> None:
    """The client reads by a bulk job what is so few rows to us that we ask by REST."""
    fields = "Id,StageName,Amount,CloseDate,IsWon,IsDeleted,RecordType.Name"
    soql = f"SELECT {fields} FROM Opportunity WHERE {WINDOW}"
    pages = list(crm.bulk2.Opportunity.query_all(soql, max_records=50, wait=0))
    theirs = {one["Id"]: one for page in pages for one in csv.DictReader(io.StringIO(page))}
    ours = {
        row["record_id"]: row for row in puller.rows("salesforce/opportunities", ACCOUNT, *DAYS)
    }
    assert len(pages) == 2
    assert ours.keys() == theirs.keys()
    for id_, one in theirs.items():
        row = ours[id_]
        assert row["amount"] == Decimal(one["Amount"])
        assert (row["stage_id"], str(row["close_date"]), row["pipeline_name"]) == (
            one["StageName"],
            one["CloseDate"],
            one["RecordType.Name"],
        )
        assert [str(row[name]).lower() for name in ("is_won", "is_deleted")] == [
            one["IsWon"],
            one["IsDeleted"],
        ]
    assert {one["IsDeleted"] for one in theirs.values()} == {"true", "false"}


def test_history_and_members_are_the_clients(crm: Salesforce, puller: Puller) -> None:
    theirs = everything(crm, "Id, OpportunityId, StageName, CreatedDate", "OpportunityHistory")
    rows = puller.rows("salesforce/opportunity_history", ACCOUNT, *DAYS)
    assert {
        (row["record_id"], row["deal_id"], row["stage_id"], row["created_at"]) for row in rows
    } == {
        (id_, one["OpportunityId"], one["StageName"], moment(one["CreatedDate"]))
        for id_, one in theirs.items()
    }
    members = everything(crm, "Id, CampaignId, LeadId, ContactId", "CampaignMember")
    rows = puller.rows("salesforce/campaign_members", ACCOUNT, *DAYS)
    names = ("record_id", "campaign_id", "lead_id", "contact_id")
    assert {tuple(row[name] for name in names) for row in rows} == {
        (id_, one["CampaignId"], one["LeadId"], one["ContactId"]) for id_, one in members.items()
    }
    assert len(members) > 50


def test_a_hidden_field_fails_the_clients_query_and_costs_ours_a_column(
    crm: Salesforce, sandbox: SandboxClient
) -> None:
    sandbox.set_faults(retired_fields=["Account.Industry"])
    with pytest.raises(SalesforceMalformedRequest, match="No such column 'Industry'"):
        crm.query("SELECT Id, Industry FROM Account")
    names = {one["name"] for one in crm.Account.describe()["fields"]}
    assert "Website" in names
    assert "Industry" not in names
    assert crm.query("SELECT COUNT() FROM User")["totalSize"] == 5
    assert crm.api_usage["api-usage"].total == 100_000
