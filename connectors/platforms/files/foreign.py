"""Files that are no table of ours, by their suffix or first bytes: named, with what to do."""

from __future__ import annotations

import codecs
import os

from connectors.core.errors import ShapeChanged

_UNPACK = "Unpack it and drop the files in it."
_SAVE = "Open it in a spreadsheet, save it as .xlsx or CSV, and drop that file."
FOREIGN = {
    ".zip": ("a packed file", _UNPACK),
    ".gz": ("a packed file", _UNPACK),
    ".tgz": ("a packed file", _UNPACK),
    ".bz2": ("a packed file", _UNPACK),
    ".xz": ("a packed file", _UNPACK),
    ".zst": ("a packed file", _UNPACK),
    ".7z": ("a packed file", _UNPACK),
    ".rar": ("a packed file", _UNPACK),
    ".xls": ("a workbook of the old kind", _SAVE),
    ".xlsb": ("a binary workbook", _SAVE),
    ".ods": ("a workbook of OpenDocument", _SAVE),
    ".json": ("one document of JSON", "Write an object on each line, and name the file .ndjson."),
    ".pdf": ("a PDF", "Export the table as CSV or .xlsx."),
    ".numbers": ("a workbook of Numbers", _SAVE),
}
"""What a suffix says, and what to do: such a file fails in the run, for somebody waits for it."""
_MAGIC = (
    (b"PK\x03\x04", "a packed file or a workbook", "Unpack it, or name a workbook .xlsx."),
    (b"\x1f\x8b", "a packed file (gzip)", _UNPACK),
    (b"BZh", "a packed file (bzip2)", _UNPACK),
    (b"\xfd7zXZ\x00", "a packed file (xz)", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a packed file (zstandard)", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a packed file (7z)", _UNPACK),
    (b"\xd0\xcf\x11\xe0", "a workbook of the old kind (.xls)", _SAVE),
    (b"PAR1", "a Parquet file", "Give it the suffix .parquet."),
    (b"%PDF-", "a PDF", "Export the table as CSV or .xlsx."),
)  # fmt: skip
_HALF = 0.4
"""Of every second byte, so many are zero in any text of UTF-16 that has Latin letters or digits."""


def suffix_of(name: str) -> str:
    """The suffix of a file of a foreign kind; empty for all others."""
    suffix = os.path.splitext(name)[1].lower()
    return suffix if suffix in FOREIGN else ""


def refuse_suffix(name: str) -> None:
    """Refuses a file whose suffix is that of a foreign kind.

    Raises:
        ShapeChanged: it is one.
    """
    suffix = suffix_of(name)
    if suffix:
        kind, remedy = FOREIGN[suffix]
        raise ShapeChanged(f"it is {kind} ({suffix}), which is not read", remedy=remedy)


def refuse_foreign(start: bytes, encoding: str) -> None:
    """Refuses what is no text, and text of which nothing says that it is UTF-16.

    Args:
        start: the first bytes of a file.
        encoding: as the mapping states it; empty when it states none.

    Raises:
        ShapeChanged: it is another kind of file, or its mapping must say how to read it.
    """
    for magic, kind, remedy in _MAGIC:
        if start.startswith(magic):
            raise ShapeChanged(f"it is {kind}, not a text", remedy=remedy)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise ShapeChanged("it is UTF-32", remedy="Export it as UTF-8.")
    if encoding or start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return
    for name, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
        if len(zeros) > 1 and zeros.count(0) > _HALF * len(zeros):
            raise ShapeChanged(
                f"it seems to be UTF-16 without a byte order mark ({name})",
                remedy=f"State encoding: {name} in the mapping, or export it as UTF-8.",
            )
