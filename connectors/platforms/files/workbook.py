"""What an .xlsx workbook says about itself: its sheets, its shared texts, which cells are dates.

A workbook is a zip of XML. It is read as a stream and by count: what the zip's directory promises
bounds what is unpacked, and XML that declares entities is refused.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO
from xml.parsers import expat

from connectors.core.errors import ShapeChanged

LARGEST_TEXTS = 256 * 2**20
"""Bytes of the shared texts, unpacked: the one part that must be in memory as a whole."""
LARGEST_PART = 16 * 2**20
LARGEST_SHEET = 4 * 2**30
_HONEST_RATIO = 200
"""Sheets pack 10 to 50 times; what packs better than this and is large is a bomb."""
_SMALL = 64 * 2**20
_PIECE = 1 << 16
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_ZEROS = re.compile("0{2,30}")
_NOT_A_DATE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_REMEDY = "Open it in a spreadsheet, save it as .xlsx (or CSV) again, and drop that file."

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Workbook:
    """An open workbook.

    Attributes:
        archive: the zip.
        part: path of the chosen sheet in it.
        texts: the shared texts.
        date_styles: numbers of the cell styles that show a date or time.
        padded: how many digits a cell style shows at least, by its number (`00000` shows 00501).
        is_1904: its day 0 is 1 January 1904.
    """

    archive: zipfile.ZipFile
    part: str
    texts: list[str]
    date_styles: frozenset[int]
    padded: dict[int, int]
    is_1904: bool

    @classmethod
    def open(cls, file: BinaryIO, sheet: str = "") -> Workbook:
        """Opens a workbook and chooses a sheet by its name or number.

        Raises:
            ShapeChanged: it is no workbook, is larger than the limits, or the sheet is not clear.
        """
        try:
            archive = zipfile.ZipFile(file)
            sheets, is_1904 = _sheets(archive)
            part = _chosen(sheets, sheet)
            _check_size(archive, part, LARGEST_SHEET)
            return cls(archive, part, _shared_texts(archive), *_styles(archive), is_1904)
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError,
                RuntimeError, expat.ExpatError) as trouble:  # fmt: skip
            raise not_a_workbook(trouble) from None

    def sheet(self) -> IO[bytes]:
        """Opens the sheet's XML."""
        return self.archive.open(self.part)

    def packed_share(self) -> float:
        """Bytes of the file for each byte of the sheet's XML."""
        info = self.archive.getinfo(self.part)
        return info.compress_size / max(info.file_size, 1)


def not_a_workbook(trouble: Exception) -> ShapeChanged:
    """The error for a file that cannot be read as a workbook."""
    return ShapeChanged(
        f"it is not a readable .xlsx workbook ({type(trouble).__name__}: {trouble}); it may be "
        "damaged, protected by a password, or an older .xls",
        remedy=_REMEDY,
    )


def parse(stream: IO[bytes], start: Start, end: End, text: Text) -> Iterator[int]:
    """Parses XML piece by piece, yielding the size of each piece after it was parsed.

    Names come without their namespace.

    Raises:
        ShapeChanged: the XML declares a document type, which could hold entities that explode.
    """

    def refuse(*_: object) -> None:
        raise ShapeChanged("the workbook's XML declares a document type", remedy=_REMEDY)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = _PIECE
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = text
    while piece := stream.read(_PIECE):
        parser.Parse(piece, False)
        yield len(piece)
    parser.Parse(b"", True)
    yield 0


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _check_size(archive: zipfile.ZipFile, part: str, largest: int) -> None:
    info = archive.getinfo(part)
    honest = info.file_size <= _SMALL or info.file_size <= _HONEST_RATIO * info.compress_size
    if info.file_size > largest or not honest:
        raise ShapeChanged(
            f"{part} in the workbook unpacks to {info.file_size:,} bytes from "
            f"{info.compress_size:,}; at most {largest:,} are read, and at most {_HONEST_RATIO} "
            "times the packed size",
            remedy="Save the sheet as CSV, or in several workbooks.",
        )


def _parsed(
    archive: zipfile.ZipFile, part: str, start: Start, end: End, text: Text, largest: int
) -> None:
    if part not in archive.namelist():
        return
    _check_size(archive, part, largest)
    with archive.open(part) as stream:
        for _ in parse(stream, start, end, text):
            pass


def _ignored(_: str) -> None:
    """Nothing to do at this place."""


def _sheets(archive: zipfile.ZipFile) -> tuple[list[tuple[str, str, bool]], bool]:
    """Name, path and visibility of each sheet, and whether days count from 1904."""
    found: list[tuple[str, str, bool]] = []
    targets: dict[str, str] = {}
    flags: list[str] = []

    def relation(name: str, given: dict[str, str]) -> None:
        if name == "Relationship":
            target = given["Target"]
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[given["Id"]] = str(PurePosixPath(path))

    def sheet(name: str, given: dict[str, str]) -> None:
        if name == "sheet":
            key = next(value for each, value in given.items() if _local(each) == "id")
            visible = given.get("state", "visible") == "visible"
            found.append((given["name"], targets.get(key, ""), visible))
        elif name == "workbookPr":
            flags.append(given.get("date1904", "0"))

    relations = "xl/_rels/workbook.xml.rels"
    _parsed(archive, relations, relation, _ignored, _ignored, LARGEST_PART)
    _parsed(archive, "xl/workbook.xml", sheet, _ignored, _ignored, LARGEST_PART)
    return [each for each in found if each[1] in archive.namelist()], flags[:1] in (
        ["1"],
        ["true"],
    )


def _chosen(sheets: list[tuple[str, str, bool]], wanted: str) -> str:
    names = ", ".join(repr(name) for name, _, _ in sheets) or "none"
    if wanted:
        for name, part, _ in sheets:
            if name == wanted:
                return part
        if wanted.isdigit() and 1 <= int(wanted) <= len(sheets):
            return sheets[int(wanted) - 1][1]
        raise ShapeChanged(
            f"the workbook has no sheet {wanted!r}; it has {names}",
            remedy="Correct sheet in the mapping, or name the sheet as it was.",
        )
    visible = [part for _, part, shown in sheets if shown]
    if len(visible) != 1:
        raise ShapeChanged(
            f"the workbook has {len(visible)} visible sheets ({names})",
            remedy="Say which one is meant: sheet: <its name> in the mapping, --sheet of a draft.",
        )
    return visible[0]


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    """The texts that cells refer to by number; hints of pronunciation are left out."""
    texts: list[str] = []
    pieces: list[str] = []
    open_elements: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        open_elements.append(name)
        if name == "si":
            pieces.clear()

    def end(name: str) -> None:
        open_elements.pop()
        if name == "si":
            texts.append("".join(pieces))

    def text(piece: str) -> None:
        if open_elements[-1] == "t" and "rPh" not in open_elements:
            pieces.append(piece)

    _parsed(archive, "xl/sharedStrings.xml", start, end, text, LARGEST_TEXTS)
    return texts


def _styles(archive: zipfile.ZipFile) -> tuple[frozenset[int], dict[int, int]]:
    """Numbers of the cell styles that show a date or time, and of those that show leading zeros."""
    own: set[int] = set()
    zeros: dict[int, int] = {}
    styles: list[int] = []
    inside = [False]

    def start(name: str, given: dict[str, str]) -> None:
        if name == "numFmt" and re.search("[dmyhs]", _bare(given.get("formatCode", ""))):
            own.add(int(given["numFmtId"]))
        elif name == "numFmt" and _ZEROS.fullmatch(given.get("formatCode", "")):
            zeros[int(given["numFmtId"])] = len(given["formatCode"])
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0]:
            styles.append(int(given.get("numFmtId", "0")))

    def end(name: str) -> None:
        if name == "cellXfs":
            inside[0] = False

    _parsed(archive, "xl/styles.xml", start, end, _ignored, LARGEST_PART)
    dates = _DATE_FORMATS | own
    return (
        frozenset(number for number, form in enumerate(styles) if form in dates),
        {number: zeros[form] for number, form in enumerate(styles) if form in zeros},
    )


def _bare(code: str) -> str:
    """A number format without its texts, colours and paddings."""
    plain = _NOT_A_DATE.sub("", code.split(";")[0].lower())
    return "" if "general" in plain else plain
