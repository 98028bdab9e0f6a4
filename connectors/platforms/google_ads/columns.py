"""Columns by the field that a query asks for, and those that several streams have."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import Column
from connectors.platforms.google_ads.gaql import json_path


def dimension(
    name: str,
    field: str,
    description: str,
    type_: pa.DataType | None = None,
    *,
    may_be_empty: bool = False,
) -> Column:
    """Returns a part of a report's key, by its field in a query."""
    column = attribute(name, field, description, type_, required=True)
    return replace(column, role="dimension", may_be_empty=may_be_empty)


def attribute(
    name: str,
    field: str,
    description: str,
    type_: pa.DataType | None = None,
    *,
    required: bool = False,
) -> Column:
    """Returns a property of an entity, or of a report row; `required` for what is in a key."""
    return Column(
        name,
        type_ or pa.string(),
        json_path(field),
        "attribute",
        description,
        required=required,
        field=field,
    )


def metric(name: str, description: str, type_: pa.DataType) -> Column:
    """Returns a number of a report that adds up; its name is the field's."""
    field = f"metrics.{name}"
    return Column(name, type_, json_path(field), "metric", description, "additive", field=field)


CUSTOMER = attribute(
    "customer_id", "customer.id", "Google Ads account (customer) id, digits only.", required=True
)
CAMPAIGN = attribute("campaign_id", "campaign.id", "Campaign id.", required=True)
AD_GROUP = attribute("ad_group_id", "ad_group.id", "Ad group id.", required=True)

AD_FIELD = "ad_group_ad.ad.id"
AD_WORDS = "Ad id; unique inside its ad group only."

CRITERION_FIELD = "ad_group_criterion.criterion_id"
CRITERION_WORDS = "Keyword (criterion) id; unique inside its ad group only."
KEYWORD = (
    attribute("text", "ad_group_criterion.keyword.text", "Words of the keyword; never change."),
    attribute("match_type", "ad_group_criterion.keyword.match_type", "EXACT, PHRASE or BROAD."),
)
