"""Reads a file of events as a run does."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.arrow import Rejected
from connectors.core.objects import DataObject, DueObject
from connectors.platforms.events import hooks


@dataclass
class Read:
    """What a file came to."""

    rows: list[dict[str, Any]]
    rejected: list[Rejected]

    @property
    def reasons(self) -> list[str]:
        return [one.reason for one in self.rejected]


ReadFile = Callable[..., Read]


def token(value: str) -> str:
    """A token that shows what it was made of, so that a test sees where one stands."""
    return f"<{value}>"


@pytest.fixture
def read_file(tmp_path: Path) -> ReadFile:
    """Reads bytes, objects or a file with the settings of a source."""

    def call(content: Any, name: str = "a.ndjson", **settings: str) -> Read:
        path = content if isinstance(content, Path) else tmp_path / name
        if isinstance(content, list):
            content = "\n".join(json.dumps(one) for one in content).encode()
        if isinstance(content, bytes):
            path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        account = Account("web_shop", settings={**settings, "landing": str(tmp_path)})
        at = datetime(2026, 11, 1, tzinfo=UTC)
        due = DueObject(DataObject(path.name, "digest", 1, at, str(path), "1"))
        pages = list(hooks.read(account, due, token))
        rows = [row for page in pages for row in page.batch.to_pylist()]
        return Read(rows, [one for page in pages for one in page.rejected])

    return call
