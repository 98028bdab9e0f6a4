"""A small lake for the tests of ``dbt_project``: raw rows, the sync log and the registry exports.

It writes what the pipeline writes, with nothing of the pipeline: a test says which sync covered
which days of which account and what came back, and ``FixtureLake`` puts the Parquet files there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from lake_schemas import (
    ACKNOWLEDGEMENTS,
    COMPACTED,
    CONNECTIONS,
    DECLARED,
    LOG,
    ORGANIZATIONS,
    OWN_RATES,
    PLATFORMS,
    raw_schema,
)

CREATED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Account:
    """One platform account of an organization."""

    organization: str
    id: str
    currency: str = "EUR"
    zone: str = "Europe/Berlin"
    platform: str = "google_ads"

    @property
    def connection_id(self) -> str:
        """The id that outlives removing and adding the account again."""
        natural = f"{self.organization}\x1f{self.platform}\x1f{self.id}"
        return hashlib.sha256(natural.encode()).hexdigest()[:32]


RATES = Account("_shared", "ecb", "EUR", "Europe/Berlin", "exchange_rates")


@dataclass
class FixtureLake:
    """Writes one lake; every method that pulls returns the sync's id.

    Args:
        home: the TRIBUTARY_HOME to fill.
    """

    home: Path
    organizations: dict[str, dict[str, Any]] = field(default_factory=dict)
    connections: dict[str, dict[str, Any]] = field(default_factory=dict)
    own_rates: dict[tuple[str, date], dict[str, Any]] = field(default_factory=dict)
    _count: int = 0

    def __post_init__(self) -> None:
        for platform, stream in DECLARED:
            schema = raw_schema(platform, stream)
            self._write(f"raw/{platform}/{stream}", "empty", schema, [])
            compacted = self.home / "lake/raw" / platform / stream / "compacted=1970-01-01"
            compacted.mkdir(parents=True)
            table = pa.schema([*schema, *COMPACTED]).empty_table()
            pq.write_table(table, compacted / "empty.parquet")
        self._write("syncs", "empty", LOG, [])
        self._registry("organizations", ORGANIZATIONS, [])
        self._registry("connections", CONNECTIONS, [])
        self._registry("own_rates", OWN_RATES, [])
        self.acknowledge([])
        names = [
            ("google_ads", "Google Ads", "ads"),
            ("meta_ads", "Meta Ads", "ads"),
            ("shopify", "Shopify", "commerce"),
            ("files", "Files", "file"),
            ("exchange_rates", "ECB rates", "file"),
        ]
        rows = [
            {
                "platform": name,
                "display_name": display,
                "category": category,
                "api_version": "v26",
                "api_sunset": None,
                "requests_per_second": 5.0,
                "is_active": True,
                "shared": name == "exchange_rates",
                "lookback_days": 30 if category == "ads" else 0,
            }
            for name, display, category in names
        ]
        self._registry("platforms", PLATFORMS, rows)

    def organization(self, name: str, reporting_currency: str = "USD", **more: Any) -> None:
        """Adds an organization or changes one."""
        self.organizations[name] = {
            "organization_id": name,
            "name": name.title(),
            "plan": "standard",
            "reporting_currency": reporting_currency,
            "time_zone": "UTC",
            "fiscal_year_start_month": 1,
            "status": "active",
            "created_at": CREATED,
            **more,
        }
        rows = list(self.organizations.values())
        self._registry("organizations", ORGANIZATIONS, rows)

    def connection(
        self, account: Account, status: str = "active", sync_frequency: str = "daily"
    ) -> None:
        """Adds a connection or changes it."""
        self.connections[account.connection_id] = {
            "connection_id": account.connection_id,
            "organization_id": account.organization,
            "platform": account.platform,
            "account_id": account.id,
            "account_name": f"Account {account.id}",
            "account_currency": account.currency,
            "account_time_zone": account.zone,
            "status": status,
            "sync_frequency": sync_frequency,
            "start_date": date(2026, 1, 1),
            "created_at": CREATED,
            "removed_at": CREATED if status == "removed" else None,
        }
        self._registry("connections", CONNECTIONS, list(self.connections.values()))

    def own_rate(
        self,
        currency: str,
        units: str | None,
        base: str,
        first: date,
        last: date | None = None,
        provider: str = "central bank",
    ) -> None:
        """States a rate of one's own, or changes it; no units take it away."""
        self.own_rates.pop((currency, first), None)
        if units is not None:
            self.own_rates[currency, first] = {
                "currency": currency,
                "base_currency": base,
                "units_per_base": Decimal(units),
                "valid_from": first,
                "valid_to": last,
                "provider": provider,
            }
        self._registry("own_rates", OWN_RATES, list(self.own_rates.values()))

    def acknowledge(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Replaces all acknowledged alerts."""
        self._registry("alert_acknowledgements", ACKNOWLEDGEMENTS, rows)

    def next_sync_id(self, at: datetime) -> str:
        """A text that sorts like a UUIDv7 of ``at`` and is never given twice."""
        self._count += 1
        millis = int(at.timestamp() * 1000)
        text = f"{millis:012x}7{self._count % 4096:03x}8{self._count:015x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def pull(
        self,
        account: Account,
        stream: str,
        at: datetime,
        rows: Iterable[Mapping[str, Any]] = (),
        window: tuple[date, date] | None = None,
        *,
        status: str = "succeeded",
        committed_at: datetime | None = None,
        sync_id: str | None = None,
        chunk_id: int = 0,
        rejected: int = 0,
        logged: bool = True,
        kind: str | None = None,
        hidden_before: datetime | None = None,
        left_days: Sequence[date] = (),
    ) -> str:
        """One sync of one stream of one account: its raw rows, then its log row.

        Args:
            account: whose numbers they are.
            stream: stream name.
            at: when the chunk's fetch started.
            rows: raw rows without the system columns.
            window: first day and end (not included) of a report; None for a complete list.
            status: ``failed`` leaves raw rows that do not count.
            committed_at: when it became visible; default a minute after ``at``.
            sync_id: to add a chunk to an earlier sync.
            chunk_id: number of the chunk within the sync.
            rejected: rows that went to quarantine; they are not among ``rows``.
            logged: False leaves raw rows of a chunk that was never committed.
            left_days: of a file's report: days that it leaves as they were.
            kind: of the stream; default ``report`` with a window, ``snapshot`` without.
            hidden_before: records made before it were not shown.
        """
        sync_id = sync_id or self.next_sync_id(at)
        stamp = {
            "_organization_id": account.organization,
            "_connection_id": account.connection_id,
            "_sync_id": sync_id,
            "_chunk_id": chunk_id,
            "_synced_at": at,
            "_extra": None,
        }
        schema = raw_schema(account.platform, stream)
        full = [dict.fromkeys(schema.names) | dict(row) | stamp for row in rows]
        for row in full:
            if "customer_id" in row and account.platform == "google_ads":
                row["customer_id"] = account.id
        unique = f"{sync_id}-{chunk_id:03d}-{account.connection_id[:6]}"
        if full:
            self._write(f"raw/{account.platform}/{stream}", unique, schema, full, at)
        if not logged:
            return sync_id
        log = dict.fromkeys(LOG.names) | {
            "sync_id": sync_id,
            "organization_id": account.organization,
            "connection_id": account.connection_id,
            "platform": account.platform,
            "account_id": account.id,
            "stream": stream,
            "kind": kind or ("report" if window else "snapshot"),
            "chunk_id": chunk_id,
            "window_from": _midnight(window[0]) if window else None,
            "window_to": _midnight(window[1]) if window else None,
            "hidden_before": hidden_before,
            "status": status,
            "mode": "incremental",
            "fetch_started_at": at,
            "committed_at": committed_at or at + timedelta(minutes=1),
            "rows": len(full),
            "rejected_rows": rejected,
            "bytes": 100 * len(full),
            "requests": 1,
            "retries": 0,
            "duration_seconds": 0.5,
            "error_class": None if status == "succeeded" else "AuthRejected",
            "error_message": None if status == "succeeded" else "token revoked",
            "account_name": f"Account {account.id}",
            "account_currency": account.currency,
            "account_time_zone": account.zone,
            "clock_carried_seconds": 0.0,
            "run_id": "run",
            "object_schema": json.dumps({"left_days": [str(day) for day in left_days]})
            if left_days
            else None,
        }
        # As an earlier version wrote it, unless it is about that column.
        column = LOG.get_field_index("hidden_before")
        self._write(
            "syncs", f"{unique}-{stream}", LOG if hidden_before else LOG.remove(column), [log], at
        )
        return sync_id

    def forget(self, account: Account) -> None:
        """Removes an account's organization, connection, log and rows, as an erasure does."""
        del self.organizations[account.organization]
        del self.connections[account.connection_id]
        self._registry("organizations", ORGANIZATIONS, list(self.organizations.values()))
        self._registry("connections", CONNECTIONS, list(self.connections.values()))
        for path in (self.home / "lake").rglob(f"*-{account.connection_id[:6]}*.parquet"):
            path.unlink()

    def uncommit(self, account: Account, stream: str, at: datetime) -> None:
        """Takes the log row of a sync away, as if it had never been committed."""
        millis = f"{int(at.timestamp() * 1000):012x}"
        pattern = f"{millis[:8]}-{millis[8:]}-*{account.connection_id[:6]}-{stream}.parquet"
        (path,) = (self.home / "lake" / "syncs").rglob(pattern)
        path.unlink()

    def pull_rates(
        self,
        at: datetime,
        window: tuple[date, date],
        rates: Mapping[date, Mapping[str, str | Decimal]],
    ) -> str:
        """A sync of the reference rates: ``rates[day][currency]`` units for one euro."""
        rows = [
            {"date": day, "currency": currency, "rate": Decimal(rate)}
            for day, by_currency in rates.items()
            for currency, rate in by_currency.items()
        ]
        return self.pull(RATES, "reference_rates", at, rows, window)

    def _registry(self, name: str, schema: pa.Schema, rows: Sequence[Mapping[str, Any]]) -> None:
        path = self.home / "lake" / "registry" / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path)

    def _write(
        self,
        folder: str,
        name: str,
        schema: pa.Schema,
        rows: Sequence[Mapping[str, Any]],
        at: datetime | None = None,
    ) -> None:
        day = at.date() if at else date(1970, 1, 1)
        path = self.home / "lake" / folder / f"synced={day}" / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        table = pa.Table.from_pylist(list(rows), schema=schema)
        pq.write_table(table, path, compression="zstd")


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def campaign_row(
    day: date,
    campaign: str,
    impressions: int = 100,
    clicks: int = 10,
    spend: str = "1.00",
    conversions: float = 1.0,
    value: float = 5.0,
    **more: Any,
) -> dict[str, Any]:
    """A raw report row; ``spend`` is money, written as micros. More keys make it another grain."""
    return {
        "date": day,
        "campaign_id": campaign,
        "impressions": impressions,
        "clicks": clicks,
        "cost_micros": int(Decimal(spend) * 1_000_000),
        "conversions": conversions,
        "conversions_value": value,
        **more,
    }


def listed_campaign(
    campaign: str,
    name: str | None = None,
    status: str = "ENABLED",
    kind: str = "SEARCH",
    budget: str = "50.00",
) -> dict[str, Any]:
    """A row of a complete list of campaigns."""
    return {
        "campaign_id": campaign,
        "name": name or f"Campaign {campaign}",
        "status": status,
        "advertising_channel_type": kind,
        "start_date_time": datetime(2026, 1, 1),
        "end_date_time": None,
        "budget_id": f"b{campaign}",
        "budget_amount_micros": int(Decimal(budget) * 1_000_000),
        "budget_period": "DAILY",
    }
