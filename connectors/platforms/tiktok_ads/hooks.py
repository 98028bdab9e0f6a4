"""Reading TikTok Ads: accounts, lists and reports. Lists in parameters are JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import orjson

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import AccountGone, AuthRejected, TooHeavy
from connectors.core.http import Client
from connectors.core.paginators import PageNumber
from connectors.core.rest import Rest
from connectors.core.stream import Page, Pages
from connectors.core.window import Window
from connectors.platforms.tiktok_ads import schema

VERSION = "v1.3"
API = f"/open_api/{VERSION}/"
DAYS_AT_ONCE = 30
IDS_AT_ONCE = 100
"""As many ids as a filter takes."""
_PAGE = 1000


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _fields(columns: Sequence[Column]) -> Mapping[str, str]:
    """Names the fields of a list; without, an account comes with people's phone numbers."""
    return {"fields": _json([column.source for column in columns])}


def _metrics(columns: Sequence[Column]) -> Mapping[str, str]:
    """Names the metrics of a report, the ids of a row's parents among them."""
    sources = (column.source for column in columns if column.source.startswith(schema.METRICS))
    return {"metrics": _json([source.removeprefix(schema.METRICS) for source in sources])}


def _numbered() -> PageNumber:
    return PageNumber("page", _PAGE, total_path="data.page_info.total_page")


ADVERTISERS = Rest(
    f"{API}advertiser/info/",
    "data.list",
    params={"advertiser_ids": '["{account}"]'},
    columns=schema.ADVERTISERS,
    named=_fields,
)


def _entities(level: str, columns: tuple[Column, ...]) -> Rest:
    """Returns the list of all campaigns, ad groups or ads; the deleted ones must be asked for."""
    return Rest(
        f"{API}{level}/get/",
        "data.list",
        _numbered,
        {
            "advertiser_id": "{account}",
            "page_size": str(_PAGE),
            "filtering": _json({"secondary_status": f"{level.upper()}_STATUS_ALL"}),
        },
        columns=columns,
        named=_fields,
    )


CAMPAIGNS = _entities("campaign", schema.CAMPAIGNS)
AD_GROUPS = _entities("adgroup", schema.AD_GROUPS)
ADS = _entities("ad", schema.ADS)


def report(columns: tuple[Column, ...], level: str, hourly: bool) -> Pages:
    """Returns the function that fetches a report.

    An answer that leaves out rows, for there are too many ids, is asked for again by campaigns.
    """
    whole = Rest(
        f"{API}report/integrated/get/",
        "data.list",
        _numbered,
        {
            "advertiser_id": "{account}",
            "report_type": "BASIC",
            "data_level": f"AUCTION_{level.upper()}",
            "dimensions": _json([f"{level}_id", "stat_time_hour" if hourly else "stat_time_day"]),
            "start_date": "{start}",
            "end_date": "{last_day}",
            # Without an order, pages might overlap.
            "order_field": "spend",
            "order_type": "DESC",
            "page_size": str(_PAGE),
        },
        columns=columns,
        named=_metrics,
        read=_read,
    )
    # Without a status, what was deleted is left out, with all that it spent.
    status = _in(f"{level}_status", ["STATUS_ALL"])

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None, "a report has a window"
        for part in window.split(1 if hourly else DAYS_AT_ONCE):
            yield from of(client, account, part, None)

    def of(
        client: Client, account: Account, window: Window, campaigns: Sequence[str] | None
    ) -> Iterator[Page]:
        filters = [status] if campaigns is None else [status, _in("campaign_ids", campaigns)]
        asked = replace(whole, params={**whole.params, "filtering": _json(filters)})
        answer = asked(client, account, window)
        try:
            first = next(answer)
        except TooHeavy:
            parts = _parts(_campaigns(client, account) if campaigns is None else campaigns)
            if not parts or (len(parts) == 1 and campaigns is not None):
                raise
            yield from chain.from_iterable(of(client, account, window, part) for part in parts)
        else:
            yield first
            yield from answer

    return pages


def discover(client: Client) -> Iterator[Account]:
    """Yields the advertisers that granted the app access.

    Raises:
        AuthRejected: the credential has no `app_id` and `secret`, which this question needs.
    """
    app = {name: client.credential.get(name, "") for name in ("app_id", "secret")}
    if not all(app.values()):
        raise AuthRejected(
            "TikTok lists accounts only to an app that names itself",
            remedy="Add app_id and secret to the credential, or connect each advertiser by its id.",
        )
    for page in Rest(f"{API}oauth2/advertiser/get/", "data.list", params=app)(client, Account("")):
        for record in page.records:
            yield Account(str(record["advertiser_id"]), str(record.get("advertiser_name") or ""))


def describe_account(client: Client, account: Account) -> Account:
    """Returns the advertiser with its present name, currency and time zone.

    Raises:
        AccountGone: TikTok returns nothing about it.
    """
    for page in ADVERTISERS(client, account):
        for record in page.records:
            # `timezone` may be an offset alone, of a clock that changes twice a year.
            time_zone = record.get("display_timezone") or record.get("timezone")
            return account.described(record.get("name"), record.get("currency"), time_zone)
    raise AccountGone(f"TikTok returns nothing about the advertiser {account.id}")


def _in(name: str, values: Sequence[str]) -> dict[str, str]:
    return {"field_name": name, "filter_type": "IN", "filter_value": _json(values)}


def _campaigns(client: Client, account: Account) -> list[str]:
    listed = replace(CAMPAIGNS, columns=schema.CAMPAIGNS[:1])(client, account)
    return [str(record["campaign_id"]) for page in listed for record in page.records]


def _parts(campaigns: Sequence[str]) -> list[Sequence[str]]:
    """Cuts campaigns into as many as a filter takes, or into halves."""
    size = min(IDS_AT_ONCE, (len(campaigns) + 1) // 2)
    return [campaigns[n : n + size] for n in range(0, len(campaigns), size or 1)]


def _read(record: dict[str, Any]) -> dict[str, Any]:
    """Reads a report row: its time as date and hour, and null for the metrics that are `-`."""
    about, metrics = record.get("dimensions"), record.get("metrics")
    if not isinstance(about, dict) or not isinstance(metrics, dict):
        return record
    rest = dict(about)
    if "stat_time_hour" in rest:
        rest["date"], _, rest["hour"] = str(rest.pop("stat_time_hour")).partition(" ")
        rest["hour"] = rest["hour"].removesuffix(":00:00")
    elif "stat_time_day" in rest:
        rest["date"] = str(rest.pop("stat_time_day")).removesuffix(" 00:00:00")
    return record | {
        "dimensions": rest,
        "metrics": {name: None if value == "-" else value for name, value in metrics.items()},
    }
