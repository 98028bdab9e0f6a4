"""A CRM's lists in exact numbers: who sells, what is edited and what goes, and deltas of files."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from built_home import DbtHome, Query, differences, named_in, twin_of
from commerce_rows import file_line, file_source
from fixture_lake import FixtureLake
from scenarios import at, march
from tenants import Tenant

MODELS = named_in(__file__)
D = Decimal


def line(order: str, number: int, total: str, day: int = 2, **more: Any) -> dict[str, Any]:
    """A line of one piece that costs what it comes to, where no more is said."""
    return {
        "order_id": order, "line_no": str(number), "ordered_at": at(day), "quantity": D(1),
        "unit_price": D(more.pop("price", total)), "total": D(total), "currency": "eur",
        "status": "paid", "paid_at": at(day), "source_row": number, "updated_at": at(day), **more,
    }  # fmt: skip


def employee(id_: str, name: str, **more: Any) -> dict[str, Any]:
    return {"employee_id": id_, "full_name": name, "team": "sales", "hired_on": march(1), **more}


class Sheet(Tenant):
    """A spreadsheet of an organization of its own."""

    def __init__(self, lake: FixtureLake, name: str) -> None:
        super().__init__(lake, name, f"sheet{name}000", "EUR", "Europe/Berlin", "crm_export")

    def pull(self, stream: str, when: datetime, *rows: dict[str, Any], rejected: int = 0) -> None:
        self.lake.pull(self.account, stream, when, rows, rejected=rejected)

    def staff(self, built: Query) -> list[tuple[Any, ...]]:
        columns = "employee_id, employee_name, is_active, is_deleted, is_inferred"
        return self.rows(built, "dim_employees", columns, "employee_id")

    def orders(self, built: Query, columns: str) -> list[tuple[Any, ...]]:
        return self.rows(built, "fact_orders", f"order_id, {columns}", "order_id")


def test_what_a_sheet_says_over_time(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    lake, home = FixtureLake(tmp_path / "home"), DbtHome(tmp_path / "home")
    sheet, drop = Sheet(lake, "sheet"), file_source("drop", "employees", "EUR")
    lake.organization("drop", "EUR")
    lake.connection(drop)
    sold = file_source("drop", "orders", "EUR")
    lake.connection(sold)
    sheet.pull("employees", at(3), employee("E1", "Ada"), employee("E2", "Bo", manager_id="E1"))
    sheet.pull(
        "orders",
        at(3),
        # 19 of tax on 100; of all that came back 100 are goods.
        line("A", 1, "119", price="100", tax=D(19), employee_id="E2", refunded_amount=D(119),
             refunded_at=at(3)),
        # Two lines of two people; half of one is given back, which is less than the goods.
        line("B", 1, "45", price="50", discount=D(5), employee_id="E1", refunded_amount=D(20)),
        line("B", 2, "10", employee_id="gone"),
        # The total that is written is kept, with what its parts do not come to.
        line("C", 1, "12", price="10"),
        line("D", 1, "30", status="cancelled", paid_at=None, employee_id="E1"),
    )  # fmt: skip
    lake.pull(drop, "employees", at(3), [{"employee_id": "9", "name": "Cy"}], kind="changes")
    lake.pull(sold, "orders", at(3), [file_line("F", 1, at(2), "1", "7", employee_id="9")])
    home.build(models=MODELS)
    with home.reading() as built:
        assert sheet.staff(built) == [
            ("E1", "Ada", True, False, False),
            ("E2", "Bo", True, False, False),
            ("gone", "Unknown employee", None, False, True),
        ]
        managers = (
            "select managers.employee_id from dim_employees as employees inner join dim_employees "
            "as managers on employees.manager_key = managers.employee_key"
        )
        assert built(managers) == [("E1",)]
        assert sheet.orders(built, "net_amount, tax_amount, total_amount, is_counted") == [
            ("A", D(100), D(19), D(119), True),
            ("B", D(55), D(0), D(55), True),
            ("C", D(10), D(0), D(12), True),
            ("D", D(30), D(0), D(30), False),
        ]
        refunds = "refund_id, refunded_amount, net_amount, other_amount, date_day"
        assert sheet.rows(built, "fact_refunds", refunds, "refund_id") == [
            ("A/refund", D(119), D(100), D(19), march(3)),
            ("B/refund", D(20), D(20), D(0), march(2)),
        ]
        assert sold_by(built) == [
            ("drop", "9", 1, D(7)), ("sheet", "E1", 1, D(45)), ("sheet", "E2", 1, D(100)),
            ("sheet", "gone", 1, D(10)),
        ]  # fmt: skip
    # Bo leaves, the order of hers is another one's, B is gone, and a row cannot be read.
    sheet.pull("employees", at(5), employee("E1", "Ada"),
               employee("E2", "Bo", left_on=march(4), is_active=False))  # fmt: skip
    sheet.pull("orders", at(5), line("A", 1, "119", price="100", tax=D(19), employee_id="E1"),
               line("C", 1, "12", price="12"), rejected=1)  # fmt: skip
    lake.pull(drop, "employees", at(5), [{"employee_id": "8", "name": "Di"}], kind="changes")
    home.build(models=MODELS)
    with home.reading() as built:
        # A list with a row in quarantine deletes nothing.
        assert [row[0] for row in sheet.orders(built, "net_amount")] == ["A", "B", "C", "D"]
        assert sheet.staff(built)[1] == ("E2", "Bo", False, False, False)
        assert ("sheet", "E1", 2, D(145)) in sold_by(built)
        assert built(
            "select employee_id, is_deleted from dim_employees where organization_id = 'drop' "
            "order by all"
        ) == [("8", False), ("9", False)], "a file of changes deletes nobody"
    # A list that was read whole does; who is gone from it stays in the dimension.
    sheet.pull("orders", at(6), line("A", 1, "119", price="100", tax=D(19), employee_id="E1"))
    sheet.pull("employees", at(6), employee("E1", "Ada"))
    home.build(models=MODELS)
    with home.reading() as built:
        assert [row[0] for row in sheet.orders(built, "net_amount")] == ["A"]
        assert sheet.staff(built) == [
            ("E1", "Ada", True, False, False),
            ("E2", "Bo", False, True, False),
        ]
        assert sheet.rows(built, "fact_refunds", "refund_id") == []
    twin = twin_of(home, tmp_path / "twin")
    twin.build("--full-refresh", models=MODELS)
    assert differences(home, twin) == {}


def sold_by(built: Query) -> list[tuple[Any, ...]]:
    """Who sold how many orders, and for how much, of those that count."""
    return list(
        built(
            "select lines.organization_id, employees.employee_id, count(distinct order_key), "
            "sum(net_amount) from fact_order_lines as lines "
            "inner join dim_employees as employees using (employee_key) "
            "where is_counted group by all order by all"
        )
    )
