"""A mapping that cannot work is refused with its fix, before any file is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.platforms.files.draft import draft
from connectors.platforms.files.hooks import check_settings
from connectors.platforms.files.mapping_parser import parse
from connectors.platforms.files.schema import TARGETS
from connectors.platforms.files.tree import MappingError

ROOT = Path(__file__).resolve().parents[4]
GOOD: dict[str, Any] = {
    "target": "orders",
    "kind": "snapshot",
    "time_zone": "UTC",
    "currency": "EUR",
    "columns": {"order_id": "id", "ordered_at": "at"},
}
COSTS: dict[str, Any] = {
    "target": "costs",
    "kind": "report",
    "columns": {"date": "day", "cost": "amount"},
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"target": "order"}, "unknown target 'order' (did you mean 'orders'?)"),
        ({"target": None}, "target is missing"),
        ({"kind": "full"}, "unknown kind 'full'"),
        ({"kind": "report"}, "use kind: snapshot or kind: changes"),
        ({"time_zone": None}, "time_zone is missing; state where the file's clock hangs"),
        ({"time_zone": "Berlin"}, "unknown time_zone 'Berlin'"),
        ({"currency": None}, "state the currency of the amounts: currency: GBP"),
        ({"currency": "pounds"}, "'pounds' is not an ISO 4217 code"),
        ({"columns": {"order_id": "id"}}, "columns must say where ordered_at come from"),
        ({"columns": {}}, "is empty"),
        ({"columns": "id"}, "must be a mapping"),
        ({"columns": {"order": "id"}}, "orders have no column 'order' (did you mean 'order_id'?)"),
        ({"columns": {"source_row": "id"}}, "orders have no column 'source_row'"),
        ({"columns": {"order_id": {"column": "a", "constant": "b"}}}, "give either column"),
        ({"columns": {"order_id": {"colum": "a"}}}, "give either column"),
        ({"columns": {"order_id": {"column": "a", "x": "y"}}}, "unknown key 'x'"),
        ({"colums": {}}, "unknown key 'colums' (did you mean 'columns'?)"),
        ({"date_format": "dmy"}, "date_format 'dmy' is not valid; use iso, day_first"),
        ({"decimal": "comma"}, "unknown decimal 'comma'; use one of ., ,"),
        ({"delimiter": "::"}, "delimiter '::' is not one of comma"),
        ({"encoding": "utf-9"}, "encoding 'utf-9' is not valid"),
        ({"header_row": "0"}, "header_row '0' is not valid"),
        ({"max_drop": "200%"}, "max_drop '200%' is not valid"),
        ({"files": "../*.csv"}, "must stay inside the folder"),
        ({"files": "/etc/*"}, "must stay inside the folder"),
        ({"path": "exports"}, "path 'exports' must be absolute"),
        ({"path": "/"}, "must name a folder or a file without '..'"),
        ({"path": "/srv/../etc/passwd"}, "must name a folder or a file without '..'"),
        ({"path": "//etc/passwd"}, "must name a folder or a file without '..'"),
        ({"path": "/etc/passwd"}, "path '/etc/passwd' belongs to the system; put the files in"),
        ({"path": "/proc/self/environ"}, "belongs to the system"),
        ({"path": "/run/secrets/token"}, "belongs to the system"),
        ({"path": "/home/ann/.ssh"}, "leads through a hidden folder, where secrets lie"),
        ({"date_format": "%Q"}, "date_format '%Q' is not valid; use iso, day_first"),
        ({"date_format": "%d.%m."}, "with day, month and year, such as %d.%m.%Y"),
        ({"date_format": "%d %d %m %Y"}, "date_format '%d %d %m %Y' is not valid"),
        ({"date_format": "%d.%m.%Y %"}, "is not valid"),
        ({"columns": {"order_id": "id", "ordered_at": {"column": "at", "date_format": "%Q"}}},
         "date_format '%Q' is not valid"),
        ({"columns": {**GOOD["columns"], "sku": {"column": "s", "date_format": "iso"}}},
         "date_format is for dates and times, and sku is a text; leave it out"),
        ({"columns": {**GOOD["columns"], "sku": {"column": "s", "decimal": ","}}},
         "decimal is for numbers, and sku is a text; leave it out"),
        ({"columns": {**GOOD["columns"], "sku": {"column": "s", "negate": "true"}}},
         "negate is for numbers, and sku is a text; leave it out"),
        ({"columns": {**GOOD["columns"], "sku": {"column": "s", "time_column": "t"}}},
         "time_column stands beside the column of a time's day, and sku is a text"),
        ({"columns": {**GOOD["columns"], "sku": {"column": "s", "type": "number"}}},
         "sku is a text always; leave type out"),
        ({"table": "leads"}, "table is for records only, not for target orders; leave it out"),
        ({**COSTS, "table": "leads"}, "table is for records only, not for target costs"),
        ({**COSTS, "allow_negative_prices": "true"}, "is for orders and products only"),
        ({**COSTS, "max_drop": "50%"}, "max_drop is for whole lists only, not for kind report"),
        ({"format": "csv", "sheet": "Data"}, "sheet is for xlsx only, not for format csv"),
        ({"format": "xlsx", "delimiter": ";"}, "delimiter is for csv and tsv only"),
        ({"skip_rows": [{"a": {"begins": "x"}}]}, "unknown test 'begins' of a"),
        ({"skip_rows": ["x"]}, "a rule looks like"),
        ({"skip_rows": {"a": {"matches": "("}}}, "is not valid"),
        ({"skip_rows": {"a": {"matches": "(?=x)"}}}, "without look-around and back references"),
        ({"skip_rows": {"a": {"matches": "x" * 2000}}}, "a pattern has at most 1,000 characters"),
        ({"skip_rows": {"a": {"less_than": "x"}}}, "is not valid"),
        ({"document_type": {"refund": {"a": "b"}}}, "unknown 'refund'; use sale, return"),
        ({"key": ["customer"]}, "the key of orders is order_id, line_no"),
        ({"target": "records"}, "records need table"),
        ({"target": "records", "table": "x"}, "records need key"),
        ({"target": "costs", "kind": "snapshot"}, "use kind: report"),
        ({"target": "customers", "document_type": {}, "columns": {"customer_id": "a"}},
         "document_type is for orders only"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_with_its_fix(change: dict[str, Any], says: str) -> None:
    with pytest.raises(MappingError) as caught:
        parse({**GOOD, **change})
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "form", ["%d.%m.%Y", "%d/%m/%y %H:%M", "%Y-%m-%dT%H:%M:%S%z", "%b %d, %Y %I:%M %p", "%j %Y"]
)
def test_patterns_that_tell_a_date_are_taken(form: str) -> None:
    assert parse({**GOOD, "date_format": form}).date_format == form


def test_a_constant_that_cannot_be_read_is_refused_when_it_is_declared() -> None:
    columns = {**GOOD["columns"], "quantity": {"constant": "many"}}
    with pytest.raises(MappingError, match=r"mapping.columns.quantity: constant: 'many'"):
        check_settings("shop", {"mapping": json.dumps({**GOOD, "columns": columns})})


def test_the_revision_is_about_how_rows_are_read() -> None:
    revision = parse(GOOD).revision
    assert (
        parse({**GOOD, "files": "*.csv", "max_drop": "50%", "ready": "marker"}).revision == revision
    )
    assert parse({**GOOD, "decimal": ","}).revision != revision
    assert parse({**GOOD, "time_zone": "Asia/Tokyo"}).revision != revision


def test_the_example_in_the_docs_is_a_mapping() -> None:
    text = (ROOT / "docs/examples/online_retail.yaml").read_text("utf-8")
    assert parse(yaml.load(text, yaml.BaseLoader)).target == "orders"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("o.csv", "Invoice No;Order Date;Qty;Unit Price;Customer Name\n1;31/12/2025;1;1,50;Ann\n",
         ["target: orders", "date_format: day_first", "decimal: ','", '- "Customer Name"']),
        ("c.csv", "Customer ID,E-Mail,Country\n1,a@b.de,DE\n", ["target: customers"]),
        ("p.csv", "sku,product id,name,price\na,1,x,1\n",
         ["target: products", "currency: # required"]),
        ("k.csv", "Date,Channel,Spend\n01/02/2026,tv,5\n",
         ["target: costs", "kind: report", "or month_first?"]),
        ("r.csv", "Frage,Antwort\na,b\n", ["target: records", "frage:"]),
    ],
)  # fmt: skip
def test_a_draft_is_a_mapping_with_its_questions(
    tmp_path: Path, name: str, content: str, says: list[str]
) -> None:
    path = tmp_path / name
    path.write_text(content)
    text = draft(path)
    assert all(word in text for word in says), text
    assert "UTC" not in text
    assert "USD" not in text
    tree = yaml.load(text, yaml.BaseLoader)
    # What no file says is asked for: the mapping is refused until somebody has stated it.
    with pytest.raises(MappingError, match="time_zone is missing"):
        parse(tree)
    tree["time_zone"] = "Europe/Berlin"
    if tree.get("date_format") == "":
        with pytest.raises(MappingError, match="date_format is empty; state day_first or month_"):
            parse(tree)
        tree["date_format"] = "day_first"
    if "currency" in tree:
        with pytest.raises(MappingError, match="state the currency of the amounts"):
            parse(tree)
        tree["currency"] = "EUR"
    if tree["target"] == "records":
        tree["key"] = ["frage"]
    assert parse(tree).target in TARGETS
    json.dumps(tree)
