"""The fields of each kind of node: how each is worked out, and which are known but always empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from connectors.sandbox.platforms.meta_ads.errors import no_field
from connectors.sandbox.platforms.meta_ads.network import NETWORK
from connectors.sandbox.platforms.meta_ads.nodes import (
    Node,
    offset_hours,
    spent_cents,
)
from connectors.sandbox.platforms.meta_ads.parameters import Field, words
from connectors.sandbox.platforms.meta_ads.targeting import targeting_of

Reader = Callable[[Node], Any]
# What the platform calls the kinds when it refuses a field.
_TYPES = {
    "account": "AdAccount",
    "campaign": "AdCampaignGroup",
    "adset": "AdCampaign",
    "ad": "AdGroup",
    "creative": "AdCreative",
}


def _budget(node: Node, kind: str) -> str | None:
    """Returns a budget in minor units; a campaign with an end has one for its whole life."""
    campaign = node.campaign
    on_ad_sets = campaign.channel in NETWORK.budgets_of_ad_groups
    if on_ad_sets != (node.kind == "adset") or (kind == "lifetime") != (campaign.end is not None):
        return None
    cents = campaign.budget_cents.at(node.clock)
    if on_ad_sets:
        cents //= len(campaign.ad_groups)
    if campaign.end is not None:
        cents *= (campaign.end - campaign.start).days + 1
    return str(cents)


def _url_parts(node: Node) -> tuple[str, str]:
    url = urlsplit(node.ad.final_urls[0])
    return f"{url.scheme}://{url.netloc}{url.path}", url.query


_STORY_PAGE = "104000000000017"


def _story(node: Node) -> str:
    return f"{_STORY_PAGE}_{node.ad.id % 10**12}"


_DATED: dict[str, Reader] = {
    "created_time": lambda node: node.moment(node.created),
    "updated_time": lambda node: node.moment(node.changed),
}
_STATED: dict[str, Reader] = {
    **_DATED,
    "id": lambda node: node.id,
    "name": lambda node: node.name,
    "account_id": lambda node: node.account.id,
    "status": lambda node: node.status,
    "configured_status": lambda node: node.status,
    "effective_status": lambda node: node.effective_status,
}
_ACCOUNT: dict[str, Reader] = {
    "id": lambda node: node.id,
    "account_id": lambda node: node.account.id,
    "name": lambda node: node.name,
    "currency": lambda node: node.account.currency,
    "timezone_name": lambda node: node.account.time_zone,
    "timezone_id": lambda _: 1,
    "timezone_offset_hours_utc": offset_hours,
    "account_status": lambda _: 1,
    "disable_reason": lambda _: 0,
    "amount_spent": lambda node: str(spent_cents(node)),
    "balance": lambda _: "0",
    "spend_cap": lambda _: "0",
    "created_time": lambda node: node.moment(node.created),
    "owner": lambda node: str(300_000_000_000_000 + node.account.organization.number),
    "business_name": lambda node: node.account.organization.name,
    "is_personal": lambda _: 0,
    "min_daily_budget": lambda node: round(100 * node.account.units_per_eur),
    "business": lambda node: {
        "id": str(300_000_000_000_000 + node.account.organization.number),
        "name": node.account.organization.name,
    },
}
_CAMPAIGN: dict[str, Reader] = {
    **_STATED,
    "objective": lambda node: node.campaign.channel,
    "buying_type": lambda _: "AUCTION",
    "bid_strategy": lambda node: _bid_strategy(node, "campaign"),
    "special_ad_categories": lambda _: [],
    "smart_promotion_type": lambda _: "GUIDED_CREATION",
    "pacing_type": lambda _: ["standard"],
    "daily_budget": lambda node: _budget(node, "daily"),
    "lifetime_budget": lambda node: _budget(node, "lifetime"),
    "budget_remaining": lambda node: _budget(node, "lifetime") or _budget(node, "daily") or "0",
    "start_time": lambda node: node.moment(node.starts()),
    "stop_time": lambda node: None if (end := node.ends()) is None else node.moment(end),
}
_AD_SET: dict[str, Reader] = {
    **_STATED,
    "campaign_id": lambda node: str(node.campaign.id),
    "optimization_goal": lambda node: node.ad_group.type,
    "billing_event": lambda _: "IMPRESSIONS",
    "bid_strategy": lambda node: _bid_strategy(node, "adset"),
    "destination_type": lambda _: "WEBSITE",
    "daily_budget": lambda node: _budget(node, "daily"),
    "lifetime_budget": lambda node: _budget(node, "lifetime"),
    "budget_remaining": lambda node: _budget(node, "lifetime") or _budget(node, "daily") or "0",
    "start_time": lambda node: node.moment(node.starts()),
    "end_time": lambda node: None if (end := node.ends()) is None else node.moment(end),
    "attribution_spec": lambda _: [
        {"event_type": "CLICK_THROUGH", "window_days": 7},
        {"event_type": "VIEW_THROUGH", "window_days": 1},
    ],
    "targeting": lambda node: targeting_of(node.campaign, node.ad_group),
    "promoted_object": lambda _: {"pixel_id": "880000000000001", "custom_event_type": "PURCHASE"},
}
_AD: dict[str, Reader] = {
    **_STATED,
    "campaign_id": lambda node: str(node.campaign.id),
    "adset_id": lambda node: str(node.ad_group.id),
    "bid_amount": lambda _: None,
    "conversion_domain": lambda node: urlsplit(node.ad.final_urls[0]).netloc,
    "preview_shareable_link": lambda node: f"https://fb.me/{node.ad.id % 10**9}",
}
_CREATIVE: dict[str, Reader] = {
    "id": lambda node: node.id,
    "name": lambda node: f"{node.name} {node.created:%Y-%m-%d}",
    "account_id": lambda node: node.account.id,
    "status": lambda _: "ACTIVE",
    "title": lambda node: node.campaign.name.changes[0][1],
    "body": lambda node: f"New at {node.account.organization.name}.",
    "object_type": lambda node: node.ad.type,
    "object_story_id": _story,
    "effective_object_story_id": _story,
    "call_to_action_type": lambda _: "SHOP_NOW",
    "image_url": lambda node: node.ad.image_url,
    "thumbnail_url": lambda node: f"{node.ad.image_url}?size=64",
    "link_url": lambda node: _url_parts(node)[0],
    "object_url": lambda node: _url_parts(node)[0],
    "url_tags": lambda node: _url_parts(node)[1],
    "object_story_spec": lambda node: {
        "page_id": _STORY_PAGE,
        "link_data": {"link": _url_parts(node)[0], "message": "New in the shop."},
    },
}


def _bid_strategy(node: Node, kind: str) -> str | None:
    on_ad_sets = node.campaign.channel in NETWORK.budgets_of_ad_groups
    return "LOWEST_COST_WITHOUT_CAP" if on_ad_sets == (kind == "adset") else None


FIELDS: dict[str, dict[str, Reader]] = {
    "account": _ACCOUNT,
    "campaign": _CAMPAIGN,
    "adset": _AD_SET,
    "ad": _AD,
    "creative": _CREATIVE,
}
# Fields of the platform that are empty here, hence absent.
_EMPTY: dict[str, frozenset[str]] = {
    "account": frozenset(
        words(
            "age agency_client_declaration business_city business_country_code business_state "
            "business_street business_street2 business_zip capabilities end_advertiser "
            "end_advertiser_name fb_entity funding_source funding_source_details "
            "has_migrated_permissions io_number is_notifications_enabled is_prepay_account "
            "is_tax_id_required line_numbers media_agency min_campaign_group_spend_cap "
            "offsite_pixels_tos_accepted partner tax_id tax_id_status tax_id_type tos_accepted "
            "user_tasks user_tos_accepted"
        )
    ),
    "campaign": frozenset(
        words(
            "adlabels boosted_object_id brand_lift_studies budget_rebalance_flag can_use_spend_cap "
            "can_create_brand_lift_study has_secondary_skadnetwork_reporting "
            "is_skadnetwork_attribution issues_info last_budget_toggling_time primary_attribution "
            "promoted_object recommendations source_campaign source_campaign_id "
            "special_ad_category special_ad_category_country spend_cap topline_id upstream_events "
            "is_budget_schedule_enabled"
        )
    ),
    "adset": frozenset(
        words(
            "adlabels adset_schedule asset_feed_id bid_adjustments bid_amount bid_constraints "
            "bid_info campaign_active_time campaign_attribution daily_min_spend_target "
            "daily_spend_cap frequency_control_specs instagram_user_id is_dynamic_creative "
            "issues_info learning_stage_info lifetime_imps lifetime_min_spend_target "
            "lifetime_spend_cap multi_optimization_goal_weight optimization_sub_event pacing_type "
            "recommendations recurring_budget_semantics review_feedback rf_prediction_id "
            "source_adset source_adset_id targeting_optimization_types "
            "time_based_ad_rotation_id_blocks use_new_app_click"
        )
    ),
    "ad": frozenset(
        words(
            "ad_active_time ad_review_feedback ad_schedule_end_time ad_schedule_start_time "
            "adlabels bid_info bid_type conversion_specs demolink_hash display_sequence "
            "engagement_audience failed_delivery_checks issues_info last_updated_by_app_id "
            "priority recommendations source_ad source_ad_id targeting "
            "tracking_and_conversion_with_defaults tracking_specs"
        )
    ),
    "creative": frozenset(
        words(
            "actor_id adlabels applink_treatment asset_feed_spec authorization_category "
            "branded_content_sponsor_page_id bundle_folder_id effective_authorization_category "
            "effective_instagram_media_id enable_direct_install image_crops image_hash "
            "instagram_actor_id instagram_permalink_url instagram_story_id instagram_user_id "
            "link_og_id object_id object_store_url platform_customizations playable_asset_id "
            "product_set_id source_instagram_media_id template_url template_url_spec "
            "use_page_actor_override video_id"
        )
    ),
}
# Kinds of the nodes that a field leads to: it is called as they are.
_LINKS = {
    "campaign": ("account",),
    "adset": ("account", "campaign"),
    "ad": ("account", "campaign", "adset", "creative"),
}


def render(node: Node, fields: tuple[Field, ...]) -> dict[str, Any]:
    """Returns a node as JSON values: what is asked for and not empty, and its id.

    Raises:
        GraphError: A field that nodes of this kind do not have.
    """
    known, links = FIELDS[node.kind], _LINKS.get(node.kind, ())
    shown: dict[str, Any] = {}
    for field in fields:
        if field.name in links and (linked := node.up(field.name)) is not None:
            shown[field.name] = render(linked, field.inner)
        elif field.name in known:
            value = known[field.name](node)
            if value is not None:
                shown[field.name] = value
        elif field.name not in _EMPTY[node.kind]:
            raise no_field(field.name, _TYPES[node.kind])
    shown.setdefault("id", node.id)
    return shown


def value_of(node: Node, name: str) -> Any:
    """Returns a field's value for a condition: instants as such, numbers as numbers.

    Raises:
        GraphError: Nodes of this kind have no such field.
    """
    reader = FIELDS[node.kind].get(name)
    if reader is None:
        raise no_field(name, _TYPES[node.kind])
    instants = {"created_time": "created", "updated_time": "changed"}
    return getattr(node, instants[name]) if name in instants else reader(node)
