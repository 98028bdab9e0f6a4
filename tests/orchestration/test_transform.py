"""What dbt left out is reported to Dagster, once, before what reads it and as it was shown last."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import dagster as dg
from hypothesis import given
from hypothesis import strategies as st

from orchestration.defs.transform import _with_standing


@st.composite
def _graphs(draw: st.DrawFn) -> tuple[dict[dg.AssetKey, set[dg.AssetKey]], set[dg.AssetKey]]:
    """Assets in an order that dbt may build them in, with their parents; and those left out."""
    count = draw(st.integers(1, 9))
    keys = [dg.AssetKey(f"asset_{draw(st.integers(0, 99))}_{number}") for number in range(count)]
    parents = {
        key: draw(st.sets(st.sampled_from(keys[:number]))) if number else set()
        for number, key in enumerate(keys)
    }
    return parents, draw(st.sets(st.sampled_from(keys)))


@given(_graphs())
def test_each_comes_once_and_after_its_parents(
    graph: tuple[dict[dg.AssetKey, set[dg.AssetKey]], set[dg.AssetKey]],
) -> None:
    parents, left_out = graph
    context: Any = SimpleNamespace(
        assets_def=SimpleNamespace(asset_deps=parents),
        selected_asset_keys=set(parents),
        asset_key_for_output=lambda name: dg.AssetKey(name),
        instance=SimpleNamespace(get_asset_records=lambda _: []),
    )
    events = [dg.Output(None, key.path[0]) for key in parents if key not in left_out]
    told: list[dg.AssetKey] = []
    for event in _with_standing(context, iter(events)):
        if isinstance(event, dg.MaterializeResult):
            assert event.asset_key in left_out
            told.append(event.asset_key)
        else:
            told.append(dg.AssetKey(event.output_name))
        assert parents[told[-1]] <= set(told)
    assert sorted(told) == sorted(parents)


def test_a_table_that_stands_keeps_its_rows_and_columns() -> None:
    fact, view = dg.AssetKey("fact"), dg.AssetKey("view")
    schema = dg.TableSchema([dg.TableColumn("one", "integer")])
    metadata = {"dagster/row_count": 3, "dagster/column_schema": schema, "seconds": 0.5}
    with dg.DagsterInstance.ephemeral() as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization(fact, metadata=metadata))
        context: Any = SimpleNamespace(
            assets_def=SimpleNamespace(asset_deps={fact: {view}, view: set()}),
            selected_asset_keys={fact, view},
            instance=instance,
        )
        shown = {event.asset_key: event.metadata for event in _with_standing(context, iter(()))}
    kept = shown[fact]
    assert kept["dagster/row_count"].value == 3
    assert kept["dagster/column_schema"].value == schema
    assert kept["state"] == shown[view]["state"] == "unchanged"
    assert "seconds" not in kept
