"""Files read as one source would be, and workbooks made by hand."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import yaml

from connectors.core.accounts import Account
from connectors.core.objects import DataObject, DueObject, LoadedObject
from connectors.platforms.files import hooks

ORDERS = """
target: orders
kind: snapshot
time_zone: Europe/Berlin
currency: EUR
columns: {order_id: id, ordered_at: at, quantity: n, unit_price: price, product_name: what}
"""


@dataclass
class Read:
    """What one file became."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    schema: dict[str, Any] = field(default_factory=dict)
    covered: Any = None
    pages: int = 0

    @property
    def reasons(self) -> list[str]:
        return [one["reason"] for one in self.rejected]


def read_path(path: Path, mapping: str, previous: LoadedObject | None = None) -> Read:
    tree = yaml.load(mapping, yaml.BaseLoader)
    settings = {"mapping": json.dumps(tree)}
    hooks.check_settings("source", settings)
    account = Account("source", settings=settings)
    data = DataObject(path.name, "digest", path.stat().st_size, datetime.now(UTC), str(path), "r")
    reading = hooks.read(
        account, DueObject(data, previous), lambda value: hashlib.sha256(value.encode()).hexdigest()
    )
    found = Read()
    for page in reading:
        found.pages += 1
        found.rows += page.batch.to_pylist()
        found.rejected += [
            {"reason": row.reason, **json.loads(row.payload_json)} for row in page.rejected
        ]
        found.unknown |= page.unknown_fields
    found.schema, found.covered = dict(reading.schema), reading.covered
    return found


def workbook(
    sheet: str,
    texts: Sequence[str] = (),
    styles: str = "",
    more: dict[str, str] | None = None,
    sheets: Sequence[str] = ("Data",),
) -> bytes:
    """A workbook from the XML of its first sheet's rows."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in enumerate(sheets, 1)
    )
    parts = {
        "xl/workbook.xml": f"<workbook {main} {rel}><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {main}>"
        + "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        + "</sst>",
        "xl/styles.xml": f"<styleSheet {main}>{styles}</styleSheet>",
    }
    for n, _ in enumerate(sheets[1:], 2):
        parts[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {main}><sheetData/></worksheet>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | (more or {})).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def row(number: int, *cells: str) -> str:
    """A row of inline cells, already XML, or texts."""
    made = "".join(
        cell if cell.startswith("<c") else f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        for cell in cells
    )
    return f'<row r="{number}">{made}</row>'
