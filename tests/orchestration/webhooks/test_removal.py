"""Files of deliveries go when they are old and what is in them is in the lake, never before."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest
from receiving import add

from connectors import platforms
from orchestration.arrivals import waiting
from orchestration.pull import Pull, Receipt, pull
from orchestration.sources import select_sources
from orchestration.upkeep import remove_old_deliveries
from orchestration.webhooks.endpoints import Endpoints
from orchestration.workspace import Workspace
from tests.patience import PATIENCE_SECONDS
from warehouse.delivery_retention import KEEP_DAYS

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TODAY = date(2026, 11, 1)


@pytest.fixture
def folder(space: Workspace) -> Path:
    """The landing folder of a network's endpoint."""
    connection = add(space, "tune")
    found = space.home.landing_dir("acme", connection.account_id)
    found.mkdir(parents=True)
    return found


def written(folder: Path, days_ago: float, *ids: str, amount: str = "1.50", end: str = "") -> Path:
    """A file as the receiver leaves it, begun so long ago."""
    begun = NOW - timedelta(days=days_ago)
    lines = [
        {
            "record_id": id_.ljust(64, "0"),
            "sender": "tune",
            "received_at": begun.isoformat(),
            "payload": {"transaction_id": id_, "amount": amount},
        }
        for id_ in ids
    ]
    path = folder / f"{begun:%Y%m%dT%H%M%S.%f}-{ids[0]}.ndjson{end}"
    path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in lines))
    return path


def pulled(space: Workspace) -> Receipt:
    platform = platforms.get("webhooks")
    sources = select_sources(space, platform, "postbacks", run_id=uuid.uuid4().hex)
    return pull(Pull(space.home, platform, platform.stream("postbacks"), "run"), sources)


def in_the_lake(space: Workspace) -> Counter[str]:
    folder = space.home.raw_dir("webhooks", "postbacks")
    return Counter(
        row["transaction_id"]
        for path in folder.rglob("*.parquet")
        for row in pq.read_table(path).to_pylist()
    )


def test_only_what_is_old_and_loaded_goes(space: Workspace, folder: Path) -> None:
    old = written(folder, KEEP_DAYS + 0.1, "a", "b")
    young = written(folder, KEEP_DAYS - 0.1, "c")
    is_open = written(folder, KEEP_DAYS + 1, "d", end=".part")
    aside = written(folder, KEEP_DAYS + 1, "e", amount="much")
    broken = folder / f"20260101T000000.000000-x{'.ndjson'}"
    broken.write_bytes(b"{no line}\n")
    assert Counter(row.status for row in pulled(space).rows) == {"succeeded": 3, "failed": 1}
    late = written(folder, KEEP_DAYS + 2, "f")
    changed = written(folder, KEEP_DAYS + 3, "g")
    pulled(space)
    changed.write_bytes(changed.read_bytes() + b"\n")
    size = old.stat().st_size + late.stat().st_size
    removed = remove_old_deliveries(space.home, TODAY)
    assert (removed.files, removed.bytes) == (2, size)
    assert sorted(folder.iterdir()) == sorted([young, is_open, aside, broken, changed])
    assert remove_old_deliveries(space.home, TODAY).files == 0
    assert in_the_lake(space) == Counter("abcfg")


def test_what_is_gone_is_not_due_and_what_may_come_again_is_known(
    space: Workspace, folder: Path
) -> None:
    written(folder, KEEP_DAYS + 1, "aa")
    written(folder, 7.5, "bb")
    pulled(space)
    assert remove_old_deliveries(space.home, TODAY).files == 1
    assert waiting(space) == []
    assert pulled(space).rows == []
    (endpoint,) = Endpoints(space, NOW).all().values()
    assert "bb".ljust(64, "0") in endpoint.known


REMOVER = """
import os, sys
from datetime import date
from pathlib import Path
from orchestration.upkeep import remove_old_deliveries
from warehouse.home import Home

unlink = Path.unlink
def slowly(path, missing_ok=False):
    unlink(path, missing_ok=missing_ok)
    print(path.name, flush=True)
Path.unlink = slowly
remove_old_deliveries(Home.open(Path(os.environ["TRIBUTARY_HOME"])), date(2026, 11, 1))
"""


def test_a_kill_in_the_middle_loses_nothing(space: Workspace, folder: Path) -> None:
    ids = [f"{number:x}".rjust(4, "0") for number in range(400)]
    for number, id_ in enumerate(ids):
        written(folder, KEEP_DAYS + 1 + number / 1_000, id_)
    pulled(space)
    late = [written(folder, KEEP_DAYS + 2 + number / 1_000, f"f{number}") for number in range(9)]
    remover = subprocess.Popen(
        [sys.executable, "-c", REMOVER], stdout=subprocess.PIPE, env=dict(os.environ)
    )
    assert remover.stdout is not None
    for _ in range(20):
        assert remover.stdout.readline()
    remover.kill()
    remover.wait(PATIENCE_SECONDS)
    remover.stdout.close()
    left = set(folder.iterdir())
    assert len(late) < len(left) <= len(late) + 380
    assert set(late) <= left
    pulled(space)
    assert in_the_lake(space) == Counter([*ids, *(f"f{number}" for number in range(9))])
    assert remove_old_deliveries(space.home, TODAY).files == len(left)
    assert list(folder.iterdir()) == []
