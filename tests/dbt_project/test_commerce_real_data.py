"""A year of a UK gift shop (UCI Online Retail), through ``files`` into facts and marts."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq
import pytest
from built_home import DbtHome, named_in
from commerce_rows import file_source
from fixture_lake import FixtureLake
from lake_schemas import raw_schema

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
RETAIL = DATA / "uci_online_retail" / "online_retail.parquet"
RATES = DATA / "ecb_rates" / "eurofxref-hist.zip"
FETCHED = datetime(2011, 12, 12, 6, tzinfo=UTC)
DAYS = (date(2010, 11, 20), date(2011, 12, 12))
# A shop's zone: the file's wall-clock times are of it.
LONDON = ZoneInfo("Europe/London")

needs_data = pytest.mark.skipif(
    not (RETAIL.exists() and RATES.exists()), reason=f"no real data at {DATA}"
)

pytestmark = pytest.mark.long


def _document_types(source: pa.Table) -> pa.ChunkedArray:
    """What a mapping's rules say: C… gives back, A… corrects the books, lost stock is no order."""
    invoices = source["InvoiceNo"].cast(pa.string())
    lost = pc.and_(pc.less(source["Quantity"], 0), pc.less(source["UnitPrice"], 0.0001))
    return pc.case_when(
        pc.make_struct(pc.starts_with(invoices, "C"), pc.starts_with(invoices, "A"), lost),
        "return",
        "adjustment",
        "write_off",
        "sale",
    )


def _line_numbers(invoices: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    numbers = []
    for invoice in invoices:
        seen[invoice] = seen.get(invoice, 0) + 1
        numbers.append(str(seen[invoice]))
    return numbers


def _raw_lines(stamp: dict[str, object]) -> pa.Table:
    """The file's rows as the ``files`` connector writes them."""
    source = pq.read_table(RETAIL)
    invoices = source["InvoiceNo"].cast(pa.string())
    customers = source["CustomerID"].cast(pa.int64()).cast(pa.string())
    columns = {
        "order_id": invoices,
        "line_no": pa.array(_line_numbers(invoices.to_pylist())),
        "document_type": _document_types(source),
        "ordered_at": pc.assume_timezone(source["InvoiceDate"], LONDON.key),
        "customer_id": customers,
        "product_id": source["StockCode"].cast(pa.string()),
        "product_name": source["Description"].cast(pa.string()),
        "quantity": source["Quantity"].cast(pa.decimal128(38, 6)),
        # A price has at most three decimals; the file keeps it as a double.
        "unit_price": pc.round(source["UnitPrice"], 3).cast(pa.decimal128(24, 6)),
        "country": source["Country"].cast(pa.string()),
        "source_row": pa.array(range(2, source.num_rows + 2)),
    }
    schema = raw_schema("files", "orders")
    arrays = []
    for field in schema:
        if field.name in columns:
            arrays.append(columns[field.name].cast(field.type))
        else:
            arrays.append(pa.repeat(pa.scalar(stamp.get(field.name), field.type), source.num_rows))
    return pa.table(arrays, schema=schema)


def _ecb_rates() -> dict[date, dict[str, Decimal]]:
    with zipfile.ZipFile(RATES) as archive, archive.open(archive.namelist()[0]) as file:
        # The file ends its lines with a comma: the last column is nobody's.
        table = pc_csv.read_csv(
            file, convert_options=pc_csv.ConvertOptions(include_columns=["Date", "USD", "GBP"])
        )
    return {
        day: {"USD": Decimal(str(dollars)), "GBP": Decimal(str(pounds))}
        for day, dollars, pounds in zip(
            *(table[name].to_pylist() for name in ("Date", "USD", "GBP")), strict=True
        )
        if DAYS[0] <= day < DAYS[1]
    }


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> DbtHome:
    """The shop's books in pounds, its reports in dollars."""
    path = tmp_path_factory.mktemp("retail") / "home"
    path.mkdir()
    lake = FixtureLake(path)
    lake.organization("gifts", "USD")
    account = file_source("gifts", "invoices", "GBP", LONDON.key)
    lake.connection(account)
    lake.pull_rates(FETCHED, DAYS, _ecb_rates())
    sync = lake.pull(account, "orders", FETCHED)
    stamp: dict[str, object] = {
        "_organization_id": account.organization,
        "_connection_id": account.connection_id,
        "_sync_id": sync,
        "_chunk_id": 0,
        "_synced_at": FETCHED,
    }
    folder = path / "lake" / "raw" / "files" / "orders" / f"synced={FETCHED.date()}"
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(_raw_lines(stamp), folder / f"{sync}.parquet", compression="zstd")
    home = DbtHome(path)
    home.build(models=named_in(__file__), as_of=FETCHED.isoformat())
    return home


@needs_data
def test_every_line_and_invoice_comes_out(retail: DbtHome) -> None:
    assert retail.query("select count(*) from fact_order_lines") == [(541_909,)]
    assert retail.query(
        "select (select count(*) from fact_orders) + (select count(*) from fact_refunds)"
    ) == [(25_900,)]
    assert retail.query(
        "select line_type, count(*), sum(net_amount) from fact_order_lines "
        "where line_type <> 'sale' group by 1 order by 1"
    ) == [
        ("adjustment", 3, Decimal("-11062.06")),
        ("return", 9288, Decimal("-896812.49")),
        ("write_off", 1336, Decimal(0)),
    ]
    # Lost stock has an invoice number of its own, and is no order.
    assert retail.query(
        "select sum(orders), sum(orders_not_counted), sum(gross_amount_not_counted) "
        "from mart_shop_daily_summary"
    ) == [(20_725, 1336, Decimal(0))]
    assert retail.query(
        "select count(*), sum(net_amount) from fact_orders where order_type = 'adjustment'"
    ) == [(3, Decimal("-11062.06"))]


@needs_data
def test_customers_and_countries(retail: DbtHome) -> None:
    assert retail.query("select count(*) from dim_customers where not is_unknown") == [(4372,)]
    assert retail.query(
        "select count(*) from fact_order_lines as lines inner join dim_customers "
        "using (customer_key) where is_unknown"
    ) == [(135_080,)]
    assert retail.query(
        "select count(distinct country) from "
        "(select country from fact_orders union all select country from fact_refunds)"
    ) == [(38,)]
    # A customer is new once, and only who ever bought is.
    assert retail.query(
        "select count(*) filter (where customer_type = 'new'), "
        "count(distinct customer_key) filter (where customer_type <> 'unknown') from fact_orders"
    ) == [(4339, 4339)]
    assert retail.query(
        "select sum(value) from mart_yearly_aggregates where metric = 'new_customers'"
    ) == [(4339,)]


@needs_data
def test_revenue_is_the_files_to_the_penny(retail: DbtHome) -> None:
    net = Decimal("9747747.93")
    # Some prices have a tenth of a penny.
    exact = Decimal("9747747.934")
    assert round(exact, 2) == net
    assert retail.query("select sum(net_amount) from fact_order_lines") == [(exact,)]
    assert retail.query(
        "select sum(net_revenue), sum(refunds), sum(gross_revenue) from mart_shop_daily_summary"
    ) == [(exact, Decimal("896812.49"), exact + Decimal("896812.49"))]
    # An independent sum by month of the file's own wall clock.
    source = pq.read_table(RETAIL)
    amount = pc.multiply(source["Quantity"].cast(pa.float64()), source["UnitPrice"])
    months = pc.strftime(source["InvoiceDate"], "%Y-%m-01")
    by_month = pa.table({"month": months, "amount": amount}).group_by("month")
    expected = {
        row["month"]: round(row["amount_sum"], 2)
        for row in by_month.aggregate([("amount", "sum")]).to_pylist()
    }
    assert len(expected) == 13
    shown = retail.query(
        "select date_trunc('month', date_day)::date::varchar, sum(net_revenue)::double "
        "from mart_shop_daily_summary group by 1"
    )
    assert {month: round(value, 2) for month, value in shown} == expected


@needs_data
def test_dollars_are_pounds_at_the_rate_of_their_own_day(retail: DbtHome) -> None:
    ((from_marts,),) = retail.query(
        "select sum(value) from mart_monthly_aggregates where metric = 'net_revenue'"
    )
    rates, days = _ecb_rates(), sorted(_ecb_rates())
    by_day = retail.query("select date_day, net_revenue from mart_shop_daily_summary")
    expected = Decimal(0)
    for day, pounds in by_day:
        # Sundays have the rate of the Friday before.
        known = rates[max(d for d in days if d <= day <= d + timedelta(days=7))]
        expected += pounds * known["USD"] / known["GBP"]
    assert abs(from_marts - expected) < Decimal("0.05")
    assert retail.query("select count(*) from mart_daily_aggregates where value is null") == [(0,)]


@needs_data
def test_products_and_reconciliation(retail: DbtHome) -> None:
    assert retail.query("select count(*) from dim_products where is_inferred") == [(4070,)]
    assert retail.query("select * from mart_reconciliation where not is_reconciled") == []
    before = retail.rewrites()
    retail.build(models=named_in(__file__), as_of=FETCHED.isoformat())
    assert retail.rewrites() == before


@needs_data
def test_cohorts_of_months_are_those_of_the_file(retail: DbtHome) -> None:
    source = pq.read_table(RETAIL)
    sold = pa.table(
        {
            "customer": source["CustomerID"].cast(pa.int64()),
            "month": pc.strftime(source["InvoiceDate"], "%Y-%m"),
            "type": _document_types(source),
        }
    ).to_pylist()
    months: dict[int, set[str]] = {}
    for row in sold:
        if row["customer"] is not None and row["type"] == "sale":
            months.setdefault(row["customer"], set()).add(row["month"])
    expected: dict[tuple[str, str], int] = {}
    for own in months.values():
        for month in own:
            key = (min(own), month)
            expected[key] = expected.get(key, 0) + 1
    shown = retail.query(
        "select strftime(cohort_start, '%Y-%m'), strftime(period_start, '%Y-%m'), "
        "active_customers, cohort_size from mart_cohort_retention "
        "where cohort_type = 'first_purchase' and period_type = 'month' and active_customers > 0"
    )
    assert {(cohort, month): active for cohort, month, active, _ in shown} == expected
    assert {(cohort, size) for cohort, _, _, size in shown} == {
        (cohort, active) for (cohort, month), active in expected.items() if cohort == month
    }
    assert expected["2010-12", "2010-12"] == 885


@needs_data
def test_values_of_customers_and_products_add_up_to_the_file(retail: DbtHome) -> None:
    exact = Decimal("9747747.934")
    assert retail.query("select sum(net_revenue) from mart_product_performance") == [(exact,)]
    assert retail.query("select count(*), sum(orders) from mart_customer_value") == retail.query(
        "select count(distinct customer_key), count(*) from fact_orders "
        "where customer_type <> 'unknown' and order_type = 'sale'"
    )
    # Customers with as many orders have one score.
    assert retail.query(
        "select count(*) from (select orders from mart_customer_value "
        "group by orders having count(distinct frequency_score) > 1)"
    ) == [(0,)]
