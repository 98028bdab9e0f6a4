"""Writes docs/marts.md from the models and a demo's data: ``python tests/update_marts.py HOME``.

Each mart's yml has under ``config.meta`` a ``question`` and, as ``answer``, SQL that answers it.
The tests compare; this only saves the typing.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

PAGE = Path(__file__).resolve().parents[1] / "docs" / "marts.md"
HEAD = """\
# What each mart answers

One question for each mart, the SQL that answers it, and what it says on the demo's data at its last
clock. Written from the models (`dbt_project/models/marts/*.yml`); `tributary query '…'` runs each.
Here numbers are rounded to two digits behind the point, below 100 to four; a dash is null: unknown.
More questions are in [questions.md](questions.md), all columns in `docs_columns`. The same totals
and ratios are metrics of the semantic layer: see the end.
"""
TAIL = """
## The semantic layer

`dbt_project/models/semantic` has a metric for each total and each ratio of the daily marts, in the
form that dbt's MetricFlow reads. A metric is called after its mart's subject and column:
`organization_mer`, `campaign_ctr`, `shop_net_revenue_reporting`. A ratio is one of sums at any cut,
and null while an amount that it needs is not converted. `organization` groups all of them, so
metrics of several marts stand in one question:

```sh
pip install 'dbt-metricflow[dbt-duckdb]'
export TRIBUTARY_HOME=$PWD/data
cd dbt_project
tributary-dbt parse --target-path target
DBT_PROFILES_DIR=published mf query --metrics organization_mer,shop_refunds_reporting \\
  --group-by organization,metric_time__month
```

It reads the published file (`dbt_project/published/profiles.yml`). The layer is tested with
MetricFlow: each metric against its column of the mart, row by row, and ratios of months against
`mart_kpi_monthly`. `make docs` writes one HTML page with all models, columns and metrics.
"""


def marts(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yields the name and dbt's node of each mart, by name."""
    nodes = manifest["nodes"].values()
    models = (n for n in nodes if n["resource_type"] == "model" and n["name"].startswith("mart_"))
    yield from sorted((node["name"], node) for node in models)


def page(manifest: Mapping[str, Any], published: Path) -> str:
    """Returns the whole page."""
    with duckdb.connect(str(published), read_only=True) as connection:
        parts = [_part(connection, name, node) for name, node in marts(manifest)]
    return "\n".join([HEAD, *parts]) + TAIL


def _part(connection: duckdb.DuckDBPyConnection, name: str, node: Mapping[str, Any]) -> str:
    meta = node["config"]["meta"]
    found = connection.execute(meta["answer"])
    names = [column[0] for column in found.description or []]
    rows = found.fetchall()
    answer = [
        f"| {' | '.join(names)} |",
        f"|{'---|' * len(names)}",
        *(f"| {' | '.join(map(_cell, row))} |" for row in rows),
    ]
    return "\n".join(
        [
            f"## {name}",
            "",
            f"**{meta['question']}**",
            "",
            f"{' '.join(node['description'].split())} Grain: {meta['grain']}.",
            "",
            f"```sql\n{meta['answer'].strip()}\n```",
            "",
            *(answer if rows else ["The demo has no rows of it."]),
            "",
        ]
    )


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, Decimal | float):
        text = f"{value:,.{2 if abs(value) >= 100 else 4}f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return str(value).replace("|", "\\|")


if __name__ == "__main__":
    home = Path(sys.argv[1])
    stated = json.loads((home / "dbt" / "target" / "manifest.json").read_bytes())
    PAGE.write_text(page(stated, home / "published" / "tributary.duckdb"))
