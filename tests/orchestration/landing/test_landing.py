"""Files land whole: loaded once, in order, each list for itself; a failure touches nothing else."""

from __future__ import annotations

import os
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from landing_home import CUSTOMERS, LandingHome

from orchestration.due.loads import schema_of
from orchestration.landed_files import file_states
from warehouse.sync_log import SyncLog

HEADER = "id;E-Mail;country\n"
COSTS = """
target: costs
kind: report
time_zone: UTC
currency: EUR
columns: {date: day, channel: channel, cost: amount}
"""
ORDERS = """
target: orders
kind: changes
time_zone: UTC
currency: EUR
columns: {order_id: id, ordered_at: at, quantity: n}
"""


def customers(*ids: str) -> str:
    return HEADER + "".join(f"{one};{one}@Example.com;DE\n" for one in ids)


def test_a_file_is_loaded_once(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "list.csv", customers("1", "2"))
    (row,) = house.pull("customers").rows
    assert (row.status, row.kind, row.rows, row.object_name) == (
        "succeeded", "snapshot", 2, "list.csv",
    )  # fmt: skip
    assert row.mode == "full"
    assert row.account_time_zone == "Europe/Berlin"
    assert row.object_digest is not None
    assert len(row.object_digest) == 64
    assert schema_of(row)["header"] == ["id", "E-Mail", "country"]
    assert list(house.pull("customers").rows) == []
    assert [r["customer_id"] for r in house.rows("customers")] == ["1", "2"]


def test_e_mail_addresses_become_tokens_whatever_their_capitals(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "list.csv", HEADER + "1; A@B.Example ;DE\n2;a@b.example;DE\n")
    house.pull("customers")
    tokens = {row["email"] for row in house.rows("customers")}
    assert len(tokens) == 1
    assert "@" not in tokens.pop()


def test_the_same_name_with_other_content_is_a_new_version(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "list.csv", customers("1", "2"), age=90)
    house.pull("customers")
    house.drop("crm", "list.csv", customers("1", "2", "3"), age=60)
    (row,) = house.pull("customers").rows
    assert row.rows == 3
    house.drop("crm", "list.csv", customers("1", "2"), age=30)
    assert len(house.pull("customers").rows) == 1, "back to what it was is a new version too"


def test_the_same_content_under_another_name_is_not_loaded_again(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "a.csv", customers("1"), age=90)
    house.pull("customers")
    house.drop("crm", "b.csv", customers("1"), age=60)
    assert list(house.pull("customers").rows) == []


def test_each_list_is_a_sync_of_its_own_and_the_newest_is_last(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "z_first.csv", customers("1"), age=90)
    house.drop("crm", "a_second.csv", customers("1", "2"), age=60)
    rows = house.pull("customers").rows
    assert [row.object_name for row in rows] == ["z_first.csv", "a_second.csv"]
    assert rows[0].sync_id < rows[1].sync_id
    assert len(house.rows("customers", rows[1].sync_id)) == 2


def test_an_older_list_does_not_win_over_the_present_one(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "november.csv", customers("1", "2"), age=60)
    house.pull("customers")
    house.drop("crm", "october.csv", customers("1"), age=9000)
    assert list(house.pull("customers").rows) == []


def test_half_written_files_are_left_alone(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "list.csv.part", customers("1"))
    house.drop("crm", ".hidden.csv", customers("1"))
    house.drop("crm", "~$list.xlsx", b"x")
    house.drop("crm", "note.docx", b"x")
    (house.space.home.landing_dir("acme", "crm") / "folder.csv").mkdir()
    assert list(house.pull("customers").rows) == []


def test_a_marker_says_that_a_file_is_whole(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS + "ready: marker\n")
    house.drop("crm", "list.csv", customers("1"))
    assert list(house.pull("customers").rows) == []
    house.drop("crm", "list.csv.done", "")
    assert len(house.pull("customers").rows) == 1


def test_a_manifest_must_agree(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    path = house.drop("crm", "list.csv", customers("1"))
    house.drop("crm", "list.csv.manifest.json", '{"sha256": "00", "rows": 1}')
    assert list(house.pull("customers").rows) == []
    house.drop("crm", "list.csv.manifest.json", '{"rows": 2}')
    (row,) = house.pull("customers").rows
    assert row.status == "failed"
    assert "1 rows, its manifest says 2" in (row.error_message or "")
    house.drop("crm", "list.csv.manifest.json", '{"rows": 1}')
    assert house.pull("customers").rows[0].status == "succeeded"
    assert path.exists(), "dropped files are never taken away"


def test_links_are_not_followed(house: LandingHome, tmp_path) -> None:
    house.add("crm", CUSTOMERS)
    secret = tmp_path / "secret.csv"
    secret.write_text(customers("1"))
    folder = house.space.home.landing_dir("acme", "crm")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "list.csv").symlink_to(secret)
    (folder / "deep").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "pipe.csv")
    assert list(house.pull("customers").rows) == []


def test_names_with_newlines_are_loaded_and_shown_escaped(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "a\nb\x1b[31m.csv", customers("1"))
    (row,) = house.pull("customers").rows
    assert row.status == "succeeded"
    assert row.object_name == "a\\nb\\x1b[31m.csv"


@pytest.mark.parametrize("source", ["../up", "a/b", "..", "UPPER", "with space"])
def test_a_source_cannot_leave_the_landing_folder(house: LandingHome, source: str) -> None:
    with pytest.raises(ValueError, match="name"):
        house.add(source, CUSTOMERS)


def test_a_changed_header_is_reported_and_loads_nothing(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "list.csv", customers("1", "2"), age=90)
    house.pull("customers")
    house.drop("crm", "list.csv", "id;Mail;country;city\n1;a@b.de;DE;Bonn\n")
    (row,) = house.pull("customers").rows
    assert (row.status, row.error_class, row.rows) == ("failed", "ShapeChanged", 0)
    message = row.error_message or ""
    assert "no column 'E-Mail' (did you mean 'Mail'?)" in message
    assert "gone: E-Mail; new: Mail, city" in message
    assert len(house.rows("customers")) == 2


def test_new_columns_are_kept_and_reported(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "list.csv", customers("1"), age=90)
    house.pull("customers")
    house.drop("crm", "list.csv", "id;E-Mail;country;city\n1;a@b.de;DE;Bonn c@d.de\n")
    (row,) = house.pull("customers").rows
    assert row.unknown_fields == '["city"]'
    assert schema_of(row)["new_columns"] == ["city"]
    extra = house.rows("customers", row.sync_id)[0]["_extra"]
    assert "Bonn" in extra
    assert "c@d.de" not in extra


def test_a_list_that_shrinks_by_more_than_its_share_is_refused_until_accepted(
    house: LandingHome,
) -> None:
    connection = house.add("crm", CUSTOMERS)
    house.drop("crm", "list.csv", customers(*map(str, range(10))), age=90)
    house.pull("customers")
    house.drop("crm", "list.csv", customers(*map(str, range(7))), age=80)
    assert house.pull("customers").rows[0].status == "succeeded", "30 % is allowed"
    house.drop("crm", "list.csv", customers("1", "2", "3"), age=60)
    (row,) = house.pull("customers").rows
    assert row.error_class == "ShapeChanged"
    assert "the list has 3 rows, the one before it (list.csv) had 7" in (row.error_message or "")
    from orchestration.landed_files import accept

    accept(house.space, connection, "list.csv")
    assert house.pull("customers").rows[0].status == "succeeded"


def test_one_bad_file_does_not_stop_the_others(house: LandingHome) -> None:
    house.add("costs", COSTS)
    house.drop("costs", "a.csv", "", age=90)
    house.drop("costs", "b.csv", "day,channel,amount\n2026-11-01,tv,5\n", age=60)
    rows = house.pull("costs").rows
    assert [row.status for row in rows] == ["failed", "succeeded"]
    assert "a.csv: the file is empty" in (rows[0].error_message or "")


def test_where_order_decides_a_bad_file_holds_back_those_after_it(house: LandingHome) -> None:
    house.add("sales", ORDERS)
    house.drop("sales", "a.csv", "", age=90)
    house.drop("sales", "b.csv", "id,at,n\n1,2026-11-01,1\n", age=60)
    assert [row.status for row in house.pull("orders").rows] == ["failed"]
    house.drop("sales", "a.csv", "id,at,n\n1,2026-11-01,9\n", age=90)
    rows = house.pull("orders").rows
    assert [row.object_name for row in rows] == ["a.csv", "b.csv"]
    assert {row.kind for row in rows} == {"changes"}


def test_a_report_covers_from_its_first_to_its_last_date(house: LandingHome) -> None:
    house.add("costs", COSTS)
    house.drop("costs", "a.csv", "day,channel,amount\n2026-11-03,tv,5\n2026-11-01,tv,6\n")
    (row,) = house.pull("costs").rows
    assert row.window_from is not None
    assert row.window_to is not None
    assert (row.window_from.date(), row.window_to.date()) == (
        date(2026, 11, 1), date(2026, 11, 4),
    )  # fmt: skip
    house.drop("costs", "b.csv", "day,channel,amount\n")
    (empty,) = house.pull("costs").rows
    assert (empty.status, empty.rows, empty.window_from) == ("succeeded", 0, None)
    assert list(SyncLog(house.space.home).coverage_by_connection("files", "costs").values())


def test_another_mapping_reads_the_file_again(house: LandingHome) -> None:
    house.add("costs", COSTS)
    house.drop("costs", "a.csv", "day,channel,amount\n01/11/2026,tv,5\n2026-11-02,tv,6\n")
    (row,) = house.pull("costs").rows
    assert (row.rows, row.rejected_rows) == (1, 1)
    (bad,) = house.quarantine("costs")
    assert bad["reason"].startswith("row 2: date (column 'day'): '01/11/2026' is not an ISO 8601")
    assert "state date_format: day_first or month_first" in bad["reason"]
    assert bad["payload"]["record"] == {"day": "01/11/2026", "channel": "tv", "amount": "5"}
    house.add("costs", COSTS + "date_format: day_first\n")
    (again,) = house.pull("costs").rows
    assert (again.rows, again.rejected_rows) == (2, 0)
    assert list(house.pull("costs").rows) == []


def test_a_replay_loads_a_file_again(house: LandingHome) -> None:
    from orchestration.landed_files import file_states, mark_for_replay, quarantined_rows

    connection = house.add("costs", COSTS)
    house.drop("costs", "a.csv", "day,channel,amount\nnever,tv,5\n2026-11-02,tv,6\n", age=90)
    house.drop("costs", "b.csv", "day,channel,amount\n2026-11-05,tv,6\n")
    house.pull("costs")
    assert len(quarantined_rows(house.space, connection)) == 1
    assert mark_for_replay(house.space, connection) == ["a.csv"]
    connection = house.space.registry.connection(connection.connection_id)
    assert [s.state for s in file_states(house.space, connection)] == ["due", "loaded"]
    (row,) = house.pull("costs").rows
    assert row.object_name == "a.csv"
    assert list(house.pull("costs").rows) == []


def test_a_mapping_that_cannot_work_is_told_once_and_stops_nobody(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "list.csv", customers("1"))
    broken = house.add("other", CUSTOMERS)
    house.space.registry.change_settings(broken.connection_id, {"mapping": '{"target":"orders"}'})
    assert [row.status for row in house.pull("customers").rows] == ["succeeded"]
    (row,) = house.pull("orders").rows
    assert (row.status, row.error_class) == ("failed", "BadRequest")
    assert "kind is missing" in (row.error_message or "")


def test_old_log_files_have_no_columns_of_objects(house: LandingHome) -> None:
    house.add("crm", CUSTOMERS)
    house.drop("crm", "list.csv", customers("1"))
    house.pull("customers")
    (path,) = [p for p in house.space.home.syncs_dir.rglob("*.parquet") if "1970" not in str(p)]
    table = pq.read_table(path)
    pq.write_table(table.drop_columns(["object_name", "object_digest", "object_schema"]), path)
    (row,) = SyncLog(house.space.home).rows()
    assert row.object_name is None
    assert SyncLog(house.space.home).objects("files", "customers") == {}
    assert isinstance(table, pa.Table)


def test_two_pulls_at_once_load_a_file_once(house: LandingHome) -> None:
    from concurrent.futures import ThreadPoolExecutor

    house.add("crm", CUSTOMERS)
    house.drop("crm", "list.csv", customers("1"))
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda n: house.pull("customers", f"run{n}"), range(4)))
    assert sum(len(receipt.rows) for receipt in receipts) == 1


def test_a_packed_file_is_named_in_the_run_with_what_to_do(house: LandingHome) -> None:
    connection = house.add("crm", CUSTOMERS)
    house.drop("crm", "list.zip", b"PK\x03\x04 packed", age=90)
    house.drop("crm", "notes.docx", b"PK\x03\x04 a letter", age=80)
    house.drop("crm", "list.csv", "id,E-Mail,country\n1,a@b.de,DE\n", age=60)
    rows = house.pull("customers").rows
    assert {row.object_name: row.status for row in rows} == {
        "list.zip": "failed",
        "list.csv": "succeeded",
    }
    (failed,) = [row for row in rows if row.status == "failed"]
    assert "list.zip: it is a packed file (.zip)" in (failed.error_message or "")
    assert "Unpack it and drop the files in it" in (failed.error_message or "")
    states = {one.name: one.state for one in file_states(house.space, connection)}
    assert states["notes.docx"] == "ignored"


def test_cells_that_were_not_read_stand_in_the_list_of_files(house: LandingHome) -> None:
    connection = house.add("crm", CUSTOMERS + "null_values: []\n")
    house.drop("crm", "list.csv", "id,E-Mail,country\n1,a@b.de,#N/A\n2,b@b.de,DE\n")
    (row,) = house.pull("customers").rows
    assert (row.rows, row.rejected_rows) == (2, 0)
    (state,) = file_states(house.space, connection)
    assert "country (column 'country'): 1 cells not read (first row 2: #N/A is" in state.note
