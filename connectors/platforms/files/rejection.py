"""Rows that go to quarantine: their number, the reasons, and what may be shown of their cells.

A replay reads the file again, never what lies in quarantine. So only what helps to find the fault
is kept: no column that the mapping ignores, and no address or phone number but as its token.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from connectors.core.arrow import Rejected
from connectors.core.personal import Hasher, scrubbed, token, without_phones
from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.rows import BadRow
from connectors.platforms.files.schema import TARGETS
from connectors.platforms.files.texts import BadCell, as_text

MASK = "***"
_PHONES = frozenset(
    {
        "phone", "phones", "phonenumber", "telephone", "telefon", "telefonnummer", "téléphone",
        "telefono", "teléfono", "cellphone", "mobiltelefon", "mobilnummer", "handynummer", "tel",
        "fax", "whatsapp",
    }
)  # fmt: skip
_PHONES_ALONE = frozenset({"mobile", "mobil", "handy", "cell"})
"""Names of a phone number when nothing but the word for number stands beside them."""
_NUMBER = frozenset({"no", "nr", "number", "nummer"})
_DATE = re.compile(
    r"((?<!\d)(?:(?:19|20)\d\d-\d\d?-\d\d?|\d\d?[./-]\d\d?[./-](?:19|20)\d\d)(?![\d./-]))"
)
_ADDRESS = re.compile(r"(?<![^\s,;<>()\"])[^\s,;<>()\"]*@[^\s,;<>()\"]*")
"""Whatever an `@` stands in: of a row that cannot be split, also what is no proper address."""


class Rejecter:
    """Makes rows of one file fit for quarantine, and its unmapped cells fit for `_extra`.

    Args:
        mapping: what is what.
        name: of the object.
        hash_pii: turns a normalised personal value into a token; None: such values are masked.
    """

    def __init__(self, mapping: FileMapping, name: str, hash_pii: Hasher | None) -> None:
        self._mapping, self._name = mapping, name
        self._hash: Hasher = (
            (lambda _: MASK) if hash_pii is None else (lambda value: hash_pii(_encodable(value)))
        )
        kinds = {rule.personal for rule in mapping.columns}
        kinds |= {column.pii for column in TARGETS[mapping.target]}
        self._has_phones, self._has_addresses = "phone" in kinds, "email" in kinds

    def row(
        self,
        number: int,
        reasons: Sequence[str],
        cells: Mapping[str, Any],
        sources: Mapping[str, str],
    ) -> Rejected:
        """A row whose cells are known by their columns.

        Args:
            number: of the row.
            reasons: why it is not loaded.
            cells: by the file's columns.
            sources: our columns and the file's.
        """
        personal = {
            sources[rule.name]: rule.personal
            for rule in self._mapping.columns
            if rule.personal and rule.name in sources
        }
        ids = {sources.get(name) for name in ("customer_id", "order_id", *self._mapping.key)}
        record: dict[str, Any] = {}
        for name, cell in cells.items():
            if self._mapping.ignores(name):
                continue
            if name in personal:
                record[name] = token(as_text(cell), personal[name] or "email", self._hash)
            else:
                shown = self.extra(name, cell)
                record[name] = shown if name in ids else self._phoneless(shown, self._undated)
        return self._quarantined(number, self.reason(f"row {number}: {'; '.join(reasons)}"), record)

    def unsplit(self, bad: BadRow) -> Rejected:
        """A row of which nobody knows which cell is which."""
        whole = isinstance(bad.payload, str)
        cells = [self._unplaced(cell) for cell in ([bad.payload] if whole else bad.payload)]
        reason = f"row {bad.number}: {bad.reason}"
        return self._quarantined(bad.number, reason, cells[0] if whole else cells)

    def extra(self, name: str, cell: Any) -> Any:
        """A cell of a column that nobody mapped: one whose name says so holds a phone number."""
        if isinstance(cell, dict):
            return {key: self.extra(key, value) for key, value in cell.items()}
        if isinstance(cell, list):
            return [self.extra(name, each) for each in cell]
        if as_text(cell) is None or not _is_phone(name):
            return as_text(cell) if type(cell) is str and cell[:2] == '="' else cell
        return token(as_text(cell), "phone", self._hash)

    def reason(self, text: str) -> str:
        """A reason, which may quote a cell, fit for quarantine and the log."""
        return _encodable(scrubbed(self._undated(text) if self._has_phones else text, self._hash))

    def name(self, name: str) -> str:
        """A column's name for the log: an address in it is a token."""
        return str(scrubbed(name, self._hash))

    def json(self, value: Any) -> str:
        """JSON of a value, addresses inside as tokens."""
        value = scrubbed(value, self._hash)
        try:
            return orjson.dumps(value, default=plain).decode()
        except TypeError:
            # Bytes that could not be decoded and integers beyond 64 bits.
            return json.dumps(value, default=plain)

    def _unplaced(self, cell: Any) -> Any:
        if as_text(cell) is None and not isinstance(cell, BadCell):
            return cell
        if self._mapping.ignore:
            return MASK
        if self._has_addresses and isinstance(cell, str):
            cell = _ADDRESS.sub(lambda found: self._hash(found.group().lower()),
                                scrubbed(cell, self._hash))  # fmt: skip
        return self._phoneless(cell, lambda text: without_phones(text, self._hash))

    def _phoneless(self, cell: Any, without: Callable[[str], str]) -> Any:
        number_or_text = isinstance(cell, (str, int, float)) and not isinstance(cell, bool)
        if not self._has_phones or not number_or_text:
            return cell
        text = as_text(cell) or ""
        found = without(text)
        return cell if found == text else found

    def _undated(self, text: str) -> str:
        """Replaces what could be a phone number and is no date."""
        parts = _DATE.split(text)
        return "".join(
            part if n % 2 else without_phones(part, self._hash) for n, part in enumerate(parts)
        )

    def _quarantined(self, number: int, reason: str, record: Any) -> Rejected:
        payload = {"object": self._name, "row": number, "record": record}
        return Rejected(_encodable(scrubbed(reason, self._hash)), self.json(payload), "")


def _is_phone(name: str) -> bool:
    parts = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower()
    words = set(re.split(r"[\W_\d]+", parts)) - {""}
    return bool(words & _PHONES) or bool(words & _PHONES_ALONE and words <= _PHONES_ALONE | _NUMBER)


def plain(value: Any) -> Any:
    """What JSON has no type for, as text."""
    return f"({value.reason})" if isinstance(value, BadCell) else as_text(value)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
