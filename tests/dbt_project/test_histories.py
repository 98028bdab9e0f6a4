"""Generated histories: whatever lands, in whatever order, incremental equals a full refresh.

A difference names the organization; its events are in the message. There are more of them, and the
full refresh comes after every step, with `--long`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from built_home import DbtHome, differences, twin_of
from campaign_histories import CampaignHistories
from commerce_histories import CommerceHistories
from fixture_lake import FixtureLake
from generated import STEPS, GeneratedRates


def test_incremental_equals_full_refresh(tmp_path: Path, is_long: bool) -> None:
    (tmp_path / "home").mkdir()
    lake = FixtureLake(tmp_path / "home")
    home = DbtHome(tmp_path / "home")
    twin = twin_of(home, tmp_path / "twin")
    many = 4 if is_long else 1
    campaigns, shops = CampaignHistories(lake, 12 * many), CommerceHistories(lake, 6 * many)
    histories = campaigns.events() | shops.events()
    assert sum(len(step) for _, steps in histories.values() for step in steps) > len(histories)
    rates = GeneratedRates(lake)
    for step in range(STEPS):
        rates.land(step, campaigns.land(step))
        shops.land(step)
        # Once, a build stops somewhere below the facts.
        if step == 1:
            home.build("--select", "int_record_versions", "fact_order_lines")
        home.build()
        if is_long or step == STEPS - 1:
            twin.build("--full-refresh")
            found = differences(home, twin)
            assert found == {}, _story(found, histories, step)
        assert home.query("select * from mart_reconciliation where not is_reconciled") == []
        known = home.query("select organization_id, date_day from build.int_shop_days")
        assert len(known) == len(set(known)) > 0
        assert set(known) == shops.known(step + 1)
    home.invoke("test", "--select", "orders_add_up", "fact_orders", "fact_order_lines")


def _story(found: dict[str, list[tuple[Any, ...]]], histories: dict[str, Any], step: int) -> str:
    text = repr(found)
    guilty = [name for name in histories if name in text]
    told = "\n".join(f"{name}: {histories[name]}" for name in guilty[:3])
    return f"after step {step}: {text}\n{told}"
