"""dlt at its best fair setting on the same pages: `rest_api`, Parquet as load format, no nesting.

It runs in an environment of its own (`benchmarks/requirements-dlt.txt`), so it imports nothing of
ours.

    python benchmarks/dlt_path.py FEED.json DESTINATION FOLDER     (duckdb or filesystem)
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

# Read when dlt is imported.
os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "CRITICAL"}

import dlt
from dlt.sources.rest_api import rest_api_source


def endpoint(feed: dict[str, Any]) -> dict[str, Any]:
    """The feed as dlt's `rest_api` wants it."""
    paginator = {"type": "cursor", "cursor_path": feed["marker"]}
    paginator["cursor_param" if feed["body"] is None else "cursor_body_path"] = feed["marker_param"]
    if feed["has_more"].endswith("hasNextPage"):
        paginator["has_more_path"] = feed["has_more"]
    elif feed["has_more"]:
        # The marker stands on the last page too; what follows it is an empty one.
        paginator["stop_after_empty_page"] = True
    path = feed["url"].partition("://")[2].partition("/")[2]
    found = {"path": path, "data_selector": feed["records"], "paginator": paginator}
    if feed["body"] is None:
        return {**found, "params": feed["params"]}
    # A brace in a text would begin one of dlt's own expressions.
    body = {
        name: value.replace("{", "{{").replace("}", "}}") if isinstance(value, str) else value
        for name, value in feed["body"].items()
    }
    return {**found, "method": "POST", "json": body}


def main(feed: dict[str, Any], destination: str, folder: Path) -> None:
    """Loads the feed and tells how many rows arrived and what it cost."""
    scheme, _, rest = feed["url"].partition("://")
    source = rest_api_source(
        {
            "client": {
                "base_url": f"{scheme}://{rest.partition('/')[0]}/",
                "headers": feed["headers"],
            },
            "resources": [{"name": "records", "endpoint": endpoint(feed)}],
        }
    )
    source.max_table_nesting = 0
    target = (
        dlt.destinations.duckdb(str(folder / "dlt.duckdb"))
        if destination == "duckdb"
        else dlt.destinations.filesystem((folder / "files").as_uri())
    )
    pipeline = dlt.pipeline(
        "bench", destination=target, dataset_name="raw", pipelines_dir=str(folder / "state")
    )
    pipeline.run(source, loader_file_format="parquet")
    usage = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "rows": pipeline.last_trace.last_normalize_info.row_counts["records"],
        "peak_bytes": usage.ru_maxrss * 1024,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), sys.argv[2], Path(sys.argv[3]))
