"""Rows of a spreadsheet become exact records, and what people do to spreadsheets does no harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.accounts import Account
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    RateLimited,
    ShapeChanged,
    VersionSunset,
)
from connectors.core.replies import Reply
from connectors.platforms import get
from connectors.platforms.crm_export import hooks
from connectors.platforms.crm_export.failures import MINUTE, read_error

_PLATFORM = get("crm_export")
_ID = _PLATFORM.account_ids.example
_PAGES = Path(__file__).parent / "pages"
_ABOUT = json.loads((_PAGES / "spreadsheet.json").read_text("utf-8"))
_CUSTOMERS = json.loads((_PAGES / "customers.json").read_text("utf-8"))
_ORDERS = ["order_id", "line_no", "ordered_at", "quantity", "unit_price", "total", "employee_id"]
_LINE = ["A-1", 1, 46327.5, 2, 12.5, 25, "E1"]

Tab = Callable[..., Any]


@pytest.fixture
def tab(kit: Any, read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Tab:
    """Reads a table of which the sheet has these rows."""
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-30T06:00:00+00:00")

    def call(table: str, rows: Any, about: Any = _ABOUT, **settings: str) -> Any:
        values = {} if rows is None else {"values": rows}
        answer = rows if isinstance(rows, dict) else {"valueRanges": [values]}

        def handler(asked: Any) -> Any:
            if asked.path == "/token":
                return kit.token
            return answer if asked.path.endswith("/values:batchGet") else about

        account = Account(_ID, settings=settings)
        return read(_PLATFORM, table, handler, account=account, hash_pii=lambda text: f"<{text}>")

    return call


def test_a_page_of_ragged_rows(tab: Tab) -> None:
    found = tab("customers", _CUSTOMERS)
    assert [row["customer_id"] for row in found.rows] == ["C001", "C002", "C003"]
    first, second, third = found.rows
    # 46327.5 is noon in Berlin.
    assert first["created_at"] == datetime(2026, 11, 1, 11, tzinfo=UTC)
    assert (first["email"], third["email"], second["created_at"]) == ("<a@b.c>", None, None)
    assert [row["source_row"] for row in found.rows] == [2, 3, 5]
    assert json.loads(first["_extra"]) == {"tier": "gold"}
    assert found.rejected == []


def test_what_is_asked_for(tab: Tab) -> None:
    asked = tab("customers", _CUSTOMERS).asked[-1]
    assert asked.path == f"/v4/spreadsheets/{_ID}/values:batchGet"
    assert asked.params == {
        "ranges": "'Customers'",
        "majorDimension": "ROWS",
        "valueRenderOption": "UNFORMATTED_VALUE",
        "dateTimeRenderOption": "SERIAL_NUMBER",
    }


def test_a_renamed_tab_is_found_by_its_number(tab: Tab) -> None:
    rows = [
        ["employee_id", "full_name", "hired_on", "is_active"],
        ["E1", " Ada\u00a0A. ", 46000, True],
    ]
    found = tab("employees", rows, tab_employees="318")
    assert found.asked[-1].params["ranges"] == "'It''s us'"
    (row,) = found.rows
    assert (row["full_name"], row["hired_on"]) == ("Ada A.", date(2025, 12, 9))
    with pytest.raises(ShapeChanged, match=r"no tab of the name employees.*It's us \(318\)"):
        tab("employees", rows)


def test_a_line_of_an_order(tab: Tab) -> None:
    found = tab("orders", [_ORDERS, _LINE])
    (row,) = found.rows
    assert (row["line_no"], row["employee_id"]) == ("1", "E1")
    assert (row["quantity"], row["unit_price"], row["total"]) == (2, Decimal("12.5"), 25)
    assert row["ordered_at"] == datetime(2026, 11, 1, 11, tzinfo=UTC)


def test_titles_blank_rows_and_totals_are_no_records(tab: Tab) -> None:
    rows = [["All orders"], [], _ORDERS, _LINE, ["", " "], ["Total", "", "", "", "", 25],
            ["", "", "Sum:", "", "", 25]]  # fmt: skip
    found = tab("orders", rows)
    assert [row["order_id"] for row in found.rows] == ["A-1"]
    assert found.rejected == []


def test_columns_are_found_by_name_wherever_they_stand(tab: Tab) -> None:
    header = [name.replace("_", " ").title() for name in _ORDERS]
    order = [6, 2, 0, 5, 1, 4, 3]
    moved = [[row[place] for place in order] for row in (header, _LINE)]
    assert tab("orders", moved).rows == tab("orders", [_ORDERS, _LINE]).rows


def test_a_name_that_stands_above_two_columns_refuses_the_tab(tab: Tab) -> None:
    with pytest.raises(ShapeChanged, match="two columns total"):
        tab("orders", [[*_ORDERS, "Total"], _LINE])


def test_blank_and_repeated_names_of_unknown_columns_are_kept_apart(tab: Tab) -> None:
    found = tab("orders", [[*_ORDERS, "", "note", "note"], [*_LINE, "x", "a", "b", "beyond"]])
    extra = json.loads(found.rows[0]["_extra"])
    assert extra == {"column 8": "x", "note": "a", "note (2)": "b", "column 11": "beyond"}


@pytest.mark.parametrize("rows", [None, [], [["order_id", "total"], ["A-1", 5]]])
def test_a_tab_without_its_header_is_refused_and_deletes_nothing(tab: Tab, rows: Any) -> None:
    with pytest.raises(ShapeChanged, match="no header with line_no, order_id, ordered_at"):
        tab("orders", rows)


@pytest.mark.parametrize(
    ("name", "cell", "reason"),
    [
        ("total", "#REF!", "total: holds the error #REF! of a formula"),
        ("employee_id", "#N/A", "employee_id: holds the error #N/A of a formula"),
        ("order_id", "1.2E+11", "order_id: 1.2E+11 has lost its digits"),
        ("order_id", 2**60, "has lost its digits"),
        ("ordered_at", "01/02/2026", "is no date: write it as 2026-11-30"),
        ("ordered_at", "0001-01-01T00:00:00", "is no date"),
        ("ordered_at", "9999-12-31T23:59:59-12:00", "is no date"),
        ("ordered_at", True, "is no date"),
        ("ordered_at", 0.4, "0.4 is no date between 1900 and 2199"),
        ("ordered_at", 46110.104166, "2026-03-29 02:30 does not exist in Europe/Berlin"),
        ("ordered_at", 46358, "has not come yet"),
        ("ordered_at", "", "ordered_at is missing"),
        ("unit_price", -1, "unit_price: -1 is negative"),
        ("quantity", "two", "quantity"),
        ("total", "1.234,50 €", "total"),
        ("line_no", "", "line_no is missing"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside_with_its_reason(
    tab: Tab, name: str, cell: Any, reason: str
) -> None:
    bad = ["A-2", *_LINE[1:]]
    bad[_ORDERS.index(name)] = cell
    found = tab("orders", [_ORDERS, _LINE, bad])
    assert [row["order_id"] for row in found.rows] == ["A-1"]
    (why,) = found.rejected
    assert reason in why


def test_a_key_that_is_there_twice_counts_once(tab: Tab) -> None:
    found = tab("orders", [_ORDERS, _LINE, [*_LINE[:3], 9]])
    assert [row["quantity"] for row in found.rows] == [2]
    assert found.rejected == ["A-1 1 is in the sheet twice"]


def test_an_hour_that_comes_twice_means_the_first(tab: Tab) -> None:
    # 2026-10-25 02:30 in Berlin was at 00:30 and at 01:30 UTC.
    found = tab("orders", [_ORDERS, [*_LINE[:2], 46320 + 2.5 / 24, *_LINE[3:]]])
    assert found.rows[0]["ordered_at"] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_text_with_a_zone_of_its_own_keeps_it(tab: Tab) -> None:
    found = tab("orders", [_ORDERS, [*_LINE[:2], "2026-11-01T12:00:00Z", *_LINE[3:]]])
    assert found.rows[0]["ordered_at"] == datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_names_of_customers_are_nowhere(tab: Tab) -> None:
    rows = [["customer_id", "full_name", "created_at"], ["C1", "Ada Abbott", 1], ["C2", "Bo", True]]
    found = tab("customers", rows)
    assert "Ada" not in repr(found.rows)
    assert len(found.rejected) == 1


@settings(deadline=None, max_examples=200)
@given(
    st.datetimes(datetime(1901, 1, 1), datetime(2199, 1, 1)).map(
        lambda at: at.replace(microsecond=0)
    )
)
def test_a_date_of_a_sheet_is_read_to_the_second(at: datetime) -> None:
    from connectors.platforms.crm_export.cells import _serial

    assert _serial((at - datetime(1899, 12, 30)).total_seconds() / 86_400) == at


def test_the_account_is_what_the_sheet_says(kit: Any) -> None:
    server = kit.server(lambda asked: kit.token if asked.path == "/token" else _ABOUT)
    credential = {one.name: f"{one.name}-0123456789" for one in _PLATFORM.credential_fields}
    account = Account(_ID, settings={"currency": "EUR"})
    client = kit.client(server, platform=_PLATFORM, account=account, credential=credential)
    found = hooks.describe_account(client, account)
    assert (found.name, found.currency, found.time_zone) == ("Studio", "EUR", "Europe/Berlin")


@pytest.mark.parametrize(
    "settings",
    [{"tab_orders": "0"}, {"currency": "NZD"}, {"least_kept": "0"}, {"least_kept": "0.5"}],
)
def test_settings_that_work(settings: dict[str, str]) -> None:
    hooks.check_settings(_ID, settings)
    assert hooks.least_kept(Account(_ID, settings=settings)) in (0, 0.5, 0.7)


@pytest.mark.parametrize(
    "settings",
    [{"tab_deals": "0"}, {"tab_orders": "Orders"}, {"currency": "euro"}, {"least_kept": "70 %"},
     {"least_kept": "1.5"}],
)  # fmt: skip
def test_settings_that_cannot_work(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        hooks.check_settings(_ID, settings)


@pytest.mark.parametrize(
    "given", [_ID, f" https://docs.google.com/spreadsheets/d/{_ID}/edit?gid=0#gid=0 "]
)
def test_a_spreadsheet_has_one_spelling(given: str) -> None:
    assert _PLATFORM.account_id(given) == _ID


@pytest.mark.parametrize(
    ("status", "message", "reason", "kind"),
    [
        (400, "Unable to parse range: 'Orders'", "", BadRequest),
        (400, "This operation is not supported for this document", "", BadRequest),
        (401, "Request had invalid authentication credentials.", "", AuthRejected),
        (403, "The caller does not have permission", "", AccountGone),
        (403, "Google Sheets API has not been used", "SERVICE_DISABLED", AuthRejected),
        (403, "Insufficient scopes", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", AuthRejected),
        (404, "Requested entity was not found.", "", AccountGone),
        (429, "Quota exceeded for quota metric 'Read requests'", "", RateLimited),
    ],
)
def test_refusals(
    kit: Any, status: int, message: str, reason: str, kind: type[ConnectorError]
) -> None:
    error = {"code": status, "message": message, "details": [{"reason": reason}]}
    found = read_error(kit.reply({"error": error}, status=status))
    assert type(found) is kind
    assert message in str(found)
    if isinstance(found, RateLimited):
        assert found.retry_after == MINUTE


def test_what_is_no_refusal_of_the_api(kit: Any) -> None:
    found: Reply = kit.reply({"values": []})
    assert read_error(found) is None
    assert read_error(kit.reply({"error": {"code": 500}}, status=500)) is None
    assert isinstance(read_error(kit.reply(None, status=404)), VersionSunset)
