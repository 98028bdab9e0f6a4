"""Runs dbt in this process on a home folder and reads what it built."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import parsedatetime
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.base_types import BaseEvent
from dbt_common.events.event_manager import EventManager
from fixture_lake import FixtureLake
from jinja2 import Environment

from orchestration import dbt_manifest
from orchestration.dbt_selection import tagged
from orchestration.dbt_tables import Tables
from orchestration.model_inputs import TABLES
from tests.parsed_project import VARIABLE, share_parsed_project
from warehouse.build_files import kept_open
from warehouse.home import Home
from warehouse.locks import build_lock

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
Query = Callable[[str], list[tuple[Any, ...]]]
"""Returns the rows of some SQL."""


_compile = Environment.compile
_compiled: dict[tuple[type, str], Any] = {}


def _compile_once(environment: Environment, source: Any, *more: Any, **named: Any) -> Any:
    """Jinja's `compile`, once a process for a text: models are the same in each of many builds."""
    if more or named or not isinstance(source, str):
        return _compile(environment, source, *more, **named)
    key = (type(environment), source)
    if key not in _compiled:
        _compiled[key] = _compile(environment, source)
    return _compiled[key]


# Homes are built a hundred times in one process, and half of such a build is what dbt does around
# the SQL. What the tests look at is none of it.
Environment.compile = _compile_once
EventManager.fire_event = lambda *_, **__: None
BaseEvent.__init__ = lambda *_, **__: None
parsedatetime.Constants = cache(parsedatetime.Constants)


MANY = 60
"""So many tables are sooner copied from a home that has all of them empty."""


class BuildFailed(AssertionError):
    """dbt reported an error; the message holds the failing nodes."""


@dataclass
class DbtHome:
    """One pair of database files (build, serve) over one lake.

    Args:
        path: the TRIBUTARY_HOME; ``lake`` below it may be a link to another home's lake.
    """

    path: Path
    views: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    """Tables of the last build for which nothing that they read had changed."""

    @property
    def manifest(self) -> Manifest:
        """The parsed project, which all homes of a process have in common."""
        return parsed_project().manifest

    @contextmanager
    def environment(self) -> Iterator[None]:
        """TRIBUTARY_HOME for dbt; nothing else of the caller's environment reaches the project."""
        _lead_to(self.path)
        names = {
            "TRIBUTARY_HOME": str(_link()),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
            "TRIBUTARY_MEMORY_LIMIT": "1GB",
            # Of so little data there is nothing to share; two processes of tests share the cores.
            "TRIBUTARY_DUCKDB_THREADS": "1",
        }
        before = {name: os.environ.get(name) for name in names}
        os.environ.update(names)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value

    def compiled(self, *models: str) -> dict[str, str]:
        """Returns the SQL of models as DuckDB gets it, by their names; of all without any."""
        results = self.invoke("compile", "--select", *(models or ["resource_type:model"])).results
        return {result.node.name: str(result.node.compiled_code) for result in results}

    def outcome(self, test: str) -> tuple[str, int]:
        """Runs one data test: its status, and how many rows it found."""
        results = self.invoke("test", "--select", test).results
        (result,) = [one for one in results if one.node.name == test]
        return str(result.status), int(result.failures or 0)

    def invoke(self, *arguments: str, as_of: str = "2026-03-20T06:00:00Z") -> Any:
        """One dbt command.

        Raises:
            BuildFailed: a node failed, or dbt itself.
        """
        common = [
            "--project-dir",
            str(PROJECT),
            "--profiles-dir",
            str(PROJECT),
            "--target-path",
            str(self.path / "target"),
            "--log-path",
            str(self.path / "logs"),
            "--no-partial-parse",
            # Nobody reads what dbt writes beside the tables, which is a fifth of its time.
            "--no-write-json",
            "--log-level-file",
            "none",
            *("--log-level", "none"),
            "--vars",
            f'{{as_of: "{as_of}"}}',
        ]
        with self.environment():
            try:
                outcome = dbtRunner(manifest=self.manifest).invoke([*arguments, *common])
            finally:
                _close_databases()
        if not outcome.success:
            failed = [
                f"{result.node.name}: {result.message}"
                for result in getattr(outcome.result, "results", [])
                if str(result.status) not in ("success", "pass", "skipped", "warn")
            ]
            raise BuildFailed("\n".join(failed) or str(outcome.exception))
        return outcome.result

    def build(
        self, *arguments: str, models: Sequence[str] = (), as_of: str = "2026-03-20T06:00:00Z"
    ) -> None:
        """Builds the models, without tests; seeds and views, which only code changes, once.

        As in a run, tables that stand are left out, unless dbt is given arguments of its own.

        Args:
            arguments: dbt's.
            models: build these and all that they read, or that data tests read; all models
                without any.
            as_of: the clock of the build.
        """
        if not self._files[0].exists():
            self._begin(models)
        tables = self.tables_to_build()
        is_whole = "--select" not in arguments
        tables.mark_inputs(self.manifest, is_whole)
        with kept_open(self._files):
            standing = [] if arguments else tables.standing()
            tables.begin(standing)
        chosen = ["--select", *(f"+{name}" for name in models)] if models else []
        left_out = tagged(self.manifest, [*self.views, *standing])
        excluded = ["--exclude", *left_out] if left_out else []
        results = self.invoke("run", *arguments, *chosen, *excluded, as_of=as_of).results
        tables.mark_inputs(self.manifest, is_whole=False)
        nodes = [result.node for result in results]
        self.unread = {result.node.name for result in results if result.message == "unchanged"}
        self.views |= {node.name for node in nodes if node.config.materialized == "view"}
        # Of what else is selected, something may be older than what it reads.
        if is_whole:
            tables.record(node.unique_id for node in nodes)

    @property
    def _files(self) -> tuple[Path, Path]:
        return self.path / "build.duckdb", self.path / "serve.duckdb"

    def _begin(self, models: Sequence[str]) -> None:
        """Begins with the tables of an empty lake, or with the seeds when few tables are wanted."""
        many = _empty.cache_info().currsize or len(_tables_of(models)) >= MANY
        beginning = _empty() if many else _seeded()
        _take(self, beginning)
        self.views |= beginning.views

    def tables_to_build(self) -> Tables:
        """The tables, seen against what was built of them so far."""
        return Tables(Home.open(self.path), parsed_project().dictionary, views_code="")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the published tables (``serve``) and ``build``."""
        with self.reading() as query:
            return query(sql)

    @contextmanager
    def reading(self) -> Iterator[Query]:
        """Opens the tables once for many queries: that takes longer than most of them."""
        with self._connection("read_only") as connection:
            yield lambda sql: connection.execute(sql).fetchall()

    def execute(self, sql: str) -> None:
        """Changes what dbt built, to see what that breaks."""
        with self._connection("read_write") as connection:
            connection.execute(sql)

    def rewrites(self) -> list[tuple[Any, ...]]:
        """What builds rewrote so far: invocation, model, rebuild, dirty keys, deleted, inserted."""
        return self.query(
            "select * from build.state.rewrites union all select * from serve.state.rewrites"
        )

    @contextmanager
    def _connection(self, mode: str) -> Iterator[duckdb.DuckDBPyConnection]:
        _lead_to(self.path)
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            for name in ("build", "serve"):
                connection.execute(f"attach '{self.path}/{name}.duckdb' as {name} ({mode})")
            connection.execute("use serve")
            yield connection

    def tables(self) -> list[str]:
        """The published tables."""
        rows = self.query(
            "select table_name from duckdb_tables() "
            "where database_name = 'serve' and schema_name = 'main' order by 1"
        )
        return [row[0] for row in rows]


@cache
def _folder() -> Path:
    """A folder of this process."""
    path = Path(tempfile.mkdtemp(prefix="homes-"))
    atexit.register(shutil.rmtree, path)
    return path


def _link() -> Path:
    """The one name by which dbt knows the home at work: views hold the same paths in all."""
    return _folder() / "home"


def _lead_to(path: Path) -> None:
    """Makes the name that of another home."""
    new = _link().with_name("next")
    new.symlink_to(path.absolute())
    new.replace(_link())


@cache
def parsed_project() -> dbt_manifest.Project:
    """The parsed project; to read it takes longer than most builds."""
    path = _folder() / "project"
    share_parsed_project(path)
    _lead_to(path)
    return dbt_manifest.load(Home.open(_link()))


@cache
def _seeded() -> DbtHome:
    """A home that has nothing but the seeds."""
    home = DbtHome(_folder() / "seeded")
    home.path.mkdir()
    home.invoke("seed")
    return home


@cache
def _empty() -> DbtHome:
    """A home of an empty lake with all tables, as they are in any home for what has no rows.

    The first process of a session that wants it builds it for all.
    """
    home = DbtHome(_folder() / "empty")
    FixtureLake(home.path)
    shared = DbtHome(Path(os.environ[VARIABLE]) / "empty")
    with build_lock(Home.open(shared.path)):
        if shared._files[0].exists():
            _take(home, shared)
            # Views hold the path by which this process knows its homes.
            made = home.invoke("run", "--select", "config.materialized:view").results
            home.views |= {result.node.name for result in made}
        else:
            _take(home, _seeded())
            home.build()
            _take(shared, home)
    return home


def _take(home: DbtHome, other: DbtHome) -> None:
    """Copies the files of another home."""
    for file in other._files:
        shutil.copy(file, home.path)


def _tables_of(models: Sequence[str]) -> set[str]:
    """The tables that models read, and their own; all without any."""
    nodes = parsed_project().dictionary["nodes"]
    waiting = [key for key, node in nodes.items() if not models or node["name"] in models]
    found = set[str]()
    while waiting:
        key = waiting.pop()
        if key in nodes and key not in found:
            found.add(key)
            waiting += nodes[key]["depends_on"].get("nodes", [])
    return {key for key in found if nodes[key]["config"]["materialized"] in TABLES}


def named_in(path: str) -> list[str]:
    """What a file of tests is about: the models, and the data tests, that it names."""
    words = set(re.findall(r"\w+", Path(path).read_text()))
    files = [*PROJECT.glob("models/**/*.sql"), *PROJECT.glob("tests/**/*.sql")]
    return sorted(words & {file.stem for file in files})


def _close_databases() -> None:
    """Lets go of the files: dbt in process keeps them open until its process ends."""
    environment = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()
        DuckDBConnectionManager.close_all_connections()


def differences(one: DbtHome, other: DbtHome) -> dict[str, list[tuple[Any, ...]]]:
    """Rows that only one of two homes has, by published table; empty when they agree.

    Each row begins with ``one`` or ``other``; at most five of a table are given.
    """
    found: dict[str, list[tuple[Any, ...]]] = {}
    assert one.tables() == other.tables()
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{one.path}/serve.duckdb' as one (read_only)")
        connection.execute(f"attach '{other.path}/serve.duckdb' as other (read_only)")
        for table in one.tables():
            left, right = f"select * from one.{table}", f"select * from other.{table}"
            rows = connection.execute(
                f"select 'one', * from ({left} except all {right}) "
                f"union all select 'other', * from ({right} except all {left}) limit 5"
            ).fetchall()
            if rows:
                found[table] = rows
    return found


def twin_of(home: DbtHome, path: Path) -> DbtHome:
    """A second pair of database files over the same lake."""
    path.mkdir()
    (path / "lake").symlink_to(home.path / "lake")
    return DbtHome(path)
