"""Settings of accounts and campaigns that Google's samples and well-known clients select.

What this business has follows from it; what it has not is unset, hence absent, as at Google.
"""

from __future__ import annotations

from connectors.sandbox.platforms.google_ads.subjects import Attribute, Subject, Value, always

_BIDDING = {
    "SEARCH": "MAXIMIZE_CONVERSIONS",
    "SHOPPING": "TARGET_ROAS",
    "PERFORMANCE_MAX": "MAXIMIZE_CONVERSION_VALUE",
    "VIDEO": "TARGET_CPM",
}


def _bidding(subject: Subject) -> Value:
    return _BIDDING.get(subject.campaign.channel, "MANUAL_CPC")


def _sub_type(subject: Subject) -> Value:
    return "VIDEO_NON_SKIPPABLE" if subject.campaign.channel == "VIDEO" else None


def _serving(subject: Subject) -> Value:
    return "SERVING" if subject.campaign.status.at(subject.clock) == "ENABLED" else "SUSPENDED"


def _searched(subject: Subject) -> Value:
    return subject.campaign.channel in ("SEARCH", "SHOPPING", "PERFORMANCE_MAX")


# By type: fields that are unset here. `[]` marks lists.
_UNSET = {
    "STRING": (
        "customer.final_url_suffix customer.tracking_url_template "
        "customer.remarketing_setting.google_global_site_tag campaign.final_url_suffix "
        "campaign.tracking_url_template campaign.tracking_setting.tracking_url "
        "campaign.dynamic_search_ads_setting.domain_name "
        "campaign.dynamic_search_ads_setting.language_code campaign.app_campaign_setting.app_id "
        "campaign.shopping_setting.feed_label"
    ),
    "RESOURCE_NAME": (
        "customer.call_reporting_setting.call_conversion_action "
        "campaign.accessible_bidding_strategy campaign.bidding_strategy campaign.campaign_group "
        "campaign.labels[] campaign.selective_optimization.conversion_actions[]"
    ),
    "INT64": (
        "customer.conversion_tracking_setting.cross_account_conversion_tracking_id "
        "campaign.commission.commission_rate_micros campaign.hotel_setting.hotel_center_id "
        "campaign.maximize_conversions.target_cpa_micros campaign.shopping_setting.merchant_id "
        "campaign.percent_cpc.cpc_bid_ceiling_micros campaign.target_cpa.cpc_bid_ceiling_micros "
        "campaign.target_cpa.cpc_bid_floor_micros campaign.target_cpa.target_cpa_micros "
        "campaign.target_cpm.target_frequency_goal.target_count "
        "campaign.target_impression_share.cpc_bid_ceiling_micros "
        "campaign.target_impression_share.location_fraction_micros "
        "campaign.target_roas.cpc_bid_ceiling_micros campaign.target_roas.cpc_bid_floor_micros "
        "campaign.target_spend.cpc_bid_ceiling_micros campaign.target_spend.target_spend_micros"
    ),
    "INT32": "campaign.shopping_setting.campaign_priority",
    "DOUBLE": (
        "customer.optimization_score customer.optimization_score_weight "
        "campaign.optimization_score campaign.maximize_conversion_value.target_roas "
        "campaign.target_roas.target_roas"
    ),
    "BOOLEAN": (
        "campaign.dynamic_search_ads_setting.use_supplied_urls_only "
        "campaign.percent_cpc.enhanced_cpc_enabled campaign.real_time_bidding_setting.opt_in "
        "campaign.shopping_setting.enable_local campaign.manual_cpc.enhanced_cpc_enabled"
    ),
    "ENUM": (
        "customer.pay_per_conversion_eligibility_failure_reasons[] "
        "campaign.app_campaign_setting.app_store "
        "campaign.app_campaign_setting.bidding_strategy_goal_type "
        "campaign.excluded_parent_asset_field_types[] "
        "campaign.local_campaign_setting.location_source_type "
        "campaign.optimization_goal_setting.optimization_goal_types[] "
        "campaign.target_cpm.target_frequency_goal.time_unit "
        "campaign.target_impression_share.location "
        "campaign.vanity_pharma.vanity_pharma_display_url_mode "
        "campaign.vanity_pharma.vanity_pharma_text campaign.bidding_strategy_system_status"
    ),
    "MESSAGE": (
        "campaign.frequency_caps[] campaign.manual_cpm campaign.manual_cpv "
        "campaign.targeting_setting.target_restrictions[] campaign.url_custom_parameters[]"
    ),
}

SETTINGS = (
    Attribute("customer.has_partners_badge", "BOOLEAN", always(False)),
    Attribute("customer.call_reporting_setting.call_reporting_enabled", "BOOLEAN", always(False)),
    Attribute(
        "customer.call_reporting_setting.call_conversion_reporting_enabled",
        "BOOLEAN",
        always(False),
    ),
    Attribute(
        "customer.conversion_tracking_setting.conversion_tracking_id",
        "INT64",
        lambda s: 700_000_000 + int(s.account.id) % 100_000_000,
    ),
    Attribute("campaign.ad_serving_optimization_status", "ENUM", always("OPTIMIZE")),
    Attribute(
        "campaign.base_campaign",
        "RESOURCE_NAME",
        lambda s: f"customers/{s.account.id}/campaigns/{s.campaign.id}",
    ),
    Attribute("campaign.bidding_strategy_type", "ENUM", _bidding),
    Attribute("campaign.advertising_channel_sub_type", "ENUM", _sub_type),
    Attribute("campaign.experiment_type", "ENUM", always("BASE")),
    Attribute(
        "campaign.geo_target_type_setting.negative_geo_target_type", "ENUM", always("PRESENCE")
    ),
    Attribute(
        "campaign.geo_target_type_setting.positive_geo_target_type",
        "ENUM",
        always("PRESENCE_OR_INTEREST"),
    ),
    Attribute("campaign.network_settings.target_google_search", "BOOLEAN", _searched),
    Attribute("campaign.network_settings.target_search_network", "BOOLEAN", _searched),
    Attribute(
        "campaign.network_settings.target_content_network",
        "BOOLEAN",
        lambda s: s.campaign.channel != "SEARCH",
    ),
    Attribute("campaign.network_settings.target_partner_search_network", "BOOLEAN", always(False)),
    Attribute("campaign.payment_mode", "ENUM", always("CLICKS")),
    Attribute("campaign.serving_status", "ENUM", _serving),
    *(
        Attribute(name.removesuffix("[]"), data_type, always(None), name.endswith("[]"))
        for data_type, names in _UNSET.items()
        for name in names.split()
    ),
)
