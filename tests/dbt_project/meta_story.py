"""An organization with two accounts at Meta, and what Meta reports of them on the first day."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from built_home import DbtHome
from fixture_lake import Account, FixtureLake
from meta_streams import actions, insight, listed
from scenarios import at, march, window

_CAMPING = {"id": "6003", "name": "Camping"}
AIMED = {
    "age_min": 25,
    "age_max": 65,
    "genders": [2],
    "geo_locations": {"countries": ["DE", "AT"]},
    "interests": [_CAMPING],
    "flexible_spec": [{"interests": [_CAMPING]}, {"behaviors": [{"id": "6", "name": "Shoppers"}]}],
    "custom_audiences": [{"id": "9", "name": "Buyers"}],
    "excluded_custom_audiences": [{"id": "9", "name": "Buyers"}],
}
_ODDLY_AIMED = {"age_min": "young", "genders": [1, 2], "interests": "all", "flexible_spec": [7]}
_PROMOTED = {"pixel_id": "7", "custom_event_type": "LEAD"}
_SPEC = {"link_data": {"link": "https://shop.example/x?utm_term=own", "child_attachments": [{}]}}


class Story:
    """One organization's accounts, pulled and built step by step, in the order of the tests."""

    def __init__(self, home: DbtHome, lake: FixtureLake) -> None:
        self.home, self.lake = home, lake
        lake.organization("acme")
        self.euro = Account("acme", "1", "EUR", "Europe/Berlin", "meta_ads")
        self.yen = Account("acme", "2", "JPY", "Asia/Tokyo", "meta_ads")
        for account in (self.euro, self.yen):
            lake.connection(account)
        rates = {march(day): {"USD": "1.1", "JPY": "160"} for day in (2, 3, 4, 5, 6)}
        lake.pull_rates(at(5), window(1, 6), rates)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.home.query(sql)


def first_day(story: Story) -> None:
    """Everything that Meta reports of the 3rd of March, pulled on the 4th."""
    lake, euro = story.lake, story.euro
    overlapping = {"purchase": 3, "omni_purchase": 2, "offsite_conversion.fb_pixel_purchase": 2}
    worth = {"purchase": "99.99", "omni_purchase": "84.50"}
    reactions = {"post_engagement": 9, "post_reaction": 4, "post": 2, "comment": 1, "video_view": 7}
    lake.pull(
        euro,
        "campaign_insights",
        at(4),
        [
            insight(
                march(3), "11", "10.71", {**overlapping, **reactions}, worth, reach=90,
                frequency=Decimal("1.111111"),
                video_p25_watched_actions=actions(video_view=6),
                video_p100_watched_actions=actions(video_view=3),
                video_thruplay_watched_actions=actions(video_view=4),
            ),
            insight(march(3), "12", "0.29", {"purchase": 1}, {"purchase": "5"}),
            insight(march(3), "13", impressions=None, clicks=None, spend=None),
        ],
        window(3, 3),
    )  # fmt: skip
    lake.pull(
        euro,
        "campaign_demographics",
        at(4),
        [
            insight(march(3), "11", "4.00", age="25-34", gender="male", reach=40),
            insight(march(3), "11", "6.71", age="25-34", gender="female", reach=50),
        ],
        window(3, 3),
    )
    hours = [("13:00:00 - 13:59:59", 13, "10.71", 1), ("none", None, "0", 1)]
    lake.pull(
        euro,
        "campaign_insights_hourly",
        at(4),
        [
            insight(march(3), "11", spend, {"omni_purchase": n}, hour_range=text, hour=hour)
            for text, hour, spend, n in hours
        ],
        window(3, 3),
    )
    lake.pull(
        euro, "ad_set_insights", at(4), [insight(march(3), "11", ad_set_id="21")], window(3, 3)
    )
    lake.pull(
        euro,
        "ad_insights",
        at(4),
        [
            insight(
                march(3), "11", ad_set_id="21", ad_id="31", quality_ranking="AVERAGE",
                engagement_rate_ranking="ABOVE_AVERAGE", conversion_rate_ranking="UNKNOWN",
                outbound_clicks=actions(outbound_click=8),
                unique_outbound_clicks=actions(outbound_click=7),
                reach=80, frequency=Decimal("1.25"),
            )
        ],
        window(3, 3),
    )  # fmt: skip
    ended = datetime(2026, 3, 2, tzinfo=UTC)
    lake.pull(
        euro,
        "campaigns",
        at(4),
        [
            listed("11", "Spring"),
            listed("12", effective_status="WITH_ISSUES", daily_budget=0, lifetime_budget=120000),
            listed("13", effective_status="ARCHIVED"),
            listed("14", effective_status="DELETED"),
            listed("15", stop_time=ended, buying_type="RESERVED"),
        ],
    )
    lake.pull(story.yen, "campaigns", at(4), [listed("11", daily_budget=5000)])
    lake.pull(
        euro,
        "ad_sets",
        at(4),
        [{"campaign_id": "11", "ad_set_id": "21", "name": "Set", "bid_amount": 250,
          "effective_status": "CAMPAIGN_PAUSED", "optimization_goal": "OFFSITE_CONVERSIONS",
          "bid_strategy": "COST_CAP", "promoted_object": json.dumps(_PROMOTED),
          "targeting": json.dumps(AIMED)},
         {"campaign_id": "11", "ad_set_id": "22", "name": "Odd",
          "targeting": json.dumps(_ODDLY_AIMED)}],
    )  # fmt: skip
    ad = {"campaign_id": "11", "ad_set_id": "21", "effective_status": "DISAPPROVED"}
    tags = "utm_source=facebook&utm_campaign={{campaign.id}}&utm_content={{ad.name}}&utm_term=x"
    lake.pull(
        euro,
        "ads",
        at(4),
        [
            ad | {"ad_id": "31", "name": "Shoes + socks", "creative_object_type": "SHARE",
                  "creative_title": "Two for one", "creative_body": "This week only.",
                  "url_tags": tags, "creative_object_story_spec": json.dumps(_SPEC),
                  "thumbnail_url": "https://img.example/t?oe=1", "image_url": "https://img.example/i"},
            ad | {"ad_id": "32", "creative_object_type": "VIDEO", "url_tags": "utm_source=meta"},
        ],
    )  # fmt: skip
