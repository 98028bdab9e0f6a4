"""`files try`: what a run would load of a file, what not, and what the mapping needs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from connectors.core.errors import ShapeChanged
from connectors.platforms.files.mapping_parser import parse
from connectors.platforms.files.reasons import grouped, kind_of
from connectors.platforms.files.tree import MappingError
from connectors.platforms.files.trial import Trial, try_file

COSTS = """
target: costs
kind: report
time_zone: UTC
currency: EUR
columns: {date: Day, campaign: Campaign, cost: Cost, clicks: Clicks}
"""
HEADER = "Day,Campaign,Cost,Clicks\n"
ORDERS = """
target: orders
kind: changes
time_zone: Europe/Berlin
columns: {order_id: id, ordered_at: at, quantity: n, unit_price: price, order_total: total,
          currency_code: cur}
"""


@pytest.fixture
def tried(tmp_path: Path) -> Callable[..., Trial]:
    """Tries content under a mapping: `tried(content, mapping)`."""

    def one(content: str | bytes, mapping: str, name: str = "x.csv") -> Trial:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return try_file(path, parse(yaml.load(mapping, yaml.BaseLoader)))

    return one


def sums(trial: Trial) -> dict[str, Decimal]:
    return {f"{one.column} {one.currency}".strip(): one.amount for one in trial.sums}


def test_sums_dates_and_the_files_own_total(tried: Callable[..., Trial]) -> None:
    rules = 'skip_rows: [{date: "Total: Account"}]\ndecimal: "."\n'
    total = 'Total: Account,,"1,210.75",7\n'
    rows = HEADER + '2026-11-01,A,10.50,3\n2026-11-03,B,"1,200.25",4\n'
    found = tried(rows + total, COSTS + rules)
    assert (found.rows, found.rejected, found.skipped) == (2, 0, 1)
    assert (str(found.first), str(found.last)) == ("2026-11-01", "2026-11-03")
    assert sums(found) == {"cost EUR": Decimal("1210.75"), "clicks": Decimal(7)}
    assert [(one.row, one.label, one.agrees) for one in found.totals] == [
        (4, "Total: Account", True),
        (4, "Total: Account", True),
    ]
    assert found.is_fine
    # The same file with a row less than its own sum says.
    short = tried(rows.replace("2026-11-01,A,10.50,3\n", "") + total, COSTS + rules)
    assert not short.totals_agree
    assert not short.is_fine
    assert next((one.file, one.ours) for one in short.totals) == (
        Decimal("1210.75"),
        Decimal("1200.25"),
    )


def test_sums_of_parts_beside_the_whole(tried: Callable[..., Trial]) -> None:
    found = tried(
        HEADER + "2026-11-01,A,1,1\n2026-11-01,B,2,2\nTotal: Search,,1,1\nTotal: Account,,3,3\n",
        COSTS + "skip_rows: [{date: {starts_with: 'Total:'}}]\n",
    )
    assert found.totals_agree
    assert [one.agrees for one in found.totals] == [False, False, True, True]


def test_rows_that_are_set_aside_with_what_they_are_worth(tried: Callable[..., Trial]) -> None:
    found = tried(
        HEADER + '2026-11-01,A,10.50,3\n2026-11-02,B,"1,200",4\n13/11/2026,C,5,1\n'
        "14/11/2026,C,6.25,1\nTotals,,21.75,8\n",
        COSTS,
    )
    assert (found.rows, found.rejected) == (1, 4)
    by_lines = {tuple(one.lines): one for one in found.rejections}
    dates = by_lines[("date_format: day_first",)]
    assert (dates.group.rows, dates.group.first_row) == (2, 4)
    assert {one.column: one.amount for one in dates.lost} == {
        "cost": Decimal("11.25"),
        "clicks": Decimal(2),
    }
    (number,) = [one for lines, one in by_lines.items() if lines[0].startswith("decimal: '.'")]
    assert [(one.column, one.amount) for one in number.lost] == [("clicks", Decimal(4))]
    # A row of sums is worth nothing by itself.
    total = by_lines[("skip_rows: [{date: Totals}]",)]
    assert (total.lost, total.unread) == ([], 0)
    # A row of no day may be of any day of the file.
    assert found.left_days == ["2026-11-01", "2026-11-02"]


@pytest.mark.parametrize(
    ("row", "more", "line"),
    [
        ("01/02/2026,A,5,1", "", "date_format: day_first   # or month_first: this date can be both,"
         " ask its author"),
        ("11/25/2026,A,5,1", "", "date_format: month_first"),
        ("11/25/2026,A,5,1", "date_format: day_first", "date_format: month_first"),
        ('"Nov 3, 2026",A,5,1', "", 'date_format: "%b %d, %Y"'),
        ('2026-11-01,A,"5,50",1', "", "decimal: ','"),
        ("2026-11-01,A,-5,1", "", "columns: {cost: {column: Cost, negate: true}}   # or negate: "
         "false, when the minus is meant"),
        ("2026-11-01,A,5", "", "pad_short_rows: true"),
        ("2026-11-01,A,unknown,1", "", "null_values: [unknown, '-', '--', N/A]   # if it means "
         "that there is nothing"),
        ("Results from 123 campaigns,,5,1", "", "skip_rows: [{date: {starts_with: Results from}}]"),
        (",Total,5,1", "", "skip_rows: [{campaign: Total}]"),
        ("Total: Account,,5,1", "skip_rows: [{date: x}]",
         'skip_rows: [{date: "Total: Account"}]   # beside the rules that stand there'),
    ],
)  # fmt: skip
def test_the_line_that_the_mapping_needs(
    tried: Callable[..., Trial], row: str, more: str, line: str
) -> None:
    found = tried(f"{HEADER}{row}\n", f"{COSTS}{more}\n")
    assert line in [line for one in found.rejections for line in one.lines]
    plain = line.partition("   #")[0]
    if not plain.startswith("columns"):
        # What is advised can be read, and mends it.
        tree = yaml.load(f"{COSTS}{more}", yaml.BaseLoader) | yaml.load(plain, yaml.BaseLoader)
        again = tried(f"{HEADER}{row}\n", yaml.safe_dump(tree))
        mended = [one.lines for one in again.rejections]
        assert [line] not in mended


def test_what_is_of_the_whole_order_counts_once(tried: Callable[..., Trial]) -> None:
    found = tried(
        "id,at,n,price,total,cur\n"
        "1,2026-11-01 23:30,2,5,20,EUR\n1,2026-11-01 23:30,1,10,20,EUR\n"
        "2,2026-11-02,1,7,7,USD\n3,2026-11-02,x,9,9,EUR\n3,2026-11-02,1,9,9,EUR\n",
        ORDERS,
    )
    assert sums(found) == {
        "order_total EUR": Decimal(20),
        "order_total USD": Decimal(7),
        "quantity": Decimal(4),
        "quantity * unit_price EUR": Decimal(20),
        "quantity * unit_price USD": Decimal(7),
    }
    # Both rows of order 3 are set aside, its total is lost once.
    lost = [(a.column, a.amount) for one in found.rejections for a in one.lost]
    assert [amount for column, amount in lost if column == "order_total"] == [Decimal(9)]


def test_nobody_is_shown(tried: Callable[..., Trial]) -> None:
    mapping = "target: customers\nkind: snapshot\ntime_zone: UTC\n" + (
        "columns: {customer_id: id, email: mail, updated_at: at}\n"
    )
    found = tried("id,mail,at\n,ann@shop.example,\n2,bo@shop.example,bo@shop.example\n", mapping)
    assert found.rejected == 2
    shown = str(found)
    assert "is missing" in shown
    assert "bo@" not in shown
    assert "ann@" not in shown


def test_records_are_summed_by_their_numbers(tried: Callable[..., Trial]) -> None:
    found = tried(
        "lead;on;score\na;2026-11-03;1,5\nb;2026-11-01;2\n",
        "target: records\nkind: changes\ntable: leads\ntime_zone: UTC\nkey: [lead]\n"
        "columns: {lead: lead, on: {column: on, type: date}, "
        "score: {column: score, type: number, decimal: ','}}\n",
    )
    assert sums(found) == {"score": Decimal("3.5")}
    assert (str(found.first), str(found.last)) == ("2026-11-01", "2026-11-03")


def test_a_file_that_a_run_would_refuse(tried: Callable[..., Trial], tmp_path: Path) -> None:
    with pytest.raises(ShapeChanged, match="has no column 'Cost'"):
        tried("Day,Campaign,Spend,Clicks\n2026-11-01,A,5,1\n", COSTS)
    with pytest.raises(ShapeChanged, match="there is no file"):
        try_file(tmp_path / "none.csv", parse(yaml.load(COSTS, yaml.BaseLoader)))


def test_reasons_are_grouped_by_kind() -> None:
    many = [
        (f"row {n}: date (column 'Tag'): '{n}/11/2026' is not an ISO 8601 date; state x", "{}")
        for n in range(2, 9)
    ]
    (group,) = grouped(many)
    assert (group.rows, group.first_row) == (7, 2)
    assert group.reason == "date (column 'Tag'): … is not an ISO 8601 date; state x"
    assert kind_of("row 3: cost is negative (-5.00); state") == kind_of(
        "row 4: cost is negative (-7.20); state"
    )
    assert kind_of("row 3: it has 3 cells, the header has 5") != kind_of(
        "row 3: it has 9 cells, the header has 5"
    )
    first, second = grouped([("row 2: a", "1"), ("row 3: b", "2"), ("row 4: b", "3")])
    assert (first.reason, first.payload, second.reason) == ("b", "2", "a")


def test_rows_that_nothing_tells_apart_have_their_number(tried: Callable[..., Trial]) -> None:
    mapping = (
        "target: records\nkind: changes\ntable: payouts\ntime_zone: UTC\n"
        "key: [payout, source_row]\n"
        "columns: {payout: payout, amount: {column: amount, type: number}}\n"
        "skip_rows: [{amount: {is_empty: true}}]\ntotals: {amount: total}\n"
    )
    found = tried("payout,total,amount\n7,5,\n7,,3\n7,,1\n7,,1\n", mapping)
    assert (found.rows, found.rejected, found.skipped) == (3, 0, 1)
    assert [(one.label, one.file, one.ours) for one in found.totals] == [
        ("total", Decimal(5), Decimal(5))
    ]
    wrong = tried("payout,total,amount\n7,6,\n7,,3\n7,,1\n7,,1\n", mapping)
    assert not wrong.totals_agree
    with pytest.raises(MappingError, match=r"totals: 'payout' is no number under columns"):
        tried("payout,total,amount\n", mapping.replace("{amount: total}", "{payout: total}"))


def test_a_sum_without_a_name_would_count_all_twice(tried: Callable[..., Trial]) -> None:
    rows = "2026-11-01,A,5.00,1\n2026-11-02,B,6.50,2\n"
    found = tried(f"{HEADER}2026-11-02,,11.50,3\n{rows}", COSTS)
    assert (found.rows, found.doubled, found.is_fine) == (3, [2], False)
    mended = tried(
        f"{HEADER}2026-11-02,,11.50,3\n{rows}",
        COSTS + "skip_rows: [{campaign: {is_empty: true}}]\n",
    )
    assert (mended.rows, mended.doubled, mended.is_fine) == (2, [], True)
    # Spend without a campaign is no sum.
    assert tried(f"{HEADER}2026-11-02,,3.50,3\n{rows}", COSTS).is_fine
