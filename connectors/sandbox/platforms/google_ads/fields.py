"""The fields and resources that the sandbox serves, by the names of v23 and later.

One table drives validation, rendering and filters. An attribute is a name, a type
and how to read it from a `Subject`; a metric is a name, a type and how to work it out from the
measures. Names and types were compared with the v26 protobufs (a referee test does so again).
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from connectors.sandbox.platforms.google_ads.ad_texts import descriptions, headlines
from connectors.sandbox.platforms.google_ads.managers import Manager
from connectors.sandbox.platforms.google_ads.settings import SETTINGS
from connectors.sandbox.platforms.google_ads.subjects import (
    Attribute,
    Resource,
    Subject,
    always,
    micros,
)
from connectors.sandbox.platforms.google_ads.views import (
    REGION,
    VIEW_ATTRIBUTES,
    VIEW_NAMES,
    customer_name,
)


def _budget(subject: Subject) -> str:
    return f"{customer_name(subject)}/campaignBudgets/{subject.campaign.budget_id}"


def _end(subject: Subject) -> str | None:
    end = subject.campaign.end
    return None if end is None else f"{end} 23:59:59"


def _assets(texts: list[str], pinned: str = "") -> list[dict[str, str]] | None:
    assets = [{"text": text} for text in texts]
    if assets and pinned:
        assets[0]["pinnedField"] = pinned
    return assets or None


def _primary_status(subject: Subject) -> str:
    end, status = subject.campaign.end, subject.campaign.status.at(subject.clock)
    if status != "ENABLED":
        return status
    today = subject.clock.astimezone(ZoneInfo(subject.account.time_zone)).date()
    return "ENDED" if end is not None and end < today else "ELIGIBLE"


RESOURCE_NAMES: dict[str, Callable[[Subject], str]] = {
    "customer": customer_name,
    "customer_client": lambda s: f"{customer_name(s)}/customerClients/{s.a_client.id}",
    "campaign": lambda s: f"{customer_name(s)}/campaigns/{s.campaign.id}",
    "campaign_budget": _budget,
    "ad_group": lambda s: f"{customer_name(s)}/adGroups/{s.ad_group.id}",
    "ad_group_ad": lambda s: f"{customer_name(s)}/adGroupAds/{s.ad_group.id}~{s.ad.id}",
    "ad_group_ad.ad": lambda s: f"{customer_name(s)}/ads/{s.ad.id}",
    **VIEW_NAMES,
}

_ATTRIBUTES = (
    Attribute("customer.id", "INT64", lambda s: int(s.account.id)),
    Attribute("customer.descriptive_name", "STRING", lambda s: s.account.name),
    Attribute("customer.currency_code", "STRING", lambda s: s.account.currency),
    Attribute("customer.time_zone", "STRING", lambda s: s.account.time_zone),
    Attribute("customer.manager", "BOOLEAN", lambda s: isinstance(s.account, Manager)),
    Attribute("customer.test_account", "BOOLEAN", always(False)),
    Attribute("customer.auto_tagging_enabled", "BOOLEAN", always(True)),
    Attribute("customer.status", "ENUM", always("ENABLED")),
    Attribute("customer_client.id", "INT64", lambda s: int(s.a_client.id)),
    Attribute(
        "customer_client.client_customer", "RESOURCE_NAME", lambda s: f"customers/{s.a_client.id}"
    ),
    Attribute("customer_client.level", "INT64", lambda s: s.depth),
    Attribute("customer_client.manager", "BOOLEAN", lambda s: isinstance(s.a_client, Manager)),
    Attribute("customer_client.hidden", "BOOLEAN", always(False)),
    Attribute("customer_client.test_account", "BOOLEAN", always(False)),
    Attribute("customer_client.descriptive_name", "STRING", lambda s: s.a_client.name),
    Attribute("customer_client.currency_code", "STRING", lambda s: s.a_client.currency),
    Attribute("customer_client.time_zone", "STRING", lambda s: s.a_client.time_zone),
    Attribute("customer_client.status", "ENUM", always("ENABLED")),
    Attribute("campaign.id", "INT64", lambda s: s.campaign.id),
    Attribute("campaign.name", "STRING", lambda s: s.campaign.name.at(s.clock)),
    Attribute("campaign.status", "ENUM", lambda s: s.campaign.status.at(s.clock)),
    Attribute("campaign.primary_status", "ENUM", _primary_status),
    Attribute("campaign.advertising_channel_type", "ENUM", lambda s: s.campaign.channel),
    Attribute("campaign.start_date_time", "STRING", lambda s: f"{s.campaign.start} 00:00:00"),
    Attribute("campaign.end_date_time", "STRING", _end),
    Attribute("campaign.campaign_budget", "RESOURCE_NAME", _budget),
    Attribute("campaign_budget.id", "INT64", lambda s: s.campaign.budget_id),
    Attribute("campaign_budget.name", "STRING", lambda s: f"Budget {s.campaign.budget_id}"),
    Attribute(
        "campaign_budget.amount_micros",
        "INT64",
        lambda s: micros(s.campaign.budget_cents.at(s.clock)),
    ),
    Attribute("campaign_budget.period", "ENUM", always("DAILY")),
    Attribute("campaign_budget.delivery_method", "ENUM", always("STANDARD")),
    Attribute("campaign_budget.explicitly_shared", "BOOLEAN", always(False)),
    Attribute("campaign_budget.status", "ENUM", always("ENABLED")),
    Attribute("campaign_budget.type", "ENUM", always("STANDARD")),
    Attribute("ad_group.id", "INT64", lambda s: s.ad_group.id),
    Attribute("ad_group.name", "STRING", lambda s: s.ad_group.name.at(s.clock)),
    Attribute("ad_group.status", "ENUM", lambda s: s.ad_group.status.at(s.clock)),
    Attribute("ad_group.type", "ENUM", lambda s: s.ad_group.type),
    Attribute("ad_group.campaign", "RESOURCE_NAME", lambda s: RESOURCE_NAMES["campaign"](s)),
    Attribute("ad_group.cpc_bid_micros", "INT64", lambda s: micros(s.ad_group.cpc_bid_cents)),
    Attribute("ad_group_ad.status", "ENUM", lambda s: s.ad.status.at(s.clock)),
    Attribute("ad_group_ad.ad_group", "RESOURCE_NAME", lambda s: RESOURCE_NAMES["ad_group"](s)),
    Attribute("ad_group_ad.ad.id", "INT64", lambda s: s.ad.id),
    Attribute("ad_group_ad.ad.name", "STRING", lambda s: s.ad.name),
    Attribute("ad_group_ad.ad.type", "ENUM", lambda s: s.ad.type),
    Attribute("ad_group_ad.ad.final_urls", "STRING", lambda s: list(s.ad.final_urls) or None, True),
    Attribute(
        "ad_group_ad.ad.responsive_search_ad.headlines",
        "MESSAGE",
        lambda s: _assets(headlines(s.ad, s.account.organization), "HEADLINE_1"),
        True,
    ),
    Attribute(
        "ad_group_ad.ad.responsive_search_ad.descriptions",
        "MESSAGE",
        lambda s: _assets(descriptions(s.ad, s.account.organization)),
        True,
    ),
    Attribute("ad_group_ad.ad.image_ad.image_url", "STRING", lambda s: s.ad.image_url),
    Attribute("ad_group_ad.ad.image_ad.preview_image_url", "STRING", lambda s: s.ad.image_url),
)
_NAMES = tuple(
    Attribute(f"{resource}.resource_name", "RESOURCE_NAME", read)
    for resource, read in RESOURCE_NAMES.items()
)
ATTRIBUTES = {
    attribute.name: attribute for attribute in (*_ATTRIBUTES, *SETTINGS, *VIEW_ATTRIBUTES, *_NAMES)
}

# Segments that name a day or a stretch of days: they may be filtered on without being selected.
PERIODS = {"segments.date": "DATE", "segments.week": "DATE", "segments.month": "DATE"}
NETWORK_TYPE = "segments.ad_network_type"
SPLITS = {
    "segments.hour": "INT32",
    "segments.device": "ENUM",
    NETWORK_TYPE: "ENUM",
    REGION: "RESOURCE_NAME",
}
SEGMENTS = PERIODS | SPLITS

_DAILY = frozenset(PERIODS) | {"segments.device"}
_HOURLY = _DAILY | {"segments.hour"}
_LABELLED = (
    ("campaign",),
    ("campaign", "ad_group"),
    ("campaign", "ad_group", "ad_group_ad"),
)
RESOURCES = {
    resource.name: resource
    for resource in (
        Resource("customer", ("customer",), _HOURLY),
        Resource("customer_client", ("customer", "customer_client"), metrics=False),
        Resource("campaign", ("customer", "campaign", "campaign_budget"), _HOURLY | {NETWORK_TYPE}),
        Resource("ad_group", ("customer", "campaign", "ad_group"), _HOURLY | {NETWORK_TYPE}),
        Resource(
            "ad_group_ad",
            ("customer", "campaign", "ad_group", "ad_group_ad"),
            _DAILY | {NETWORK_TYPE},
        ),
        Resource(
            "ad_group_criterion",
            ("customer", "campaign", "ad_group", "ad_group_criterion"),
            metrics=False,
        ),
        Resource(
            "keyword_view",
            ("customer", "campaign", "ad_group", "ad_group_criterion", "keyword_view"),
            frozenset(PERIODS),
        ),
        Resource(
            "search_term_view",
            ("customer", "campaign", "ad_group", "search_term_view"),
            frozenset(PERIODS),
        ),
        Resource(
            "campaign_search_term_view",
            ("customer", "campaign", "campaign_search_term_view"),
            frozenset(PERIODS),
        ),
        Resource(
            "performance_max_placement_view",
            ("customer", "campaign", "performance_max_placement_view"),
            frozenset({"segments.date"}),
            measured=("metrics.impressions",),
        ),
        Resource(
            "group_placement_view",
            ("customer", "campaign", "ad_group", "group_placement_view"),
            frozenset(PERIODS),
        ),
        Resource("label", ("customer", "label"), metrics=False),
        *(
            Resource(
                f"{parts[-1]}_label",
                ("customer", *parts, "label", f"{parts[-1]}_label"),
                metrics=False,
            )
            for parts in _LABELLED
        ),
        Resource(
            "click_view",
            ("customer", "campaign", "click_view"),
            frozenset({"segments.date", "segments.device"}),
            measured=("metrics.clicks",),
            one_day=True,
        ),
        Resource(
            "geographic_view",
            ("customer", "campaign", "geographic_view"),
            frozenset(PERIODS) | {REGION},
            dividing=("campaign",),
        ),
        Resource("geo_target_constant", ("geo_target_constant",), metrics=False),
    )
}


def resource_of(field: str) -> str:
    """Returns the resource a field belongs to; `segments` and `metrics` count as such."""
    return field.split(".", 1)[0]


def camel(name: str) -> str:
    """Turns a name of the query language into its JSON key: `cost_micros` to `costMicros`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
