"""The registry as Parquet for dbt: a file for each table that models read; no secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.acknowledgements import Acknowledgement
from warehouse.durable_files import replacing, sweep_temporaries
from warehouse.home import Home
from warehouse.own_rates import OwnRate
from warehouse.registry_records import Connection, Organization, PlatformRecord

_INSTANT = pa.timestamp("us", tz="UTC")

_ORGANIZATIONS_FIELDS: list[pa.Field[Any]] = [
    pa.field("organization_id", pa.string()),
    pa.field("name", pa.string()),
    pa.field("plan", pa.string()),
    pa.field("reporting_currency", pa.string()),
    pa.field("time_zone", pa.string()),
    pa.field("fiscal_year_start_month", pa.int32()),
    pa.field("status", pa.string()),
    pa.field("created_at", _INSTANT),
]
ORGANIZATIONS_SCHEMA = pa.schema(_ORGANIZATIONS_FIELDS)

_CONNECTIONS_FIELDS: list[pa.Field[Any]] = [
    pa.field("connection_id", pa.string()),
    pa.field("organization_id", pa.string()),
    pa.field("platform", pa.string()),
    pa.field("account_id", pa.string()),
    pa.field("account_name", pa.string()),
    pa.field("account_currency", pa.string()),
    pa.field("account_time_zone", pa.string()),
    pa.field("status", pa.string()),
    pa.field("sync_frequency", pa.string()),
    pa.field("start_date", pa.date32()),
    pa.field("created_at", _INSTANT),
    pa.field("removed_at", _INSTANT),
]
CONNECTIONS_SCHEMA = pa.schema(_CONNECTIONS_FIELDS)

_PLATFORMS_FIELDS: list[pa.Field[Any]] = [
    pa.field("platform", pa.string()),
    pa.field("display_name", pa.string()),
    pa.field("category", pa.string()),
    pa.field("api_version", pa.string()),
    pa.field("api_sunset", pa.date32()),
    pa.field("requests_per_second", pa.float64()),
    pa.field("is_active", pa.bool_()),
    pa.field("shared", pa.bool_()),
    pa.field("lookback_days", pa.int32()),
]
PLATFORMS_SCHEMA = pa.schema(_PLATFORMS_FIELDS)

_ACKNOWLEDGEMENTS_FIELDS: list[pa.Field[Any]] = [
    pa.field("organization_id", pa.string()),
    pa.field("alert_key", pa.string()),
    pa.field("rule_id", pa.string()),
    pa.field("scope_type", pa.string()),
    pa.field("scope", pa.string()),
    pa.field("first_day", pa.date32()),
    pa.field("last_day", pa.date32()),
    pa.field("acknowledged_at", _INSTANT),
    pa.field("acknowledged_by", pa.string()),
    pa.field("note", pa.string()),
]
ACKNOWLEDGEMENTS_SCHEMA = pa.schema(_ACKNOWLEDGEMENTS_FIELDS)

_OWN_RATES_FIELDS: list[pa.Field[Any]] = [
    pa.field("currency", pa.string()),
    pa.field("base_currency", pa.string()),
    pa.field("units_per_base", pa.decimal128(20, 8)),
    pa.field("valid_from", pa.date32()),
    pa.field("valid_to", pa.date32()),
    pa.field("provider", pa.string()),
]
OWN_RATES_SCHEMA = pa.schema(_OWN_RATES_FIELDS)


def write_export(
    home: Home,
    organizations: Sequence[Organization],
    connections: Sequence[Connection],
    platforms: Sequence[PlatformRecord],
    own_rates: Sequence[OwnRate],
    acknowledgements: Sequence[Acknowledgement] = (),
) -> None:
    """Replaces the files of lake/registry, one for each table.

    Raises:
        LakeFull: the disk is full; the files are whole, old or new.
    """
    directory = home.registry_dir
    sweep_temporaries(directory)
    exports: tuple[tuple[str, pa.Schema, Sequence[Any]], ...] = (
        ("organizations", ORGANIZATIONS_SCHEMA, organizations),
        ("connections", CONNECTIONS_SCHEMA, connections),
        ("platforms", PLATFORMS_SCHEMA, platforms),
        ("own_rates", OWN_RATES_SCHEMA, own_rates),
    )
    for name, schema, records in exports:
        _write(directory / f"{name}.parquet", schema, [asdict(record) for record in records])
    acknowledged = [asdict(one) | asdict(one.run) for one in acknowledgements]
    place = directory / "alert_acknowledgements.parquet"
    _write(place, ACKNOWLEDGEMENTS_SCHEMA, acknowledged)


def _write(path: Path, schema: pa.Schema, records: list[dict[str, Any]]) -> None:
    columns = {name: [record[name] for record in records] for name in schema.names}
    with replacing(path) as temporary:
        pq.write_table(pa.table(columns, schema=schema), temporary, store_schema=False)
