"""From which columns of which tables each column of a table is computed, read from its SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import orjson

from orchestration import dbt_manifest
from orchestration.dbt_process import NodeResult
from warehouse.durable_files import write_bytes
from warehouse.home import Home

FOLDER = "lineage"
_LAYERS = {"star", "marts"}

Sources = dict[str, list[tuple[str, str]]]
"""Column -> table and column of each column that it is computed from."""


class ColumnLineage:
    """The lineage of the tables of one project.

    Reading it takes some tenths of a second a table, so it is kept beside the parsed project and
    read again when the table's own SQL, or the columns of the tables that it reads, have changed.

    Args:
        manifest: dbt's, as a dictionary.
        home: where it is kept.
    """

    def __init__(self, manifest: Mapping[str, Any], home: Home) -> None:
        self._nodes = {
            node["name"]: node
            for node in manifest["nodes"].values()
            if node["resource_type"] in {"model", "seed"}
        }
        self._folder = dbt_manifest.target_path(home) / FOLDER

    def of(self, name: str, result: NodeResult) -> dg.TableColumnLineage | None:
        """Returns what a table's columns are computed from; None of layers that nobody asks for."""
        node = self._nodes[name]
        if node["fqn"][1] not in _LAYERS or result.code is None or not result.code.exists():
            return None
        found = self._kept(node, result.code)
        return dg.TableColumnLineage(
            {
                column: [
                    dg.TableColumnDep(asset_key=dg.AssetKey([table]), column_name=source)
                    for table, source in found.get(column, [])
                    if table in self._nodes
                ]
                for column in result.types
            }
        )

    def _kept(self, node: Mapping[str, Any], code: Path) -> Sources:
        parents = {
            parent["name"]: list(parent["columns"])
            for parent in self._nodes.values()
            if parent["unique_id"] in node["depends_on"]["nodes"]
        }
        words = orjson.dumps([node["checksum"], parents], option=orjson.OPT_SORT_KEYS)
        stamp = hashlib.sha256(words).hexdigest()[:16]
        path = self._folder / f"{node['name']}.json"
        if path.exists():
            kept = orjson.loads(path.read_bytes())
            if kept["of"] == stamp:
                return dict(kept["columns"])
        found = read_lineage(code.read_text(), parents)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, orjson.dumps({"of": stamp, "columns": found}))
        return found


def read_lineage(sql: str, parents: Mapping[str, list[str]]) -> Sources:
    """Reads a query's lineage; each part of the query is looked at once.

    Args:
        sql: a query in DuckDB's words.
        parents: the columns of each table that it may name; what lies in others is left out.
    """
    # Here, since the code location starts without it.
    from sqlglot import MappingSchema, exp, parse_one
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import Scope, traverse_scope

    query = parse_one(sql, dialect="duckdb")
    schema = MappingSchema(dialect="duckdb")
    for table in query.find_all(exp.Table):
        # A table of the same name in `state` holds fingerprints.
        if table.name in parents and table.db != "state":
            columns = dict.fromkeys(parents[table.name], "varchar")
            schema.add_table(table, columns, match_depth=False)
    qualified = qualify(query, schema=schema, dialect="duckdb", validate_qualify_columns=False)
    known: dict[int, list[tuple[str, set[tuple[str, str]]]]] = {}

    def sources(scope: Scope, expression: exp.Expression) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for column in expression.find_all(exp.Column):
            source = scope.sources.get(column.table)
            if isinstance(source, exp.Table):
                found.add((source.name, column.name))
            elif source is not None:
                found |= dict(known.get(id(source), [])).get(column.name, set())
        for inner in expression.find_all(exp.Subquery, exp.Select):
            for nested in scope.subquery_scopes:
                if nested.expression in (inner, inner.this):
                    for _, below in known.get(id(nested), []):
                        found |= below
        return found

    last: list[tuple[str, set[tuple[str, str]]]] = []
    for scope in traverse_scope(qualified):
        if scope.union_scopes:
            sides = [known.get(id(side), []) for side in scope.union_scopes]
            last = [
                (name, set().union(*(side[at][1] for side in sides if at < len(side))))
                for at, (name, _) in enumerate(sides[0])
            ]
        else:
            last = [(one.alias_or_name, sources(scope, one)) for one in scope.expression.selects]
        known[id(scope)] = last
    return {name: sorted(found) for name, found in last}
