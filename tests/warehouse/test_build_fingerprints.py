"""The fingerprint moves with the recorded state, and with nothing else."""

from pathlib import Path

import duckdb

from warehouse.build_fingerprints import build_fingerprint


def _build(path: Path, rows: list[tuple[str, str]], rewrites: int = 0) -> str | None:
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema state")
        connection.execute("create table state.fact_a (key varchar, fingerprint varchar)")
        connection.execute("create table state.rewrites (rows bigint)")
        connection.executemany("insert into state.fact_a values (?, ?)", rows)
        connection.execute("insert into state.rewrites values (?)", [rewrites])
    return build_fingerprint(path)


def test_equal_states_in_any_order_are_equal(tmp_path: Path) -> None:
    path = tmp_path / "serve.duckdb"
    one = _build(path, [("a", "1"), ("b", "2")])
    assert one is not None
    assert one == _build(path, [("b", "2"), ("a", "1")], rewrites=9)


def test_a_changed_lost_or_doubled_key_shows(tmp_path: Path) -> None:
    path = tmp_path / "serve.duckdb"
    found = [
        _build(path, rows)
        for rows in (
            [("a", "1"), ("b", "2")],
            [("a", "1"), ("b", "3")],
            [("a", "2"), ("b", "1")],
            [("a", "1")],
            [("a", "1"), ("b", "2"), ("b", "2")],
        )
    ]
    assert len(set(found)) == len(found)


def test_a_table_that_reads_the_clock_counts_by_its_day(tmp_path: Path) -> None:
    path = tmp_path / "serve.duckdb"
    found = []
    for at in ("2026-11-15 06:00:00+00", "2026-11-15 23:59:00+00", "2026-11-16 00:00:00+00"):
        _build(path, [("a", "1")])
        with duckdb.connect(str(path)) as connection:
            connection.execute(
                f"create table freshness as select 'acme' as organization_id, "
                f"timestamptz '{at}' as as_of"
            )
        found.append(build_fingerprint(path))
    assert found[0] == found[1] != found[2]


def test_nothing_is_said_of_no_build(tmp_path: Path) -> None:
    assert build_fingerprint(tmp_path / "serve.duckdb") is None
    with duckdb.connect(str(tmp_path / "empty.duckdb")):
        pass
    assert build_fingerprint(tmp_path / "empty.duckdb") is None
