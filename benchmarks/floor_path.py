"""The floor: the least that any program does from the same pages to a zstd Parquet file.

`requests`, `orjson`, one list comprehension per column, pyarrow. No retries, no checks of keys or
types beyond Arrow's casts, no unknown fields, no lineage, no fsync, no log.

    python -m benchmarks.floor_path FEED.json TIMES FILE
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import requests

from benchmarks.processes import say

TYPES = {
    "text": pa.string(),
    "whole": pa.int64(),
    "double": pa.float64(),
    "money": pa.decimal128(24, 6),
    "date": pa.date32(),
    "instant": pa.timestamp("us", "UTC"),
    "json": pa.string(),
}
Reader = Callable[[list[dict[str, Any]]], list[Any]]


def reader(path: list[str], kind: str) -> Reader:
    """Compiles the list comprehension that a programmer would write for a column."""
    place = "row" + "".join(f"[{name!r}]" for name in path[:-1]) + f".get({path[-1]!r})"
    if kind == "json":
        place = f"(dumps(found).decode() if (found := {place}) is not None else None)"
    compiled: Reader = eval(f"lambda rows: [{place} for row in rows]", {"dumps": orjson.dumps})
    return compiled


def at(data: Any, path: str) -> Any:
    """What an answer holds at a dotted path; None when it ends before."""
    for name in path.split("."):
        data = data.get(name) if isinstance(data, dict) else None
    return data


def pages(session: requests.Session, feed: dict[str, Any]) -> Iterator[tuple[dict[str, Any], int]]:
    """Yields the answers with their sizes."""
    params, body = dict(feed["params"]), deepcopy(feed["body"])
    while True:
        if body is None:
            content = session.get(feed["url"], params=params).content
        else:
            content = session.post(feed["url"], json=body).content
        answer = orjson.loads(content)
        yield answer, len(content)
        marker = at(answer, feed["marker"])
        if not marker or (feed["has_more"] and not at(answer, feed["has_more"])):
            return
        if body is None:
            params[feed["marker_param"]] = marker
        else:
            *parents, last = feed["marker_param"].split(".")
            place = body
            for name in parents:
                place = place[name]
            place[last] = marker


def main(feed: dict[str, Any], times: int, path: str) -> None:
    """Fetches the pages and writes them, so many times."""
    columns = [(name, reader(place, kind), TYPES[kind]) for name, place, kind in feed["columns"]]
    schema = pa.schema([(name, type_) for name, _, type_ in columns])
    session = requests.Session()
    session.headers.update(feed["headers"])
    count = size = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for _ in range(times):
            for answer, length in pages(session, feed):
                rows = at(answer, feed["records"])
                if rows is None:
                    raise RuntimeError(f"an answer without records: {str(answer)[:500]}")
                arrays = [pa.array(read(rows)).cast(type_) for _, read, type_ in columns]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
                count, size = count + len(rows), size + length
    say(rows=count, bytes=size, file_bytes=Path(path).stat().st_size)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]), sys.argv[3])
