"""Where a mapping's path may lead, and what `connections test` says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from landing_home import CUSTOMERS, LandingHome

from orchestration.commands import connections
from warehouse.apply_file import tree_json

LIST = "id;E-Mail;country\n1;a@b.de;DE\n"


def test_a_folder_outside_is_read(house: LandingHome, tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    house.add("crm", CUSTOMERS + f"path: {tmp_path}/exports\n")
    path = tmp_path / "exports" / "list.csv"
    path.write_text(LIST)
    house.touch(path, 60)
    assert [row.status for row in house.pull("customers").rows] == ["succeeded"]


@pytest.mark.parametrize("inside", ["", "/lake/landing/globex/crm", "/registry.sqlite", "/.."])
def test_no_path_leads_to_other_sources_or_to_secrets(house: LandingHome, inside: str) -> None:
    home = Path(f"{house.space.home.path}{inside}").resolve()
    with pytest.raises(ValueError, match="meets Tributary's own folder") as caught:
        house.add("crm", CUSTOMERS + f"path: {home}\n")
    assert "leave path out" in str(caught.value)


@pytest.mark.parametrize("place", ["keys/key", "keys", "link", "keys/key/more"])
def test_no_path_leads_to_the_credential_key(
    house: LandingHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "keys")
    (tmp_path / "keys/key").write_text("secret")
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "keys/key"))
    with pytest.raises(ValueError, match="meets the credential key") as caught:
        house.add("crm", CUSTOMERS + f"path: {tmp_path}/{place}\nformat: csv\n")
    assert "leave path out" in str(caught.value)
    (tmp_path / "keys/other").mkdir()
    house.add("crm", CUSTOMERS + f"path: {tmp_path}/keys/other\nformat: csv\n")


def test_a_link_leads_neither_to_the_system_nor_to_hidden_folders(
    house: LandingHome, tmp_path: Path
) -> None:
    (tmp_path / ".ssh").mkdir()
    for target, says in {"/etc/passwd": "belongs to the system", ".ssh": "hidden folder"}.items():
        link = tmp_path / "exports"
        link.symlink_to(tmp_path / target)
        with pytest.raises(ValueError, match=says):
            house.add("crm", CUSTOMERS + f"path: {link}\nformat: csv\n")
        link.unlink()


def test_a_link_that_leads_home_later_is_refused_when_it_is_read(
    house: LandingHome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path / "exports"
    outside.mkdir()
    house.add("crm", CUSTOMERS + f"path: {outside}\n")
    house.drop("other", "list.csv", LIST)
    outside.rmdir()
    outside.symlink_to(house.space.home.landing_dir("acme", "other"))
    (row,) = house.pull("customers").rows
    assert (row.status, row.error_class) == ("failed", "BadRequest")
    assert "meets Tributary's own folder" in (row.error_message or "")
    with pytest.raises(typer.Exit):
        connections.test("acme/files/crm")
    assert "meets Tributary's own folder" in capsys.readouterr().err


def test_the_test_of_a_connection_tells_a_mapping_that_cannot_work(
    house: LandingHome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    connection = house.add("crm", CUSTOMERS)
    connections.test("acme/files/crm")
    assert "ok: crm" in capsys.readouterr().out
    for line, says in {
        'date_format: "%Q"': "date_format '%Q' is not valid",
        "table: leads": "table is for records only",
        f"path: {tmp_path}/nothing": "is not there",
    }.items():
        (tmp_path / "crm.yaml").write_text(CUSTOMERS + line + "\n")
        mapping = tree_json(tmp_path / "crm.yaml")
        house.space.registry.change_settings(connection.connection_id, {"mapping": mapping})
        with pytest.raises(typer.Exit):
            connections.test("acme/files/crm")
        told = capsys.readouterr().err
        assert says in told
        assert "what to do:" in told
