"""Employees, their sales and what a CRM sells equal the simulated truth at each clock."""

from decimal import Decimal
from typing import Any

from tests.end_to_end.conftest import Releases, each_release

Rows = dict[tuple[str, ...], tuple[Any, ...]]


def shown(releases: Releases, index: int, query: str, keys: int) -> Rows:
    with releases.open(index) as release:
        rows = release.execute(query).fetchall()
    found = {tuple(map(str, row[:keys])): tuple(map(_value, row[keys:])) for row in rows}
    assert len(found) == len(rows)
    return found


def true(releases: Releases, index: int, level: str, keys: list[str], names: list[str]) -> Rows:
    return {
        tuple(str(row[name]) for name in keys): tuple(_value(row[name]) for name in names)
        for row in releases.truth(level, index)
    }


@each_release
def test_employees_are_who_is_in_the_sheet(releases: Releases, index: int) -> None:
    ours = shown(
        releases, index,
        "select account_id, employees.employee_id, employee_name, role, team, "
        "managers.employee_id, hired_on, left_on, is_active "
        "from dim_employees as employees left join (select employee_key, employee_id from "
        "dim_employees) as managers on employees.manager_key = managers.employee_key "
        "where not is_inferred", 2,
    )  # fmt: skip
    names = ["name", "role", "team", "manager_id", "hired_on", "left_on", "is_active"]
    assert ours == true(releases, index, "employee", ["account_id", "employee_id"], names)
    assert len(ours) >= 4


@each_release
def test_sales_of_an_employee_equal_the_orders_that_they_took(
    releases: Releases, index: int
) -> None:
    ours = shown(
        releases, index,
        "select lines.account_id, employees.employee_id, date_day, count(distinct order_key), "
        "sum(quantity), sum(net_amount) "
        "from fact_order_lines as lines inner join dim_employees as employees "
        "using (employee_key) where is_counted group by all", 3,
    )  # fmt: skip
    keys = ["account_id", "employee_id", "date"]
    assert ours == true(releases, index, "employee_sales", keys, ["orders", "units", "net"])
    assert len(ours) > 20


@each_release
def test_what_is_sold_has_its_present_price(releases: Releases, index: int) -> None:
    ours = shown(
        releases, index,
        "select account_id, product_id, product_name, sku, category, product_type, price "
        "from dim_products where platform = 'crm_export' and is_current and not is_deleted "
        "and not is_inferred", 2,
    )  # fmt: skip
    names = ["title", "sku", "category", "kind", "price"]
    assert ours == true(releases, index, "crm_product", ["account_id", "product_id"], names)


@each_release
def test_who_buys_is_a_customer_without_a_name(releases: Releases, index: int) -> None:
    with releases.open(index) as release:
        (buyers, unlisted) = release.execute(
            "select count(*) filter (orders > 0), count(*) filter (is_inferred and not is_unknown) "
            "from dim_customers where platform = 'crm_export'"
        ).fetchone() or (0, 0)
    assert buyers > 20
    assert unlisted == 0


def _value(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    try:
        return Decimal(str(value)).normalize()
    except ArithmeticError:
        return str(value)
