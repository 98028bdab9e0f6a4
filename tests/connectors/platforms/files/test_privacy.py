"""What tells who somebody is does not reach quarantine, the log or an error in clear."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from file_reads import Read, row, workbook

from connectors.core.accounts import Account
from connectors.core.errors import ConnectorError
from connectors.core.objects import LoadedObject
from connectors.platforms.files import hooks

Reader = Callable[..., Read]
Refused = Callable[..., ConnectorError]
CUSTOMERS = """
target: customers
kind: snapshot
time_zone: UTC
ignore: [name, Street]
columns: {customer_id: id, email: mail, phone: tel, updated_at: at}
"""
HEADER = "id,Name,street,mail,tel,at,note\n"
SECRETS = ("Smith", "Ann", "Main Road", "ann@x.de", "Ann@", "jörg", "müller", "0301", "30 1234567")


def hidden(found: Read) -> None:
    text = f"{found.rows} {found.rejected} {found.schema} {found.unknown}"
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize(
    "line",
    [
        "2,Ann Smith,Main Road 1,ann@x.de,0301234567,never,x",
        "2,Ann Smith,Main Road 1,ann@localhost,0301,never,x",
        "2,Smith, Ann,Main Road 1,ann@x.de,0301234567,2026-11-01,x",
        "2,Ann Smith,Main Road 1,ann@x.de,0301234567",
        '2,"Ann Smith,Main Road 1,ann@x.de,0301234567,2026-11-01,x',
        "2,Ann Smith,Main Road 1,jörg@müller.de,0301234567,never,jörg@müller.de",
        "2,Ann Smith,Main Road 1,ann@x.de,x,+49 30 1234567,x",
        "2,Ann Smith,Main Road 1,ann@x.de,x,never,+49 30 1234567",
        "2,,,,,ann@x.de,x",
    ],
)
def test_a_row_in_quarantine_shows_nobody(read: Reader, line: str) -> None:
    found = read(HEADER + "1,Bob,,b@b.de,1,2026-11-01,x\n" + line + "\n", CUSTOMERS)
    hidden(found)
    assert [one["customer_id"] for one in found.rows] == ["1"]
    (bad,) = found.rejected
    assert bad["row"] == 3
    assert bad["reason"].startswith("row 3: ")


def test_what_finds_the_fault_stays(read: Reader) -> None:
    line = "20261101,Ann Smith,Main Road 1,ann@x.de,0301234567,2026-02-30,VIP 12"
    found = read(HEADER + line + "\n", CUSTOMERS)
    (bad,) = found.rejected
    assert "'2026-02-30' is not an ISO 8601 date" in bad["reason"]
    assert bad["record"] == {
        "id": "20261101",
        "mail": hashlib.sha256(b"ann@x.de").hexdigest(),
        "tel": hashlib.sha256(b"0301234567").hexdigest(),
        "at": "2026-02-30",
        "note": "VIP 12",
    }


def test_bytes_that_cannot_be_decoded_show_nobody(read: Reader) -> None:
    line = "2,Ann Smith,Main Road 1,ann@m\xfcller.de,0301234567,2026-11-01,x\n"
    found = read(HEADER.encode() + line.encode("latin-1"), CUSTOMERS)
    assert "ller" not in repr(found.rejected)
    hidden(found)
    found = read(HEADER.encode() + line.encode("latin-1"), CUSTOMERS.replace("name, Street", ""))
    assert "ann@" not in repr(found.rejected)
    assert "0301234567" not in repr(found.rejected)


def test_lines_of_json_show_nobody(read: Reader) -> None:
    lines = [
        '{"id":"2","Name":"Ann Smith","mail":"ann@x.de","tel":"0301234567","at":"never"}',
        '{"id":"3","Name":"Ann Smith","mail":"ann@x.de","tel":"0301234567"',
        '{"id":"4","mail":"","tel":"","at":"","ann@x.de":1}',
        '{"id":"5","mail":"","tel":"","at":"never","who":{"phone":"030 1234567"}}',
    ]
    found = read("\n".join(lines) + "\n", CUSTOMERS, "x.ndjson")
    assert [one["row"] for one in found.rejected] == [1, 2, 4]
    hidden(found)


def test_numbers_of_a_workbook_show_nobody(read: Reader) -> None:
    phone = "<c><v>301234567</v></c>"
    sheet = row(1, "id", "name", "mail", "tel", "at") + row(2, "2", "Ann", "x", phone, "never")
    found = read(workbook(sheet), CUSTOMERS, "x.xlsx")
    assert "301234567" not in repr(found.rejected)
    hidden(found)


def test_ignored_columns_are_ignored_however_they_are_spelled(read: Reader) -> None:
    found = read("id,NAME,name,Name\u00a0,mail,tel,at\n1,Ann,Smith,Ann,,,2026-11-01\n", CUSTOMERS)
    hidden(found)
    assert found.rows[0]["_extra"] is None


@pytest.mark.parametrize("name", ["Phone", "customerPhone", "Billing Phone", "Tel.", "mobile_no"])
def test_a_column_whose_name_says_phone_is_a_token(read: Reader, name: str) -> None:
    mapping = (
        "{target: orders, kind: changes, time_zone: UTC, currency: EUR,"
        " columns: {order_id: id, ordered_at: at}}"
    )
    found = read(f"id,at,{name}\n1,2026-11-01,0301234567\n2,never,0301234567\n", mapping)
    assert "0301234567" not in repr(found.rows) + repr(found.rejected)
    other = read("id,at,Headphones sold\n1,2026-11-01,1234567\n", mapping)
    assert other.rows[0]["_extra"] == '{"Headphones sold":"1234567"}'


FIRST_LINE = "7,Ann Smith,Main Road 1,ann@x.de,0301234567,2026-11-01,x\n"


def test_a_file_without_a_header_shows_nobody(refused: Refused, tmp_path: Path) -> None:
    before = LoadedObject("a.csv", "d", "r", datetime(2026, 11, 1, tzinfo=UTC), 1, 0,
                          {"header": HEADER.strip().split(",")})  # fmt: skip
    for previous in (None, before):
        error = refused(FIRST_LINE, CUSTOMERS, previous=previous)
        text = f"{error} {error.remedy}"
        assert "seems to be no header" in text
        assert [secret for secret in SECRETS if secret in text] == []


def test_the_test_of_a_connection_shows_nobody(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(FIRST_LINE)
    tree = yaml.load(CUSTOMERS + "settle_seconds: 0\n", yaml.BaseLoader)
    settings = {"mapping": json.dumps(tree), "landing": str(tmp_path)}
    with pytest.raises(ConnectorError) as caught:
        hooks.inspect(Account("source", settings=settings))
    assert [secret for secret in SECRETS if secret in str(caught.value)] == []


def test_a_header_with_a_name_that_is_known_is_shown(refused: Refused) -> None:
    error = refused("id,Name,mails,tel,ann@x.de\n", CUSTOMERS)
    assert "'mail' (did you mean 'mails'?)" in error.message
    assert "'tel', '***'" in error.message
