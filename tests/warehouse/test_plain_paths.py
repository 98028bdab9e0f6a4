"""Paths with characters that engines read as their own."""

import multiprocessing
import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse import plain_paths
from warehouse.compacted_rows import reading
from warehouse.home import Home, HomeError
from warehouse.plain_paths import literal, plain, with_real_paths

ODD = "'\"{}%#[]*\\ $;~!&|,:@+\n\tПриветéß店"
NAMES = st.text(st.sampled_from(ODD + "ab1._-"), min_size=1, max_size=12).filter(
    lambda name: name not in {".", ".."}
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tributary" / "homes"


def test_a_plain_path_stays(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "home_1.x" / "lake" / "synced=2026-11-15" / "a.parquet"
    assert plain(path) == str(path)
    assert not cache.exists()


@given(name=NAMES)
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_engines_read_and_write_below_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "homes" / name / "home"
    folder.mkdir(parents=True, exist_ok=True)
    assert re.fullmatch(r"[A-Za-z0-9/._=-]+", plain(folder))
    assert Path(plain(folder)).resolve() == folder
    for number in range(2):
        with duckdb.connect(plain(folder / "build.duckdb")) as connection:
            if number == 0:
                connection.execute("create or replace table t (a int)")
            connection.execute(f"insert into t values ({number})")
    assert (folder / "build.duckdb").exists()
    files = [folder / "synced=1" / f"{number}.parquet" for number in range(2)]
    for number, file in enumerate(files):
        file.parent.mkdir(exist_ok=True)
        pq.write_table(pa.table({"a": [number]}), file)
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(folder / 'build.duckdb')} as build (read_only)")
        pattern = f"'{plain(folder)}/synced=*/[0-9a-z]*.parquet'"
        for table in ("build.t", reading(files), f"read_parquet({pattern})"):
            assert connection.execute(f"select sum(a), count(*) from {table}").fetchall() == [
                (1, 2)
            ]


def test_the_name_depends_on_the_folder_alone(tmp_path: Path) -> None:
    one = plain(tmp_path / "a b" / "home" / "build.duckdb")
    assert plain(tmp_path / "a b" / "home" / "serve.duckdb") == one.replace("build", "serve")
    assert plain(tmp_path / "a c" / "home" / "build.duckdb") != one


def test_a_link_that_was_removed_or_leads_elsewhere_is_made_again(
    tmp_path: Path, cache: Path
) -> None:
    home = tmp_path / "a b"
    home.mkdir()
    link = Path(plain(home))
    link.unlink()
    assert Path(plain(home)) == link
    link.unlink()
    link.symlink_to(tmp_path)
    assert Path(plain(home)).resolve() == home
    assert list(cache.iterdir()) == [link]


def test_links_to_folders_that_are_gone_are_removed(tmp_path: Path, cache: Path) -> None:
    home = tmp_path / "a b"
    home.mkdir()
    plain(home)
    home.rmdir()
    other = tmp_path / "a c"
    other.mkdir()
    link = plain(other)
    assert [str(path) for path in cache.iterdir()] == [link]


def test_processes_beside_each_other_use_one_link(tmp_path: Path) -> None:
    home = tmp_path / "a b"
    home.mkdir()
    (home / "file").write_bytes(b"ours")
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=plain, args=(home,)) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {worker.exitcode for worker in workers} == {0}
    assert (Path(plain(home)) / "file").read_bytes() == b"ours"


def test_a_folder_of_links_that_others_can_change_is_not_used(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.mkdir(parents=True)
    cache.chmod(0o777)
    monkeypatch.setattr(plain_paths, "_places", lambda: iter([cache]))
    with pytest.raises(OSError, match="XDG_CACHE_HOME"):
        plain(tmp_path / "a b")
    assert list(cache.iterdir()) == []


def test_a_cache_of_an_odd_name_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "ca che"))
    places = list(plain_paths._places())
    assert places
    assert not any("ca che" in str(place) for place in places)


def test_a_home_with_a_question_mark_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plain").symlink_to(tmp_path / "why?")
    for path in (tmp_path / "why?" / "home", tmp_path / "plain" / "home"):
        with pytest.raises(HomeError, match="question mark"):
            Home.open(path)
    assert not (tmp_path / "why?").exists()


def test_messages_name_the_folder_that_people_know(tmp_path: Path) -> None:
    home = tmp_path / "a b"
    home.mkdir()
    (home / "build.duckdb").write_bytes(b"no database" * 1000)
    with pytest.raises(duckdb.Error) as caught:
        duckdb.connect(plain(home / "build.duckdb"))
    assert f"{home}/build.duckdb" in with_real_paths(str(caught.value))
