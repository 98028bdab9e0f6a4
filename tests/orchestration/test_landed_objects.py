"""A collector of events, which is no platform of ours: all that it needs are `LandedObjects`."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.core.arrow import PageTyper, TypedPage
from connectors.core.columns import Column
from connectors.core.errors import ShapeChanged
from connectors.core.objects import DataObject, LandedObjects
from connectors.core.platform import Platform
from connectors.core.stream import Kind, Page, Stream
from connectors.core.window import Window
from orchestration.arrivals import waiting
from orchestration.due.streams import Question, due_streams
from orchestration.pull import Pull, Receipt, pull
from orchestration.sources import select_sources
from orchestration.workspace import Workspace, open_workspace
from tests.orchestration.made_up_platform import made_up, serve
from warehouse.registry_records import Organization

BROKEN = "broken"


@dataclass
class Batch:
    """One reading of a batch of events; the first look at some of them does not count."""

    content: str
    stream: Stream
    is_due_again: bool = False
    covered: Window | None = None
    schema: dict[str, Any] = field(default_factory=dict)
    looks: int = 0

    def __iter__(self) -> Iterator[TypedPage]:
        if self.content == BROKEN:
            raise ShapeChanged("no batch")
        self.looks += 1
        self.is_due_again = self.content.startswith("twice") and self.looks == 1
        seen = "not so" if self.is_due_again else self.content
        yield PageTyper(self.stream).type(Page([{"id": seen}], len(seen)))


@dataclass
class Collector:
    """What has arrived: content by name, in the order of arrival."""

    space: Workspace
    arrived: dict[str, str]
    kind: Kind = "changes"
    in_order: bool = False

    @property
    def platform(self) -> Platform:
        columns = (Column("id", pa.string(), "id", "attribute", "Id.", required=True),)
        stream = Stream("events", "changes", "Event.", columns, serve, key_columns=("id",))
        intake = LandedObjects(
            kind=lambda _: self.kind,
            stream=lambda _: "events",
            in_order=lambda _: self.in_order,
            find=lambda _account, _wait: [self._data(name) for name in self.arrived],
            read=lambda _account, due, _hash: Batch(due.data.locator, stream),
            remarks=lambda _: ["remark"],
        )
        return replace(made_up(), name="collector", streams=(stream,), intake=intake)

    def _data(self, name: str) -> DataObject:
        content, place = self.arrived[name], list(self.arrived).index(name)
        digest = hashlib.sha256(content.encode()).hexdigest()
        moment = datetime(2026, 11, 1, place, tzinfo=UTC)
        return DataObject(name, digest, len(content), moment, content, "1")

    def pull(self) -> Receipt:
        platform = self.platform
        sources = select_sources(self.space, platform, "events", run_id=uuid.uuid4().hex)
        job = Pull(self.space.home, platform, platform.streams[0], "run")
        return pull(job, sources)

    def ids(self) -> list[str]:
        folder = self.space.home.raw_dir("collector", "events")
        tables = [pq.read_table(path) for path in sorted(folder.rglob("*.parquet"))]
        return sorted(value for table in tables for value in table["id"].to_pylist())


@pytest.fixture
def collector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collector:
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-21T12:00:00Z")
    monkeypatch.delenv("TRIBUTARY_DATABASE_URL", raising=False)
    space = open_workspace()
    space.registry.add_organization(Organization("acme", "Acme"))
    space.registry.add_connection("acme", "collector", "shop", None, sync_frequency="manual")
    found = Collector(space, {})
    found.space = replace(space, platforms={"collector": found.platform})
    return found


def test_each_batch_is_loaded_once_and_again_when_it_changed(collector: Collector) -> None:
    collector.arrived = {"first": "a", "second": "b"}
    assert [(row.object_name, row.bytes) for row in collector.pull().rows] == [
        ("first", 1),
        ("second", 1),
    ]
    assert collector.pull().rows == []
    collector.arrived["first"] = "cc"
    assert [row.object_name for row in collector.pull().rows] == ["first"]
    assert collector.ids() == ["a", "b", "cc"]


def test_what_a_batch_brought_before_its_last_look_does_not_count(collector: Collector) -> None:
    collector.arrived = {"first": "twice"}
    (row,) = collector.pull().rows
    assert (row.rows, row.bytes) == (1, len("twice"))
    assert collector.ids() == ["twice"]


@pytest.mark.parametrize(("in_order", "loaded"), [(True, []), (False, ["b"])])
def test_a_batch_that_fails_holds_back_the_next_where_order_counts(
    collector: Collector, in_order: bool, loaded: list[str]
) -> None:
    collector.arrived, collector.in_order = {"first": BROKEN, "second": "b"}, in_order
    (failure,) = collector.pull().failures
    assert failure.error_message
    assert "collector/events account shop: first: no batch" in failure.error_message
    assert collector.ids() == loaded


def test_each_list_has_a_sync_of_its_own(collector: Collector) -> None:
    collector.arrived, collector.kind = {"old": "a", "new": "b"}, "snapshot"
    rows = collector.pull().rows
    assert [(row.object_name, row.kind, row.mode) for row in rows] == [
        ("old", "snapshot", "full"),
        ("new", "snapshot", "full"),
    ]
    assert len({row.sync_id for row in rows}) == 2


def test_what_has_arrived_asks_for_a_run_until_one_has_tried_it(collector: Collector) -> None:
    space, asked = collector.space, Question(scheduled=True)
    assert (waiting(space), due_streams(space, asked)) == ([], [])
    collector.arrived = {"first": BROKEN}
    assert len(waiting(space)) == 1
    assert [stream.name for _, stream in due_streams(space, asked)] == ["events"]
    collector.pull()
    assert waiting(space) == []
    assert due_streams(space, asked), "the next run tries it again"
    collector.arrived["second"] = "b"
    assert len(waiting(space)) == 1
