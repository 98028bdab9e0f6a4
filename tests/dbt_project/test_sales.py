"""Deals and leads in exact numbers: stays, versions, merges in a chain, and the bin."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from built_home import DbtHome, named_in
from fixture_lake import Account, FixtureLake
from scenarios import at, march, window

MODELS = named_in(__file__)
D = Decimal
TABLES = ("fact_deals", "fact_deal_stages", "fact_deal_versions", "fact_leads", "mart_pipeline")


def entry(name: str, value: str | None, when: datetime) -> dict[str, Any]:
    return {"property": name, "at": when.isoformat(), "value": value}


def deal(id_: str, stages: Sequence[tuple[str, int]], *more: Any, **said: Any) -> dict[str, Any]:
    """A deal that came to its stages at noon of days of March."""
    history = [entry("dealstage", stage, at(day, 12)) for stage, day in stages]
    history += [entry("pipeline", "p", at(1, 12)), *more]
    row = {"record_id": id_, "created_at": at(1, 12), "pipeline_id": "p", "stage_id": stages[-1][0]}
    row |= {
        "updated_at": at(stages[-1][1], 12),
        "history": json.dumps(history),
        "is_archived": False,
    }
    return {**row, "is_won": False, "is_closed": False, **said}


def contact(id_: str, day: int, **said: Any) -> dict[str, Any]:
    row = {"record_id": id_, "created_at": at(day), "lead_at": at(day), "is_archived": False}
    return {**row, "updated_at": at(day), **said}


def stage(id_: str, order: int, probability: str, *, is_closed: bool = False) -> dict[str, Any]:
    row = {"pipeline_id": "p", "pipeline_name": "Sales", "stage_id": id_, "stage_name": id_.title()}
    return {**row, "stage_order": order, "is_closed": is_closed, "probability": D(probability)}


def test_sales_in_exact_numbers(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    lake, home = FixtureLake(tmp_path / "home"), DbtHome(tmp_path / "home")
    # In Auckland noon of UTC is the next day.
    account = Account("seller", "7", "EUR", "Pacific/Auckland", "hubspot")
    lake.organization("seller", "USD")
    lake.connection(account)
    rates = {march(day): {"USD": f"1.{day:02d}"} for day in range(1, 12)}
    lake.pull_rates(at(12), window(1, 11), rates)

    def pull(stream: str, day: int, rows: Sequence[Any], kind: str = "changes") -> None:
        lake.pull(account, stream, at(day, 18), rows, kind=kind)

    stages = [
        stage("met", 0, "0.2"),
        stage("offer", 1, "0.6"),
        stage("won", 2, "1", is_closed=True),
    ]
    pull("pipelines", 9, stages, "snapshot")
    owner = {"owner_id": "o", "first_name": "Kim", "is_archived": True}
    pull("owners", 9, [owner], "snapshot")
    # Written twice, back to the first stage, and won; an amount that is taken away and comes back.
    amounts = [entry("amount", "100.50", at(1, 12)), entry("amount", "", at(2, 12))]
    amounts.append(entry("amount", "200", at(5, 12)))
    path = [("met", 1), ("offer", 2), ("offer", 3), ("met", 4), ("won", 8)]
    won = deal("1", path, *amounts, amount=D(200), is_won=True, is_closed=True, owner_id="o")
    lost_stage = deal("2", [("met", 1), ("gone", 3)], amount=D(7), currency="GBP")
    pull("deals", 8, [won, lost_stage, deal("3", [("met", 2)], amount=D(5))])
    binned = deal("3", [("met", 2)], amount=D(5))
    pull("deals", 9, [binned | {"is_archived": True, "updated_at": at(9)}])
    # 10 into 11 into 12; 12 knows of both, 11 of the first.
    people = [contact("10", 1), contact("11", 2, merged_ids='["10"]')]
    pull("contacts", 3, people)
    pull("contacts", 8, [contact("12", 2, merged_ids='["10", "11"]', source="REFERRALS")])
    pull(
        "contacts", 8, [contact("13", 1, lead_at=None), contact("14", 5, source="EMAIL_MARKETING")]
    )
    links = [("1", "contacts", "11"), ("1", "contacts", "14"), ("1", "contacts", "13")]
    links += [("1", "companies", "8"), ("1", "companies", "9")]
    rows = [
        {"deal_id": one, "object_type": type_, "object_id": other, "is_primary": other == "9"}
        for one, type_, other in links
    ]
    pull("associations", 9, rows, "snapshot")
    pull("companies", 8, [{"record_id": "9", "name": "Tea Ltd", "updated_at": at(8)}])
    home.build(models=MODELS)
    with home.reading() as built:
        leads = "lead_id, date_day, channel from fact_leads order by all"
        assert built(f"select {leads}") == [
            ("12", march(2), "referral"),
            ("14", march(5), "email"),
        ]
        stays = "stay_number, stage_name, is_back, entered_day, seconds_in_stage"
        assert built(f"select {stays} from fact_deal_stages where deal_id = '1' order by 1") == [
            (1, "Met", False, march(2), 86_400),
            (2, "Offer", False, march(3), 2 * 86_400),
            (3, "Met", True, march(5), 4 * 86_400),
            (4, "Won", False, march(9), None),
        ]
        versions = "stage_id, amount from fact_deal_versions where deal_id = '1'"
        assert built(f"select {versions} order by valid_from_at") == [
            ("met", D("100.50")),
            ("offer", None),
            ("met", None),
            ("met", D(200)),
            ("won", D(200)),
        ]
        deals = "deal_id, outcome, created_day, closed_day, stage_name, owner_name, company_name"
        assert built(f"select {deals} from fact_deals order by 1") == [
            ("1", "won", march(2), march(9), "Won", "Kim", "Tea Ltd"),
            ("2", "open", march(2), None, "gone", None, None),
            ("3", "open", march(2), None, "Met", None, None),
        ]
        # The amount has the rate of the day on which the deal closed; there is none for pounds.
        deals = "amount_reporting, currency_code, moves_back, channel, is_archived"
        assert built(f"select {deals} from fact_deals order by deal_id") == [
            (D("218.00"), "EUR", 1, "referral", False),
            (None, "GBP", 0, "unattributed", False),
            (D("5.10"), "EUR", 0, "unattributed", True),
        ]
        pipeline = "stage_id, deals_entered, deals_advanced, deals_won, moves_back, days_in_stage"
        assert built(
            f"select {pipeline} from mart_pipeline where channel = 'referral' order by 1"
        ) == [
            ("met", 1, 1, 1, 1, 2.5),
            ("offer", 1, 1, 1, 0, 2.0),
            ("won", 1, 0, 1, 0, None),
        ]
    # What came later is as if it had been there from the beginning.
    pull("deals", 10, [deal("2", [("met", 1), ("gone", 3), ("won", 10)], is_won=True, amount=D(7))])
    pull("contacts", 10, [contact("15", 10, merged_ids='["12"]', source="REFERRALS")])
    home.build(models=MODELS)
    with home.reading() as built:
        before = {name: built(f"select * from {name} order by all") for name in TABLES}
        assert built("select lead_id from fact_leads order by 1") == [("14",), ("15",)]
        assert built("select channel from fact_deals where deal_id = '1'") == [("email",)]
    home.build("--full-refresh", models=MODELS)
    with home.reading() as built:
        assert {name: built(f"select * from {name} order by all") for name in TABLES} == before
