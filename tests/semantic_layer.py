"""The project's semantic layer as MetricFlow reads it, asked on a published file.

MetricFlow turns names of metrics into SQL; it is the referee of what `models/semantic` states.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantic_interfaces.implementations.semantic_manifest import (
    PydanticSemanticManifest,
)
from metricflow_semantic_interfaces.transformations.semantic_manifest_transformer import (
    PydanticSemanticManifestTransformer,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from orchestration.dbt_manifest import SEMANTIC_FILE
from tests.parsed_project import parsed_project


class SemanticLayer:
    """Answers questions in metrics from one published file.

    Args:
        published: the DuckDB file.
    """

    def __init__(self, published: Path) -> None:
        stated = (parsed_project() / SEMANTIC_FILE).read_text()
        self.manifest = PydanticSemanticManifestTransformer.transform(
            PydanticSemanticManifest.parse_raw(stated)
        )
        self._connection = duckdb.connect()
        # The models are of this database in the project; in the file they have the same names.
        self._connection.execute(f"attach '{published}' as serve (read_only)")
        lookup = SemanticManifestLookup(self.manifest)
        self._engine = MetricFlowEngine(lookup, _Client())  # type: ignore[arg-type]

    def ask(self, metrics: Sequence[str], by: Sequence[str]) -> list[dict[str, Any]]:
        """Returns the rows that MetricFlow's SQL gives: metrics by dimensions."""
        request = MetricFlowQueryRequest.create(
            metric_names=list(metrics), group_by_names=list(by), order_by_names=list(by)
        )
        sql = self._engine.explain(request).sql_statement.sql
        found = self._connection.execute(sql)
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


class _Client:
    """What MetricFlow has to know of DuckDB to write SQL; it runs none itself."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()
