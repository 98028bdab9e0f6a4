"""A home with one shop in files, on which the whole pipeline runs in about a minute."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration import dbt, dbt_manifest
from orchestration.definitions import build_definitions
from orchestration.instance import open_instance
from orchestration.publishing import publish_build
from orchestration.workspace import open_workspace
from tests.end_to_end import stages
from tests.parsed_project import share_parsed_project
from warehouse.home import Home
from warehouse.locks import build_lock
from warehouse.registry_records import Organization
from warehouse.releases import read_current

MAPPING = """
target: orders
kind: changes
time_zone: Europe/Berlin
currency: EUR
columns: {order_id: order, ordered_at: at, product_name: thing, quantity: units, unit_price: price}
"""
HEADER = "order;at;thing;units;price\n"
ORDERS = "fact_orders"


@dataclass(frozen=True)
class House:
    """A home with one shop in files."""

    home: Home

    def tributary(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = str(Path(sys.executable).with_name("tributary"))
        return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)

    def drop(self, name: str, *lines: str) -> None:
        folder = self.home.landing_dir("acme", "till")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(HEADER + "\n".join(lines) + "\n")

    def order(self, sign: str) -> None:
        """Adds (``+``) or removes (``-``) an order that stands twice, as a faulty model would."""
        with build_lock(self.home), duckdb.connect(str(self.home.serve_db)) as connection:
            connection.execute(
                {
                    "+": f"insert into {ORDERS} select * from {ORDERS} where order_id = '1'",
                    "-": f"delete from {ORDERS} where order_id = '1' and rowid > "
                    f"(select min(rowid) from {ORDERS} where order_id = '1')",
                }[sign]
            )
            connection.execute(
                "insert into state.rewrites select 'by hand', ?, false, 1, 1, 1", [ORDERS]
            )

    def release(self) -> str:
        current = read_current(self.home)
        assert current is not None
        with duckdb.connect(str(self.home.published_db), read_only=True) as connection:
            (twice,) = connection.execute(
                f"select count(*) - count(distinct order_key) from {ORDERS}"
            ).fetchone()
        assert twice == 0
        return current.release.release

    def from_the_ui(self, *keys: dg.AssetKey | str) -> bool:
        """Materializes assets as the UI does; returns whether the run succeeded."""
        with open_instance(self.home) as instance:
            job = build_definitions().resolve_implicit_global_asset_job_def()
            done = job.execute_in_process(
                instance=instance,
                asset_selection=[dg.AssetKey(k) if isinstance(k, str) else k for k in keys],
                raise_on_error=False,
            )
        return done.success

    def pull_and_build(self) -> None:
        """Loads what was dropped and builds, without Dagster."""
        stages.pull_all()
        space = open_workspace()
        space.prepare_lake()
        dbt.set_environment(space.home)
        build = [dbt_manifest.EXECUTABLE, *dbt.build_arguments()]
        done = subprocess.run(build, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """Makes one below a folder, with two orders published."""
    with new_house(folder) as found:
        found.pull_and_build()
        publish_build(found.home)
        yield found


@contextmanager
def new_house(folder: Path) -> Iterator[House]:
    """Makes one below a folder, with a file of two orders that no run has seen."""
    share_parsed_project(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIBUTARY_HOME", str(folder / "home"))
        patch.setenv("TRIBUTARY_KEY_FILE", str(folder / "key"))
        patch.setenv("TRIBUTARY_NOW", "2026-11-21T12:00:00Z")
        patch.setenv("TRIBUTARY_DUCKDB_THREADS", "1")  # of so little data there is nothing to share
        for name in ("TRIBUTARY_DATABASE_URL", "TRIBUTARY_SANDBOX"):
            patch.delenv(name, raising=False)
        registry = open_workspace().registry
        registry.add_organization(Organization("acme", "Acme", reporting_currency="EUR"))
        (folder / "mapping.yaml").write_text(MAPPING)
        found = House(Home.open(folder / "home"))
        added = found.tributary(
            *("connections", "add", "--organization", "acme", "--platform", "files"),
            *("--account", "till", "--mapping", str(folder / "mapping.yaml")),
        )
        assert added.returncode == 0, added.stdout + added.stderr
        found.drop("first.csv", "1;2026-11-01 10:00;tea;2;5.00", "2;2026-11-02 10:00;pot;1;20.00")
        yield found
