"""The fields of insights that say what a row is about, and those that are known but empty here."""

from __future__ import annotations

from collections.abc import Callable

from connectors.sandbox.platforms.meta_ads.nodes import Node
from connectors.sandbox.platforms.meta_ads.parameters import words

ATTRIBUTION = "7d_click_1d_view"


def _dated(name: str) -> Callable[[Node], str]:
    return lambda node: node.moment(getattr(node, name))[:10]


# What an ad is among those that compete for the same people, or that it is not known; by its id.
_RANKINGS = (
    "ABOVE_AVERAGE", "AVERAGE", "AVERAGE", "BELOW_AVERAGE_35", "BELOW_AVERAGE_20",
    "BELOW_AVERAGE_10", "UNKNOWN",
)  # fmt: skip


def _ranking(step: int) -> Callable[[Node], str]:
    return lambda node: _RANKINGS[node.ad.id // 11 * step % len(_RANKINGS)]


# By field: from which level on a row has it, and how it is read.
SUBJECT_FIELDS: dict[str, tuple[str, Callable[[Node], str]]] = {
    "account_id": ("account", lambda node: node.account.id),
    "account_name": ("account", lambda node: node.account.name),
    "account_currency": ("account", lambda node: node.account.currency),
    "campaign_id": ("campaign", lambda node: str(node.campaign.id)),
    "campaign_name": ("campaign", lambda node: node.above("campaign").name),
    "objective": ("campaign", lambda node: node.campaign.channel),
    "buying_type": ("campaign", lambda _: "AUCTION"),
    "adset_id": ("adset", lambda node: str(node.ad_group.id)),
    "adset_name": ("adset", lambda node: node.above("ad_group").name),
    "optimization_goal": ("adset", lambda node: node.ad_group.type or ""),
    "attribution_setting": ("adset", lambda _: ATTRIBUTION),
    "ad_id": ("ad", lambda node: str(node.ad.id)),
    "ad_name": ("ad", lambda node: node.name),
    "quality_ranking": ("ad", _ranking(1)),
    "engagement_rate_ranking": ("ad", _ranking(2)),
    "conversion_rate_ranking": ("ad", _ranking(3)),
    "created_time": ("campaign", _dated("created")),
    "updated_time": ("campaign", _dated("changed")),
}

# Fields of the platform of which this business has nothing, so that rows do not have them.
EMPTY = frozenset(
    words(
        "ad_click_actions ad_impression_actions auction_bid auction_competitiveness "
        "auction_max_competitor_bid average_purchases_conversion_value canvas_avg_view_percent "
        "canvas_avg_view_time catalog_segment_actions catalog_segment_value "
        "catalog_segment_value_mobile_purchase_roas catalog_segment_value_omni_purchase_roas "
        "catalog_segment_value_website_purchase_roas conversion_values conversions "
        "converted_product_quantity converted_product_value cost_per_15_sec_video_view "
        "cost_per_2_sec_continuous_video_view cost_per_ad_click cost_per_conversion "
        "cost_per_dda_countby_convs cost_per_estimated_ad_recallers "
        "cost_per_inline_post_engagement cost_per_objective_result "
        "cost_per_one_thousand_ad_impression cost_per_outbound_click cost_per_result "
        "cost_per_thruplay cost_per_unique_action_type cost_per_unique_click "
        "cost_per_unique_conversion cost_per_unique_inline_link_click "
        "cost_per_unique_outbound_click date_start date_stop dda_countby_convs dda_results "
        "estimated_ad_recall_rate estimated_ad_recallers full_view_impressions full_view_reach "
        "instant_experience_clicks_to_open instant_experience_clicks_to_start "
        "instant_experience_outbound_clicks interactive_component_tap labels "
        "landing_page_view_per_link_click location mobile_app_purchase_roas objective_result_rate "
        "objective_results outbound_clicks_ctr place_page_name purchases_per_link_click "
        "purchase_per_landing_page_view qualifying_question_qualify_answer_rate result_rate "
        "results shops_assisted_purchases social_spend total_postbacks unique_actions "
        "unique_conversions unique_inline_link_click_ctr unique_link_clicks_ctr "
        "unique_outbound_clicks_ctr unique_video_view_15_sec video_15_sec_watched_actions "
        "video_30_sec_watched_actions video_6_sec_watched_actions video_avg_time_watched_actions "
        "video_continuous_2_sec_watched_actions video_play_curve_actions "
        "video_play_retention_0_to_15s_actions video_play_retention_20_to_60s_actions "
        "video_play_retention_graph_actions "
        "video_time_watched_actions website_ctr wish_bid"
    )
)
