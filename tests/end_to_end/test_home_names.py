"""A home may lie in a folder of any name: from the first command to the published files."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import yaml

from connectors.sandbox.server import SandboxProcess
from tests.end_to_end.conftest import TRIBUTARY, clean_environment
from tests.parsed_project import share_parsed_project
from tests.patience import PATIENCE_SECONDS
from warehouse.plain_paths import plain

pytestmark = pytest.mark.long

NAME = """O'Neill "the 2nd" {a} {{ b }} 100% %41 #1 [ab] * $HOME; \\ Привет 店"""
NOW = "2026-11-15T06:00:00Z"
OWNER, ACCOUNT = "acme_outdoor", "4100000037"

Run = Callable[..., subprocess.CompletedProcess[str]]

ORDERS = "id,time,sku,amount,price\n{number},2026-11-10 12:00:00,A,1,{price}\n"
MAPPING = {
    "target": "orders",
    "kind": "changes",
    "time_zone": "Europe/Berlin",
    "currency": "EUR",
    "columns": {
        "order_id": "id",
        "ordered_at": "time",
        "product_id": "sku",
        "quantity": "amount",
        "unit_price": "price",
    },
}


def _connections(sandbox: SandboxProcess) -> str:
    """One account of the sandbox, and a source of files of each of two organizations."""
    found = yaml.safe_load(sandbox.connections_yaml())
    [google] = [one for one in found["connections"] if str(one["account"]) == ACCOUNT]
    google["start_date"] = "2026-11-12"
    files = [
        {
            "organization": name,
            "platform": "files",
            "account": "shop",
            "start_date": "2026-11-01",
            "settings": {"mapping": MAPPING},
        }
        for name in (OWNER, "other")
    ]
    return json.dumps(
        {
            "organizations": [
                *(one for one in found["organizations"] if one["id"] == OWNER),
                {"id": "other", "name": "Other"},
            ],
            "credentials": [c for c in found["credentials"] if c["id"] == google["credential"]],
            "connections": [google, *files],
        }
    )


def test_a_home_of_any_name_works(tmp_path: Path) -> None:
    home = tmp_path / NAME / "home"
    # What a pattern would find besides: the folder that `[ab]` matches, as a home of its own.
    Path(str(home).replace("[ab]", "a")).mkdir(parents=True)
    environment = clean_environment() | {
        "TRIBUTARY_HOME": str(home),
        "TRIBUTARY_KEY_FILE": str(tmp_path / "key"),
        "TRIBUTARY_NOW": NOW,
        "TRIBUTARY_RETRY_BASE": "0.01",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }

    def run(*arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [TRIBUTARY, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == code, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    share_parsed_project(home)
    with SandboxProcess("--seed", "3", "--days", "20", "--end", "2026-11-15", now=NOW) as sandbox:
        environment["TRIBUTARY_SANDBOX"] = sandbox.url
        declared = tmp_path / "connections.yaml"
        declared.write_text(_connections(sandbox))
        run("connections", "apply", str(declared))
        for number, name in enumerate((OWNER, "other")):
            folder = home / "lake" / "landing" / name / "shop"
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / "orders.csv"
            file.write_text(ORDERS.format(number=number, price=10 + number))
            os.utime(file, (1.7e9, 1.7e9))
        run("run")
    sums = "select organization_id, sum(gross_amount) as gross from fact_orders group by 1"
    found = json.loads(run("query", sums, "-f", "json"))
    assert {row["organization_id"]: float(row["gross"]) for row in found} == {
        OWNER: 10.0,
        "other": 11.0,
    }
    spend = "select count(distinct date_day) as days, sum(spend) > 0 as spent "
    [row] = json.loads(run("query", spend + "from fact_campaign_performance", "-f", "json"))
    assert row == {"days": 4, "spent": True}
    assert "no file is damaged" in run("doctor")
    run("status")
    run("compact")
    run("publish")
    published = [*(home / "published" / "organizations").glob("*.duckdb")]
    assert {path.stem for path in published} == {OWNER, "other"}
    link = plain(home).encode()
    for file in [*published, *(home / "published" / "releases").glob("*.duckdb")]:
        assert link not in file.read_bytes()
    with duckdb.connect(plain(home / "build.duckdb"), read_only=True) as build:
        assert build.execute("select count(*) from duckdb_views() where not internal").fetchone()
