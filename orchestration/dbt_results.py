"""What a build of dbt is asked for by a Dagster run, and what Dagster is shown of it."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration import dbt
from orchestration.check_names import check_name, finding, full_name, model_of
from orchestration.column_lineage import ColumnLineage
from orchestration.dbt_process import DbtProcess, NodeResult
from orchestration.defs import tags
from orchestration.failed_steps import in_words
from warehouse.home import Home

_BUILT = {"success"}
_KEPT = {"pass", "warn", "fail", "error", "runtime error"}
"""How a test ends that has run."""
_SHOWN = 20


class Results:
    """One build, between dbt and Dagster.

    Every test that runs is shown as an asset check, whichever assets the run selected: a test of
    two tables is due when either was rewritten.

    Args:
        context: of the step that builds.
        manifest: dbt's, as a dictionary.
        home: whose build it is.
    """

    def __init__(
        self, context: dg.AssetExecutionContext, manifest: Mapping[str, Any], home: Home
    ) -> None:
        self._context, self._home = context, home
        self._nodes: Mapping[str, Any] = manifest["nodes"]
        self._lineage = ColumnLineage(manifest, home)
        self._held: list[NodeResult] = []

    def arguments(self) -> list[str]:
        """Returns the arguments for `tributary-dbt`: all models, or those that were selected.

        Checks alone are run whatever they said last: somebody asked for them.
        """
        assets = self._context.selected_asset_keys
        if not assets:
            checks = self._context.selected_asset_check_keys
            asked = {(key.asset_key.path[-1], key.name) for key in checks}
            tests = [n["name"] for n in self._tests() if (model_of(n), check_name(n)) in asked]
            return dbt.test_arguments(tests)
        models = [n for n in self._nodes.values() if n["resource_type"] in {"model", "seed"}]
        chosen = [n for n in models if dg.AssetKey([n["name"]]) in assets]
        is_whole = self._context.run.tags.get(tags.BUILD) == tags.WHOLE
        if is_whole or len(chosen) == len(models):
            return dbt.build_arguments()
        return dbt.build_arguments(sorted(".".join(node["fqn"]) for node in chosen))

    def events(self, process: DbtProcess) -> Iterator[Any]:
        """Yields an output of each model and seed as it is built, and the checks that have run."""
        for result in process.results():
            node = self._nodes.get(result.id)
            if node is None:
                continue
            if node["resource_type"] == "test":
                if result.status in _KEPT:
                    self._held.append(result)
            elif result.status in _BUILT:
                yield self._output(node, result)
        # dbt says why a test failed once all have run.
        for result in self._held:
            yield self._check(self._nodes[result.id], result, process.reasons.get(result.id, ""))
        if not process.exit_code:
            yield from self._unchanged()

    def raise_on_failure(self, process: DbtProcess) -> None:
        """Ends the step with what failed and what to do, unless all was built and passed.

        Raises:
            dagster.Failure: the first line names the first model or check that failed.
        """
        if not process.exit_code:
            return
        failed = {
            key: reason for key, reason in process.reasons.items() if not self._only_warned(key)
        }
        lines = [self._failure(key, reason) for key, reason in failed.items()]
        lines += process.errors if not lines else []
        if not lines:
            lines = [f"dbt ended with exit code {process.exit_code}", *process.printed]
        said = "\n".join(lines[:_SHOWN])
        if len(lines) > _SHOWN:
            said += f"\nand {len(lines) - _SHOWN} more: `tributary status` lists what holds back"
        raise dg.Failure(in_words(said, self._home.path), allow_retries=False)

    def _unchanged(self) -> Iterator[dg.AssetCheckResult]:
        """Selected checks that a good build left out: their tables are those on which they passed.

        Without a result of this run the page would show them as skipped.
        """
        ran = {self._check_key(self._nodes[held.id]) for held in self._held}
        for key in sorted(self._context.selected_asset_check_keys - ran):
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=True,
                description="holds; its tables have not changed since it was tested",
            )

    def _check_key(self, test: Mapping[str, Any]) -> dg.AssetCheckKey:
        return dg.AssetCheckKey(dg.AssetKey([model_of(test)]), check_name(test))

    def _only_warned(self, key: str) -> bool:
        return any(held.id == key and held.status == "warn" for held in self._held)

    def _failure(self, key: str, reason: str) -> str:
        node = self._nodes.get(key)
        if node is None:
            return f"{key}: {reason}"
        if node["resource_type"] == "test":
            result = next((held for held in self._held if held.id == key), None)
            said = _finding(node, result, reason)
            return f"check {full_name(node)}: {said}. Nothing is published until it passes"
        return f"model {node['name']}: {reason}. Nothing is published until it is built"

    def _tests(self) -> list[Mapping[str, Any]]:
        return [node for node in self._nodes.values() if node["resource_type"] == "test"]

    def _output(
        self, node: Mapping[str, Any], result: NodeResult
    ) -> dg.Output[None] | dg.AssetMaterialization:
        metadata: dict[str, Any] = {"seconds": round(result.seconds, 2)}
        if result.rows is not None:
            metadata["dagster/row_count"] = result.rows
        if result.types:
            metadata["dagster/column_schema"] = _schema(node, result.types)
            lineage = self._lineage.of(node["name"], result)
            if lineage:
                metadata["dagster/column_lineage"] = lineage
        key = dg.AssetKey([node["name"]])
        if key not in self._context.selected_asset_keys:
            # It was left behind, or reads the clock: built, though the run did not plan it.
            return dg.AssetMaterialization(key, metadata=metadata)
        return dg.Output(None, output_name=key.to_python_identifier(), metadata=metadata)

    def _check(
        self, node: Mapping[str, Any], result: NodeResult, reason: str
    ) -> dg.AssetCheckResult | dg.AssetCheckEvaluation:
        key = self._check_key(node)
        passed = result.status == "pass"
        is_selected = key in self._context.selected_asset_check_keys
        shown = dg.AssetCheckResult if is_selected else dg.AssetCheckEvaluation
        severity = dg.AssetCheckSeverity
        return shown(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=passed,
            severity=severity.WARN if result.status == "warn" else severity.ERROR,
            description="holds" if passed else _finding(node, result, reason),
            metadata={"seconds": round(result.seconds, 2), "test": str(node["name"])},
        )


def _finding(node: Mapping[str, Any], result: NodeResult | None, reason: str) -> str:
    if result is None or result.status not in {"fail", "warn"} or not result.failures:
        return reason or "dbt could not run it"
    return finding(node, result.failures)


def _schema(node: Mapping[str, Any], types: Mapping[str, str]) -> dg.TableSchema:
    columns = node.get("columns", {})
    return dg.TableSchema(
        [
            dg.TableColumn(name, kind, description=columns.get(name, {}).get("description"))
            for name, kind in types.items()
        ]
    )
