"""Files in a temporary folder; the helpers of this folder are modules beside the tests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))

from file_reads import ORDERS, Read, read_path

from connectors.core.errors import ConnectorError
from connectors.core.objects import LoadedObject
from connectors.platforms.files.draft import draft


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-21T12:00:00Z")


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """Reads content under a mapping (YAML): `read(content, mapping, "x.csv")`."""

    def one(
        content: str | bytes,
        mapping: str = ORDERS,
        name: str = "x.csv",
        previous: LoadedObject | None = None,
    ) -> Read:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_path(path, mapping, previous)

    return one


@pytest.fixture
def refused(read: Callable[..., Read]) -> Callable[..., ConnectorError]:
    """Like `read`, for what must be refused whole; returns the error."""

    def one(*given: Any, **named: Any) -> ConnectorError:
        with pytest.raises(ConnectorError) as caught:
            read(*given, **named)
        return caught.value

    return one


@pytest.fixture
def drafted(tmp_path: Path) -> Any:
    """Drafts content: `drafted(content, name, **options)` returns the text and its tree."""

    def one(
        content: str | bytes, name: str = "x.csv", **options: Any
    ) -> tuple[str, dict[str, Any]]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        text = draft(path, **options)
        return text, yaml.load(text, yaml.BaseLoader)

    return one
