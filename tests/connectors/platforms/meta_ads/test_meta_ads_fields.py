"""Every field, status and breakdown that is asked for is one of Meta's: its SDK is the referee."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from facebook_business.adobjects.ad import Ad
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adcreative import AdCreative
from facebook_business.adobjects.adreportrun import AdReportRun
from facebook_business.adobjects.adset import AdSet
from facebook_business.adobjects.adsinsights import AdsInsights
from facebook_business.adobjects.campaign import Campaign
from facebook_business.apiconfig import ads_api_config

from connectors.core.columns import Column
from connectors.platforms import get
from connectors.platforms.meta_ads import jobs, schema

_PLATFORM = get("meta_ads")


def _words(enum: type) -> set[str]:
    return {value for name, value in vars(enum).items() if not name.startswith("_")}


def _names(columns: Sequence[Column]) -> set[str]:
    return {column.source for column in columns}


def test_the_version_is_the_newest_sdks() -> None:
    assert _PLATFORM.api_version == ads_api_config["API_VERSION"]


@pytest.mark.parametrize(
    ("columns", "node"),
    [
        (schema.ACCOUNTS, AdAccount),
        (schema.CAMPAIGNS, Campaign),
        (schema.AD_SETS, AdSet),
        (schema.ADS, Ad),
    ],
    ids=["accounts", "campaigns", "ad_sets", "ads"],
)
def test_fields_of_entities(columns: Sequence[Column], node: type) -> None:
    names = _names(columns)
    inner = {name.partition(".")[2] for name in names if "." in name}
    assert {name.partition(".")[0] for name in names} <= _words(node.Field)  # type: ignore[attr-defined]
    assert inner <= _words(AdCreative.Field)


@pytest.mark.parametrize(
    ("statuses", "node"),
    [
        (schema.CAMPAIGN_STATUSES, Campaign),
        (schema.AD_SET_STATUSES, AdSet),
        (schema.AD_STATUSES, Ad),
    ],
    ids=["campaigns", "ad_sets", "ads"],
)
def test_all_statuses_are_asked_for_and_no_other(statuses: Sequence[str], node: type) -> None:
    assert set(statuses) == _words(node.EffectiveStatus)  # type: ignore[attr-defined]


def test_fields_and_breakdowns_of_reports() -> None:
    breakdowns = {schema.HOUR_RANGE, "age", "gender", "country"}
    breakdowns |= {"publisher_platform", "impression_device"}
    assert breakdowns <= _words(AdsInsights.Breakdowns)
    for stream in _PLATFORM.streams:
        if stream.kind == "report":
            # Our own: the hour as a number.
            names = _names(stream.columns) - breakdowns - {"hour"}
            assert names <= _words(AdsInsights.Field), stream.name


def test_attribution_windows_are_metas() -> None:
    assert set(schema.ATTRIBUTION_WINDOWS) <= _words(AdsInsights.ActionAttributionWindows)


def test_fields_of_a_report_run() -> None:
    assert set(jobs._RUN_FIELDS.split(",")) <= _words(AdReportRun.Field) | {"error_message"}
