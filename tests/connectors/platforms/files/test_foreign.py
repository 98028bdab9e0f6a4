"""Files of another kind are named, with what to do."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable

import pytest
from file_reads import ORDERS, Read

from connectors.core.errors import ConnectorError

CONTENT = "id,at,n,price,what\n1,2026-11-01,1,1,x\n"
Reader = Callable[..., Read]
Refused = Callable[..., ConnectorError]


def packed() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x.csv", CONTENT)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["x.csv", "x.tsv", "x.ndjson"])
def test_utf_16_without_a_mark(read: Reader, refused: Refused, encoding: str, name: str) -> None:
    error = refused(CONTENT.encode(encoding), name=name)
    assert f"UTF-16 without a byte order mark ({encoding})" in error.message
    assert f"State encoding: {encoding}" in error.remedy
    if name == "x.csv":
        stated = read(CONTENT.encode(encoding), ORDERS + f"encoding: {encoding}\n")
        assert stated.rows[0]["order_id"] == "1"


@pytest.mark.parametrize(
    ("name", "content", "says", "fix"),
    [
        ("x.zip", packed(), "a packed file (.zip)", "Unpack it"),
        ("x.csv.gz", gzip.compress(b"x", mtime=0), "a packed file (.gz)", "Unpack it"),
        ("x.xls", b"\xd0\xcf\x11\xe0 old", "a workbook of the old kind (.xls)", "save it as .xlsx"),
        ("x.json", b"[]", "one document of JSON", "an object on each line"),
        ("x.csv", packed(), "a packed file or a workbook", "Unpack it"),
        ("x.csv", gzip.compress(b"x", mtime=0), "a packed file (gzip)", "Unpack it"),
        ("x.csv", b"\xd0\xcf\x11\xe0 old", "a workbook of the old kind", "save it as .xlsx"),
        ("x.ndjson", gzip.compress(b"x", mtime=0), "a packed file (gzip)", "Unpack it"),
        ("x.csv", "é".encode("utf-32"), "it is UTF-32", "Export it as UTF-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else "content",
)  # fmt: skip
def test_what_is_no_table_is_named(
    refused: Refused, name: str, content: bytes, says: str, fix: str
) -> None:
    error = refused(content, name=name)
    assert says in error.message
    assert fix in error.remedy
