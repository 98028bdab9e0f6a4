"""A home with sources of files, and pulls of them without Dagster."""

from __future__ import annotations

import json
import os
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

from connectors import platforms
from orchestration.pull import Pull, Receipt, pull
from orchestration.sources import select_sources
from orchestration.workspace import Workspace
from warehouse.registry_records import Connection, Organization
from warehouse.sync_log import SyncLog

CUSTOMERS = """
target: customers
kind: snapshot
time_zone: Europe/Berlin
columns: {customer_id: id, email: E-Mail, country: country}
"""


@dataclass
class LandingHome:
    """Sources of one organization."""

    space: Workspace

    def add(self, source: str, mapping: str) -> Connection:
        registry = self.space.registry
        registry.add_organization(Organization("acme", "Acme"))
        tree = json.dumps(yaml.load(mapping, yaml.BaseLoader))
        self.space.check_settings("files", source, {"mapping": tree})
        return registry.add_connection("acme", "files", source, None, settings={"mapping": tree})

    def drop(self, source: str, name: str, content: str | bytes, age: float = 60.0) -> Path:
        path = self.space.home.landing_dir("acme", source) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.touch(path, age)
        return path

    def touch(self, path: Path, age: float) -> None:
        moment = time.time() - age
        os.utime(path, (moment, moment))

    def pull(
        self,
        stream: str,
        run_id: str = "run",
        connection: str | None = None,
        replay: str | None = None,
    ) -> Receipt:
        platform = platforms.get("files")
        # A run id of its own: sources are kept by run, and settings change between two pulls.
        sources = select_sources(
            self.space, platform, stream, run_id=uuid.uuid4().hex, connection=connection
        )
        job = Pull(self.space.home, platform, platform.stream(stream), run_id, replay=replay)
        return pull(job, sources)

    def rows(self, stream: str, sync_id: str | None = None) -> list[dict[str, Any]]:
        """Raw rows that a succeeded log row names."""
        named = {
            (row.sync_id, row.connection_id, row.chunk_id)
            for row in SyncLog(self.space.home).rows("files", stream)
            if row.status == "succeeded" and sync_id in (None, row.sync_id)
        }
        return [
            row
            for path in sorted(self.space.home.raw_dir("files", stream).rglob("*.parquet"))
            for row in pq.read_table(path).to_pylist()
            if (row["_sync_id"], row["_connection_id"], row["_chunk_id"]) in named
        ]

    def quarantine(self, stream: str) -> list[dict[str, Any]]:
        folder = self.space.home.quarantine_dir("files", stream)
        return [
            {**row, "payload": json.loads(row["payload"])}
            for path in sorted(folder.rglob("*.parquet"))
            for row in pq.read_table(path).to_pylist()
        ]
