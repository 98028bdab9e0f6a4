"""Real data through the files platform: every line of a shop's year, none lost, none doubled."""

from __future__ import annotations

import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pytest
from landing_home import LandingHome

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared/data/uci_online_retail/online_retail.parquet"

pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason=f"{DATA} is not there: UCI Online Retail, dataset 352, as one Parquet"
)


def test_every_line_lands(house: LandingHome) -> None:
    house.add("online_retail", (ROOT / "docs/examples/online_retail.yaml").read_text("utf-8"))
    folder = house.space.home.landing_dir("acme", "online_retail")
    folder.mkdir(parents=True)
    house.touch(Path(shutil.copy(DATA, folder)), age=60)
    (log,) = house.pull("orders").rows
    assert (log.status, log.rows, log.rejected_rows) == ("succeeded", 541_909, 0)
    assert list(house.pull("orders").rows) == []
    raw = [str(path) for path in house.space.home.raw_dir("files", "orders").rglob("*.parquet")]
    table = ds.dataset(raw).to_table()
    assert table.num_rows == 541_909
    assert pc.count_distinct(table["order_id"]).as_py() == 25_900
    assert pc.count_distinct(table["customer_id"]).as_py() == 4_372
    assert table["customer_id"].null_count == 135_080
    assert pc.count_distinct(table["country"]).as_py() == 38
    assert Counter(table["document_type"].to_pylist()) == {
        "sale": 531_282, "return": 9_288, "adjustment": 3, "write_off": 1_336,
    }  # fmt: skip
    assert _net(table) == Decimal("9747747.93")
    assert _net(table.filter(pc.field("document_type") == "return")) == Decimal("-896812.49")
    lines = table.select(["order_id", "line_no"]).group_by(["order_id", "line_no"]).aggregate([])
    assert lines.num_rows == 541_909, "repeated lines are told apart"
    assert sorted(table["source_row"].to_pylist()) == list(range(1, 541_910))
    assert pc.min(table["ordered_at"]).as_py().isoformat() == "2010-12-01T08:26:00+00:00"
    summer = table.filter(pc.field("order_id") == "556255")["ordered_at"][0].as_py()
    assert summer.isoformat() == "2011-06-09T16:27:00+00:00", "17:27 in London"
    assert set(table["currency_code"].to_pylist()) == {"GBP"}
    assert table["_extra"].null_count == 541_909


def _net(table: pa.Table) -> Decimal:
    amounts = pc.multiply(
        table["quantity"].cast(pa.decimal128(19, 6)), table["unit_price"].cast(pa.decimal128(18, 6))
    )
    return pc.sum(amounts.cast(pa.decimal256(50, 12))).as_py().quantize(Decimal("0.01"))
