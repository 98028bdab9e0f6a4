"""Each metric of the semantic layer gives the marts' own numbers, as MetricFlow asks for them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.end_to_end.conftest import Releases, the_last_release
from tests.semantic_layer import SemanticLayer

ROWS = {
    "organization": ("date_day", []),
    "platform": ("date_day", ["platform"]),
    "campaign": ("date_day", ["platform", "account_id", "campaign_id"]),
    "shop": ("date_day", ["platform", "account_id"]),
    "web": ("date_day", ["platform", "property_id"]),
    "email": ("first_day", ["platform", "account_id", "message_id"]),
    "affiliate": ("date_day", ["platform", "account_id", "affiliate_id", "offer_id"]),
    "product": ("date_day", ["platform", "account_id", "product_id", "variant_id"]),
    "pipeline": (
        "date_month",
        ["platform", "account_id", "pipeline_name", "stage_name", "channel", "attributed_platform"],
    ),
    "funnel": ("date_day", ["platform", "account_id", "funnel", "step_number"]),
}
"""Semantic model -> the day, and what else tells apart the rows of its mart."""
NO_METRIC = {
    "date_key",
    "sort_number",
    "stage_order",
    "step_number",
    *("platforms", "active_campaigns", "analytics_properties", "accounts", "deals_in_stage"),
    # People are not added up; MetricFlow would. Those of mails are, for the mails' rates.
    *("active_users", "total_users", "new_users", "rate_of_first_step"),
    ("affiliate", "unique_clicks"),
    # One order may have several products.
    ("product", "orders"),
    ("shop", "orders_hidden_before"),
    # What the organization has beside a property: metrics of `organization`.
    *(("web", name) for name in ("orders", "analytics_to_confirmed", "shop_conversion_rate")),
    *(
        ("web", f"{name}_reporting")
        for name in ("platform_conversion_value", "gross_revenue", "net_revenue")
    ),
}
"""Numbers of the marts that are no metric, of any model or of one."""
EARLIER = re.compile(r"_(previous_\w+|month_to_date)$|^expected_final_")
"""Of another period, for MetricFlow shifts a metric in time itself; or an estimate."""


@pytest.fixture(scope="module")
def layers() -> dict[str, SemanticLayer]:
    return {}


def _layer(layers: dict[str, SemanticLayer], releases: Releases, index: int) -> SemanticLayer:
    path = releases.files[index]
    return layers.setdefault(str(path), SemanticLayer(path))


def _models(layer: SemanticLayer) -> Iterator[tuple[str, str, str]]:
    """Name of each semantic model with metrics, the entity that is a row, and its mart."""
    for model in layer.manifest.semantic_models:
        if model.primary_entity:
            yield model.name, model.primary_entity, model.node_relation.alias


@the_last_release
def test_each_total_and_ratio_of_the_daily_marts_is_a_metric(
    releases: Releases, index: int, layers: dict[str, SemanticLayer]
) -> None:
    layer = _layer(layers, releases, index)
    stated = {metric.name for metric in layer.manifest.metrics}
    models = {name: mart for name, _, mart in _models(layer)}
    assert models.keys() == ROWS.keys()
    with releases.open(index) as release:
        for subject, mart in models.items():
            columns = release.execute(
                "select column_name from information_schema.columns where table_name = ? "
                "and data_type not in ('VARCHAR', 'BOOLEAN', 'DATE', 'TIMESTAMP')",
                [mart],
            ).fetchall()
            owed = {
                f"{subject}_{column}"
                for (column,) in columns
                if not {column, (subject, column)} & NO_METRIC and not EARLIER.search(column)
            }
            own = {name for name in stated if name.startswith(f"{subject}_")}
            missing = {name for name in own if "_days_lacking_" not in name} ^ owed
            assert not missing, missing


@the_last_release
@pytest.mark.parametrize("subject", ROWS)
def test_each_metric_is_the_column_of_its_mart(
    releases: Releases, index: int, layers: dict[str, SemanticLayer], subject: str
) -> None:
    layer = _layer(layers, releases, index)
    (entity, mart), *_ = [(row, mart) for name, row, mart in _models(layer) if name == subject]
    day, others = ROWS[subject]
    prefix = f"{subject}_"
    metrics = [
        metric.name
        for metric in layer.manifest.metrics
        if metric.name.startswith(prefix) and not metric.name.startswith(f"{prefix}days_lacking_")
    ]
    time = "month" if day == "date_month" else "day"
    by = ["organization", f"metric_time__{time}", *(f"{entity}__{name}" for name in others)]
    columns = [name.removeprefix(prefix) for name in metrics]
    with releases.open(index) as release:
        expected = {
            tuple(map(str, row[: len(by)])): row[len(by) :]
            for row in release.execute(
                f"select organization_id, {day}::timestamp, {', '.join([*others, *columns])} "
                f"from {mart}"
            ).fetchall()
        }
    found = {
        tuple(str(row[name]) for name in by): tuple(row[name] for name in metrics)
        for row in layer.ask(metrics, by)
    }
    assert found.keys() == expected.keys()
    for key, values in found.items():
        for name, value, other in zip(metrics, values, expected[key], strict=True):
            assert _number(value) == _number(other), (name, key)


def _number(value: Any) -> Any:
    return None if value is None else pytest.approx(float(value), rel=1e-9)


@the_last_release
def test_ratios_of_months_are_those_of_the_monthly_mart(
    releases: Releases, index: int, layers: dict[str, SemanticLayer]
) -> None:
    names = ["platform_roas", "mer", "cac_reporting", "aov_reporting", "cpa_reporting"]
    metrics = [f"organization_{name}" for name in names]
    by = ["organization", "metric_time__month"]
    with releases.open(index) as release:
        expected = {
            row[:2]: row[2:]
            for row in release.execute(
                f"select organization_id, date_month::timestamp, {', '.join(names)} "
                "from mart_kpi_monthly"
            ).fetchall()
        }
    found = {
        tuple(row[name] for name in by): tuple(row[name] for name in metrics)
        for row in _layer(layers, releases, index).ask(metrics, by)
    }
    assert len(found) > 1
    for key, values in found.items():
        assert [*map(_number, values)] == [*expected[key]], key
