"""The floor: the least that any program does from the same pages to a zstd Parquet file.

`requests`, `orjson`, one list comprehension per column, pyarrow. No retries, no checks of keys or
types beyond Arrow's casts, no unknown fields, no lineage, no fsync, no log.

    python -m benchmarks.floor_path URL CONNECTIONS_YAML WINDOWS FILE
"""

from __future__ import annotations

import sys
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import requests
import yaml

from benchmarks.processes import say

QUERY = (
    "SELECT customer.id, segments.date, campaign.id, ad_group.id, ad_group_ad.ad.id, "
    "metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, "
    "metrics.conversions_value, metrics.interactions, metrics.video_trueview_views, "
    "metrics.view_through_conversions FROM ad_group_ad"
)
TEXT, INT, DOUBLE = pa.string(), pa.int64(), pa.float64()
SCHEMA = pa.schema(
    [
        ("customer_id", TEXT),
        ("date", pa.date32()),
        ("campaign_id", TEXT),
        ("ad_group_id", TEXT),
        ("ad_id", TEXT),
        ("impressions", INT),
        ("clicks", INT),
        ("cost_micros", INT),
        ("conversions", DOUBLE),
        ("conversions_value", DOUBLE),
        ("interactions", INT),
        ("video_trueview_views", INT),
        ("view_through_conversions", INT),
    ]
)


def table_of(rows: list[dict]) -> pa.Table:
    """One page as a table."""
    metrics = [row["metrics"] for row in rows]
    columns = [
        pa.array([row["customer"]["id"] for row in rows]),
        pa.array([row["segments"]["date"] for row in rows]),
        pa.array([row["campaign"]["id"] for row in rows]),
        pa.array([row["adGroup"]["id"] for row in rows]),
        pa.array([row["adGroupAd"]["ad"]["id"] for row in rows]),
        pa.array([m["impressions"] for m in metrics]),
        pa.array([m["clicks"] for m in metrics]),
        pa.array([m["costMicros"] for m in metrics]),
        pa.array([m["conversions"] for m in metrics]),
        pa.array([m["conversionsValue"] for m in metrics]),
        pa.array([m["interactions"] for m in metrics]),
        pa.array([m["videoTrueviewViews"] for m in metrics]),
        pa.array([m["viewThroughConversions"] for m in metrics]),
    ]
    cast = [c.cast(f.type) for c, f in zip(columns, SCHEMA, strict=True)]
    return pa.Table.from_arrays(cast, schema=SCHEMA)


def main(url: str, connections: str, windows: int, path: str) -> None:
    """Fetches the pages of each window and writes them."""
    declared = yaml.safe_load(Path(connections).read_text())
    secrets = declared["credentials"][0]["secrets"]
    account = declared["connections"][0]["account"]
    session = requests.Session()
    form = {"grant_type": "refresh_token", **secrets}
    token = session.post(f"{url}/google_ads/token", data=form).json()["access_token"]
    session.headers["Authorization"] = f"Bearer {token}"
    search = f"{url}/google_ads/v26/customers/{account}/googleAds:search"
    count = size = 0
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for _ in range(windows):
            body = {"query": QUERY}
            while True:
                content = session.post(search, json=body).content
                page = orjson.loads(content)
                table = table_of(page["results"])
                writer.write_table(table)
                count, size = count + table.num_rows, size + len(content)
                if "nextPageToken" not in page:
                    break
                body = {"query": QUERY, "pageToken": page["nextPageToken"]}
    say(rows=count, bytes=size, file_bytes=Path(path).stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
