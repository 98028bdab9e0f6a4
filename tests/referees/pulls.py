"""Our side of a question: streams pulled as `tributary run` pulls them, read from the raw files."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.sandbox.server import SandboxClient
from orchestration.pull import Pull, pull, whole_days
from orchestration.sources import select_sources
from orchestration.workspace import Workspace, open_workspace
from tests.end_to_end import stages

Row = dict[str, Any]
NOW = "2026-11-15T06:00:00Z"
"""The clock of the sandbox and of our home."""


@dataclass(frozen=True)
class Puller:
    """A home of its own, connected to every account of a sandbox."""

    space: Workspace
    environment: Mapping[str, str]

    def at(self, now: str) -> Puller:
        """The same home at another clock."""
        return replace(self, environment={**self.environment, "TRIBUTARY_NOW": now})

    def table(self, name: str, account: str, *days: str) -> pa.Table:
        """Pulls a stream of an account and returns what it brought, its own columns alone.

        Args:
            name: the stream, as `platform/stream`.
            account: its account.
            days: of reports and changes the first and the last of the account's own dates.
        """
        platform, stream = name.split("/")
        declared = self.space.platforms[platform]
        window = whole_days(*map(date.fromisoformat, days)) if days else None
        run = str(uuid.uuid4())
        job = Pull(self.space.home, declared, declared.stream(stream), run, window)
        with pointed(self.environment):
            sources = select_sources(self.space, declared, stream, run_id=run)
            receipt = pull(job, [one for one in sources if one.account.id == account])
        assert receipt.rows, "nothing was due"
        for row in receipt.rows:
            assert row.status == "succeeded", row.error_message
            # What the official client reads without a word, ours must not set aside.
            assert (row.rejected_rows, row.unknown_fields or []) == (0, [])
        files = self.space.home.raw_dir(platform, stream).rglob(f"{receipt.sync_id}*.parquet")
        columns = declared.stream(stream).arrow_schema.names
        return pa.concat_tables([pq.read_table(file, columns=columns) for file in sorted(files)])

    def rows(self, name: str, account: str, *days: str, lists: Set[str] = frozenset()) -> list[Row]:
        """The same as rows; the texts of `lists` are read as JSON."""
        return [
            {
                column: json.loads(value) if column in lists and value is not None else value
                for column, value in row.items()
            }
            for row in self.table(name, account, *days).to_pylist()
        ]

    def token(self, organization: str, value: str | None) -> str | None:
        """What stands for a normalised e-mail address or phone number of an organization."""
        key = self.space.registry.hmac_key(organization)
        return value and hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


@contextmanager
def pointed(environment: Mapping[str, str]) -> Iterator[None]:
    """Points this process at a home and a sandbox while the block runs."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield


def connected(sandbox: SandboxClient, folder: Path, now: str) -> Puller:
    """Connects a new home to every account of a sandbox."""
    environment = {
        "TRIBUTARY_HOME": str(folder / "home"),
        "TRIBUTARY_KEY_FILE": str(folder / "key"),
        "TRIBUTARY_SANDBOX": sandbox.url,
        "TRIBUTARY_NOW": now,
        "TRIBUTARY_RETRY_BASE": "0.01",
    }
    with pointed(environment):
        stages.connect(sandbox)
        return Puller(open_workspace(), environment)


def check_same(
    ours: list[Row], theirs: list[Row], *key: str, silent: Set[str] = frozenset()
) -> None:
    """Holds our rows against those of the official client: as many, and field by field.

    Args:
        ours: rows of our connector.
        theirs: rows made of the official client's answer, with our names of columns.
        key: the columns that tell rows apart.
        silent: columns that the sandbox leaves empty; all others must hold something somewhere, or
            two empty columns would pass for agreement.
    """
    assert len(ours) == len(theirs) > 0
    assert {*ours[0]} == {*theirs[0]}, "every column of ours is compared, and no other"
    by_key = {tuple(row[name] for name in key): row for row in theirs}
    found = {tuple(row[name] for name in key): row for row in ours}
    assert len(by_key) == len(theirs), "the key tells rows apart"
    assert found.keys() == by_key.keys()
    different = [
        (place, name, row[name], by_key[place][name])
        for place, row in found.items()
        for name in row
        if row[name] != by_key[place][name]
    ]
    assert different[:20] == []
    told = {name for row in theirs for name, value in row.items() if value not in (None, [], "")}
    assert {*theirs[0]} - told == silent
