"""Salesforce at many clocks: what was converted, merged, deleted and restored meanwhile is true."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from built_home import DbtHome, named_in

from connectors.sandbox.business import Parameters
from connectors.sandbox.server import SandboxClient, sandbox_thread
from orchestration.pull import Pull, pull
from orchestration.sources import select_sources
from tests.end_to_end.test_crm_truth import compare
from tests.referees.pulls import Puller, connected, pointed

MODELS = named_in(__file__)
CLOCKS = tuple(f"2026-{day}T06:00:00+00:00" for day in ("10-20", "11-05", "11-15"))
SIZE = Parameters()
TABLES = {
    "fact_leads": (
        "crm_lead",
        ("lead_id",),
        {
            **{one: one for one in ("lead_id", "company_id", "converted_at", "customer_at")},
            "is_archived": "is_archived",
            "date": "date_day",
            "created_at": "lead_at",
        },
    ),
    "fact_deals": (
        "crm_deal",
        ("deal_id",),
        {
            **{one: one for one in ("deal_id", "pipeline_name", "stage_name", "outcome")},
            **{one: one for one in ("closed_at", "amount", "owner_id", "company_id")},
            **{one: one for one in ("lead_id", "is_archived")},
            "closed_date": "closed_day",
            "currency": "currency_code",
            "planned_close": "close_date",
        },
    ),
    "fact_deal_stages": (
        "crm_deal_stay",
        ("deal_id", "stay_number"),
        {one: one for one in ("deal_id", "stay_number", "stage_id", "entered_at", "is_back")},
    ),
    "fact_deal_versions": (
        "crm_deal_version",
        ("deal_id", "valid_from"),
        {
            **{one: one for one in ("deal_id", "stage_id", "owner_id", "amount")},
            "valid_from": "valid_from_at",
            "planned_close": "close_date",
        },
    ),
    "fact_campaign_members": (
        "crm_campaign_member",
        ("member_id",),
        {one: one for one in ("member_id", "lead_id", "joined_at", "is_archived")},
    ),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxClient]:
    with sandbox_thread(SIZE) as running:
        running.set_clock(datetime.fromisoformat(CLOCKS[0]))
        yield running


def pulled(puller: Puller) -> None:
    """Pulls what is due of Salesforce."""
    space, run = puller.space, str(uuid.uuid4())
    declared = space.platforms["salesforce"]
    with pointed(puller.environment):
        for stream in declared.streams:
            sources = select_sources(space, declared, stream.name, run_id=run)
            receipt = pull(Pull(space.home, declared, stream, run), sources)
            assert {(one.status, one.rejected_rows) for one in receipt.rows} == {("succeeded", 0)}
            assert not any(one.missing_fields for one in receipt.rows)


def shown(built: Any, table: str) -> list[dict[str, Any]]:
    """The rows of a fact, with the id of the lead that they lead to."""
    if table in ("fact_deals", "fact_campaign_members"):
        leads = "(select lead_key, lead_id from fact_leads)"
        query = f"select * from {table} left join {leads} using (lead_key)"
    else:
        query = f"select * from {table}"
    names = [one[0] for one in built(f"describe {query}")]
    return [dict(zip(names, row, strict=True)) for row in built(query)]


def true(sandbox: SandboxClient, level: str, clock: str) -> list[dict[str, Any]]:
    found = sandbox.truth(level, datetime.fromisoformat(clock))
    return [row for row in found if row["platform"] == "salesforce"]


@pytest.mark.long
def test_each_clock_has_its_truth(sandbox: SandboxClient, tmp_path: Path) -> None:
    puller, home = connected(sandbox, tmp_path, CLOCKS[0]), DbtHome(tmp_path / "home")
    for clock in CLOCKS:
        sandbox.set_clock(datetime.fromisoformat(clock))
        pulled(puller.at(clock))
        with pointed(puller.environment):
            puller.space.prepare_lake()
        home.build(models=MODELS, as_of=clock)
        with home.reading() as built:
            for table, (level, key, columns) in TABLES.items():
                rows = true(sandbox, level, clock)
                assert compare(shown(built, table), rows, key, columns) > 10, (clock, table)
    members = {row["member_id"]: row for row in true(sandbox, "crm_campaign_member", CLOCKS[-1])}
    with home.reading() as built:
        kept = built(
            "select member_id, crm_campaign_id, crm_campaign_name from fact_campaign_members"
        )
        campaigns = {(id_, members[one]["ad_campaign"], name is None) for one, id_, name in kept}
        assert len(campaigns) == len({id_ for id_, *_ in campaigns}) > 10
        how = Counter(
            one for (one,) in built("select record_type from build.stg_salesforce__merges")
        )
        leads = built(
            "select is_contact, merged_into_id is null from build.stg_salesforce__lead_records"
        )
        contacts = built(
            "select contact_id from build.stg_salesforce__contacts where merged_into_id > ''"
        )
        before = {name: built(f"select * from {name} order by all") for name in TABLES}
    # Leads with leads, contacts with contacts, and a lead into the contact of another.
    assert Counter(leads)[False, False] > 2
    assert len(contacts) > 2
    assert how["contact"] > Counter(leads)[False, False] + len(contacts)
    home.build("--full-refresh", models=MODELS, as_of=CLOCKS[-1])
    with home.reading() as built:
        assert {name: built(f"select * from {name} order by all") for name in TABLES} == before
