"""What Airbyte's source and Google's own samples select of accounts and campaigns."""

from __future__ import annotations

import re

import pytest
from google.ads.googleads.v26.resources.types.campaign import Campaign
from google.ads.googleads.v26.resources.types.customer import Customer

from connectors.sandbox.platforms.google_ads.fields import ATTRIBUTES
from tests.connectors.sandbox.conftest import BERLIN, GoogleClient

# The fields that the schemas `customer` and `campaign` of Airbyte's source-google-ads name.
CUSTOMER = """
auto_tagging_enabled call_reporting_setting.call_conversion_action
call_reporting_setting.call_conversion_reporting_enabled
call_reporting_setting.call_reporting_enabled conversion_tracking_setting.conversion_tracking_id
conversion_tracking_setting.cross_account_conversion_tracking_id currency_code descriptive_name
final_url_suffix has_partners_badge id manager optimization_score optimization_score_weight
pay_per_conversion_eligibility_failure_reasons remarketing_setting.google_global_site_tag
resource_name test_account time_zone tracking_url_template
"""
CAMPAIGN = """
accessible_bidding_strategy ad_serving_optimization_status advertising_channel_sub_type
advertising_channel_type app_campaign_setting.app_id app_campaign_setting.app_store
app_campaign_setting.bidding_strategy_goal_type base_campaign bidding_strategy
bidding_strategy_type campaign_budget commission.commission_rate_micros
dynamic_search_ads_setting.domain_name dynamic_search_ads_setting.language_code
dynamic_search_ads_setting.use_supplied_urls_only excluded_parent_asset_field_types
experiment_type final_url_suffix frequency_caps
geo_target_type_setting.negative_geo_target_type geo_target_type_setting.positive_geo_target_type
hotel_setting.hotel_center_id id labels local_campaign_setting.location_source_type
manual_cpc.enhanced_cpc_enabled manual_cpm manual_cpv maximize_conversion_value.target_roas
maximize_conversions.target_cpa_micros name network_settings.target_content_network
network_settings.target_google_search network_settings.target_partner_search_network
network_settings.target_search_network optimization_goal_setting.optimization_goal_types
optimization_score payment_mode percent_cpc.cpc_bid_ceiling_micros percent_cpc.enhanced_cpc_enabled
real_time_bidding_setting.opt_in resource_name selective_optimization.conversion_actions
serving_status shopping_setting.campaign_priority shopping_setting.enable_local
shopping_setting.merchant_id start_date_time end_date_time status target_cpa.cpc_bid_ceiling_micros
target_cpa.cpc_bid_floor_micros target_cpa.target_cpa_micros
target_cpm.target_frequency_goal.target_count target_cpm.target_frequency_goal.time_unit
target_impression_share.cpc_bid_ceiling_micros target_impression_share.location
target_impression_share.location_fraction_micros target_roas.cpc_bid_ceiling_micros
target_roas.cpc_bid_floor_micros target_roas.target_roas target_spend.cpc_bid_ceiling_micros
target_spend.target_spend_micros targeting_setting.target_restrictions
tracking_setting.tracking_url tracking_url_template url_custom_parameters
vanity_pharma.vanity_pharma_display_url_mode vanity_pharma.vanity_pharma_text
"""
# Google's samples get_account_information, get_account_hierarchy, get_campaigns.
SAMPLES = [
    "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone, "
    "customer.tracking_url_template, customer.auto_tagging_enabled FROM customer LIMIT 1",
    "SELECT campaign.id, campaign.name FROM campaign ORDER BY campaign.id",
]


def _selected(resource: str, names: str) -> str:
    fields = ", ".join(f"{resource}.{name}" for name in names.split())
    return f"SELECT {fields} FROM {resource}"


@pytest.mark.parametrize(
    "query",
    [_selected("customer", CUSTOMER), _selected("campaign", CAMPAIGN), *SAMPLES],
    ids=["customer", "campaign", "account information", "campaigns"],
)
def test_what_clients_select_is_served(acme: GoogleClient, query: str) -> None:
    status, _, answer = acme.post(BERLIN, {"query": query})
    assert status == 200, answer
    assert answer["results"]


@pytest.mark.parametrize(("message", "root"), [(Campaign, "campaign"), (Customer, "customer")])
def test_every_setting_is_one_of_v26(message: type, root: str) -> None:
    for name in ATTRIBUTES:
        if name.split(".")[0] != root:
            continue
        place = message.pb().DESCRIPTOR  # type: ignore[attr-defined]
        for part in re.split(r"\.", name)[1:]:
            place = place.fields_by_name[part]
            place = place.message_type or place
