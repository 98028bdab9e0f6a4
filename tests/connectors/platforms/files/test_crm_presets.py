"""Files of a CRM of one's own are recognised, by the contract's names or as people write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.platforms.crm_export import schema
from connectors.platforms.files.draft import filled
from connectors.platforms.files.presets import preset
from connectors.platforms.files.schema import TARGETS
from connectors.platforms.files.trial import try_file

FILES = {
    "crm_customers": (
        "customer_id,email,full_name,phone,country,source,created_at,updated_at,is_deleted",
        "ABC-CUS-XX-26-0002,Ann@Example.com,Ann A,,DE,web,2026-11-01T09:00:00Z,,false",
    ),
    "crm_employees": (
        "employee_id,full_name,email,role,team,manager_id,hired_on,left_on,is_active",
        "E1,Bo B,bo@example.com,consultant,sales,E0,2026-01-01,,true",
    ),
    "crm_products": (
        "product_id,sku,name,category,kind,list_price,currency,active_from,active_to,updated_at",
        "P1,CO0001,Tasting,Evenings,course,49.00,EUR,2026-01-01,,2026-11-01T09:00:00Z",
    ),
    "crm_orders": (
        "order_id,line_no,customer_id,product_id,employee_id,quantity,unit_price,discount,tax,"
        "total,currency,status,ordered_at,paid_at,refunded_amount,refunded_at,utm_source,"
        "utm_medium,utm_campaign,updated_at",
        "0012,1,C1,P1,E1,2,49.00,8.00,0.00,90.00,EUR,paid,2026-11-01T09:00:00Z,"
        "2026-11-01T09:00:00Z,,,,,,2026-11-01T09:00:00Z",
    ),
}

each = pytest.mark.parametrize("name", FILES)


@each
@pytest.mark.parametrize("written", [str, lambda header: header.replace("_", " ").title()])
def test_a_file_of_the_contract_needs_no_mapping_by_hand(
    drafted: Any, tmp_path: Path, name: str, written: Any
) -> None:
    header, row = FILES[name]
    text, tree = drafted(f"{written(header)}\n{row}\n", f"{name}.csv")
    assert f"preset {name}:" in text
    assert (tree["target"], tree["kind"]) == (name.removeprefix("crm_"), "snapshot")
    found = try_file(tmp_path / f"{name}.csv", filled(text)[0])
    assert (found.is_fine, found.rows) == (True, 1)
    assert "Ann A" not in str(tree.get("columns"))


@each
def test_every_column_of_the_contract_is_mapped_or_named_as_left_out(name: str) -> None:
    given, known = FILES[name][0].split(","), preset(name)
    mapped = {each[0] for each in known.columns.values()}
    notes = " ".join(known.notes)
    left = [one for one in given if one not in mapped and one not in known.more.get("ignore", ())]
    assert [one for one in left if one not in notes] == []
    assert known.columns.keys() <= {one.name for one in TARGETS[known.target]}


@each
def test_a_sheet_and_a_file_have_the_same_columns(name: str) -> None:
    """A spreadsheet that was exported is read as the spreadsheet itself is."""
    table = name.removeprefix("crm_")
    of_sheet = {one.name for one in getattr(schema, table.upper())} - {"source_row", "is_deleted"}
    of_file = set(FILES[name][0].split(",")) - {"is_deleted"}
    assert of_file - of_sheet <= set(schema.PERSONAL.get(table, ()))
    assert of_sheet <= of_file
