"""`connections test` compares the newest file with the mapping, and loads nothing."""

from __future__ import annotations

import pytest
import typer
from landing_home import CUSTOMERS, LandingHome

from orchestration.commands import connections
from warehouse.sync_log import SyncLog

Told = pytest.CaptureFixture[str]


def _test(house: LandingHome, capsys: Told) -> str:
    """What the command prints, in one line: a terminal breaks it where it is narrow."""
    connections.test("acme/files/crm")
    assert SyncLog(house.space.home).rows() == []
    return " ".join(capsys.readouterr().out.split())


def _refused(house: LandingHome, capsys: Told) -> str:
    with pytest.raises(typer.Exit) as caught:
        connections.test("acme/files/crm")
    assert caught.value.exit_code == 1
    return " ".join(capsys.readouterr().err.split())


def test_without_a_file_there_is_nothing_to_compare(house: LandingHome, capsys: Told) -> None:
    house.add("crm", CUSTOMERS)
    told = _test(house, capsys)
    assert "ok: crm" in told
    assert "drop one and its header is compared" in told


def test_a_file_that_fits_is_named(house: LandingHome, capsys: Told) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "old.csv", "x\n1\n", age=120)
    # Capitals are no difference.
    house.drop("crm", "new.csv", "ID;e-mail;country\n1;a@b.de;DE\n")
    told = _test(house, capsys)
    assert "new.csv has every column that it needs" in told
    assert "not mapped" not in told
    assert "optional" not in told


def test_columns_that_nobody_mapped_are_told(house: LandingHome, capsys: Told) -> None:
    house.add("crm", CUSTOMERS + "ignore: [Notes]\n")
    house.drop("crm", "new.csv", "id;E-Mail;country;City;Notes\n1;a@b.de;DE;Bonn;x\n")
    assert "not mapped: 'City' (kept in _extra; name them under columns" in _test(house, capsys)


def test_mapped_columns_that_are_missing_fail_with_the_fix(
    house: LandingHome, capsys: Told
) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "good.csv", "id;E-Mail;country\n1;a@b.de;DE\n", age=120)
    house.drop("crm", "bad.csv", "id;Mail;land\n1;a@b.de;DE\n")
    told = _refused(house, capsys)
    assert "bad.csv: the file has no column 'E-Mail' (did you mean 'Mail'?), 'country'" in told
    assert "not mapped: 'Mail', 'land'" in told
    assert "what to do: Correct the names under columns in the mapping" in told


def test_an_optional_column_may_be_missing_and_is_told(house: LandingHome, capsys: Told) -> None:
    house.add(
        "crm",
        CUSTOMERS.replace("country: country", "country: {column: country, optional: true}"),
    )
    house.drop("crm", "new.ndjson", '{"id": 1, "E-Mail": "a@b.de"}\n')
    assert "optional and not there: 'country'" in _test(house, capsys)


def test_a_file_that_cannot_be_read_says_which(house: LandingHome, capsys: Told) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "broken.xlsx", "no workbook")
    assert "broken.xlsx: " in _refused(house, capsys)
