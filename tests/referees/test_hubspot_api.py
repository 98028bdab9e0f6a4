"""HubSpot's own Python client reads the sandbox, by the older paths: what `tributary run` writes.

The client knows v3 and v4 alone; ours asks for the paths with a date.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hubspot import Client
from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest
from hubspot.crm.contacts import PublicObjectSearchRequest
from hubspot.crm.contacts.exceptions import ApiException

from connectors.sandbox.server import SandboxClient
from tests.referees.pulls import Puller

ACCOUNT, DAYS = "48120003", ("2026-09-17", "2026-11-15")
SINCE, UNTIL = "1789583400000", "1794722400000"
"""The same days: midnight of Kolkata, and the clock."""


@pytest.fixture
def crm(sandbox: SandboxClient) -> Any:
    token, host = "pat-eu1-sandbox-chai_house", f"{sandbox.url}/hubspot"
    return Client.create(access_token=token, host=host).crm


def searched(api: Any, modified: str, properties: list[str]) -> Iterator[Any]:
    """Yields what changed in a window as the client pages: by offset, in the order of ids."""
    after = "0"
    while True:
        bounds = {"propertyName": modified, "operator": "BETWEEN", "value": SINCE}
        asked = PublicObjectSearchRequest(
            filter_groups=[{"filters": [{**bounds, "highValue": UNTIL}]}],
            sorts=["hs_object_id"],
            properties=properties,
            limit=150,
            after=after,
        )
        answer = api.search_api.do_search(public_object_search_request=asked)
        yield from answer.results
        if answer.paging is None:
            return
        after = answer.paging.next.after


def test_contacts_are_the_clients(crm: Any, puller: Puller) -> None:
    names = ["email", "lifecyclestage", "hs_analytics_source", "hs_merged_object_ids"]
    theirs = {one.id: one for one in searched(crm.contacts, "lastmodifieddate", names)}
    theirs |= {
        one.id: one
        for one in crm.contacts.get_all(properties=names, archived=True)
        if one.archived_at.timestamp() * 1000 >= int(SINCE)
    }
    ours = {row["record_id"]: row for row in puller.rows("hubspot/contacts", ACCOUNT, *DAYS)}
    assert len(theirs) > 200
    assert ours.keys() == theirs.keys()
    for id_, one in theirs.items():
        row, said = ours[id_], one.properties
        assert row["email"] == puller.token("chai_house", said["email"].lower())
        assert (row["lifecycle_stage"], row["source"]) == (
            said["lifecyclestage"],
            said["hs_analytics_source"],
        )
        merged = (said["hs_merged_object_ids"] or "").split(";")
        assert set(json.loads(row["merged_ids"] or '[""]')) == set(merged)
        assert (row["is_archived"], row["created_at"]) == (one.archived, one.created_at)


def test_deals_are_the_clients_with_every_stage(crm: Any, puller: Puller) -> None:
    names = ["amount", "dealstage", "pipeline", "deal_currency_code"]
    theirs = {
        one.id: one
        for one in crm.deals.get_all(properties=names, properties_with_history=["dealstage"])
    }
    ours = {row["record_id"]: row for row in puller.rows("hubspot/deals", ACCOUNT, *DAYS)}
    present = {id_ for id_, row in ours.items() if not row["is_archived"]}
    assert len(present) > 50
    assert present <= theirs.keys()
    for id_ in present:
        row, one = ours[id_], theirs[id_]
        assert row["amount"] == Decimal(one.properties["amount"])
        assert (row["stage_id"], row["pipeline_id"], row["currency"]) == (
            one.properties["dealstage"],
            one.properties["pipeline"],
            one.properties["deal_currency_code"],
        )
        history = [
            (entry["value"], datetime.fromisoformat(entry["at"]))
            for entry in json.loads(row["history"])
            if entry["property"] == "dealstage"
        ]
        assert history == [
            (entry.value, entry.timestamp) for entry in one.properties_with_history["dealstage"]
        ]


def test_links_stages_and_owners_are_the_clients(crm: Any, puller: Puller) -> None:
    rows = puller.rows("hubspot/associations", ACCOUNT)
    deals = [one.id for one in crm.deals.get_all()]
    for type_ in ("contacts", "companies"):
        asked = BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": x} for x in deals])
        answer = crm.associations.v4.batch_api.get_page(
            "deals",
            type_,
            batch_input_public_fetch_associations_batch_request=asked,
        )
        theirs = {(one._from.id, to.to_object_id) for one in answer.results for to in one.to}
        ours = {(row["deal_id"], row["object_id"]) for row in rows if row["object_type"] == type_}
        # The client reads the first page of each; ours goes on.
        assert theirs <= ours
        assert {one for one, _ in theirs} == {one for one, _ in ours}
        assert len(theirs) > 50
    stages = {
        (pipeline.id, stage.id): (stage.label, stage.metadata["isClosed"])
        for pipeline in crm.pipelines.pipelines_api.get_all("deals").results
        for stage in pipeline.stages
    }
    ours_of = puller.rows("hubspot/pipelines", ACCOUNT)
    assert stages == {
        (row["pipeline_id"], row["stage_id"]): (row["stage_name"], str(row["is_closed"]).lower())
        for row in ours_of
    }
    owners = [
        (one.id, one.first_name, archived)
        for archived in (False, True)
        for one in crm.owners.owners_api.get_page(archived=archived).results
    ]
    assert {archived for *_, archived in owners} == {False, True}
    assert sorted(owners) == sorted(
        (row["owner_id"], row["first_name"], row["is_archived"])
        for row in puller.rows("hubspot/owners", ACCOUNT)
    )


def test_what_lies_beyond_ten_thousand_rows_is_refused(crm: Any) -> None:
    asked = PublicObjectSearchRequest(
        filter_groups=[], sorts=[], properties=[], limit=200, after="9900"
    )
    with pytest.raises(ApiException) as refused:
        crm.contacts.search_api.do_search(public_object_search_request=asked)
    assert refused.value.status == 400
