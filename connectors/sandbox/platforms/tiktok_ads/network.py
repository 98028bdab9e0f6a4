"""TikTok's side of the business: two of the three organizations try it; it bills impressions."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.sandbox.business.economics import Economics
from connectors.sandbox.business.networks import (
    Accounts,
    Network,
    Place,
    Visits,
    Window,
    parts_of_clicks,
    parts_of_views,
)
from connectors.sandbox.business.plans import ACTIVE, PAUSED, REMOVED, Ids, Plan, Renaming

# A zone without a summer time: `timezone` (Etc/GMT+7) and `display_timezone` are one clock.
_PLACES: Mapping[str, tuple[Place, ...]] = {
    "acme_outdoor": (("US", "USD", "America/Phoenix"),),
    "kiwi_kitchen": (("NZ", "NZD", "Pacific/Auckland"),),
}
_ECONOMICS: Mapping[str, Economics] = {
    "PRODUCT_SALES": Economics(0.010, 0.52, 0.0132, 0.42, 0.0, True),
    "WEB_CONVERSIONS": Economics(0.011, 0.49, 0.0142, 0.45, 0.0, True),
    "TRAFFIC": Economics(0.016, 0.21, 0.0052, 0.38, 0.0, True),
    "VIDEO_VIEWS": Economics(0.006, 0.33, 0.0032, 0.71, 0.0, True),
    "REACH": Economics(0.004, 0.41, 0.0030, 0.36, 0.0, True),
    "LEAD_GENERATION": Economics(0.009, 0.58, 0.0075, 0.40, 0.0, True),
}
_GOALS = {
    "PRODUCT_SALES": "VALUE",
    "WEB_CONVERSIONS": "CONVERT",
    "TRAFFIC": "CLICK",
    "VIDEO_VIEWS": "ENGAGED_VIEW",
    "REACH": "REACH",
    "LEAD_GENERATION": "LEAD_GENERATION",
}
_WATCHED = {
    "video_play_actions": 1.0, "video_watched_2s": 0.34, "video_watched_6s": 0.12,
    "video_views_p25": 0.21, "video_views_p50": 0.11, "video_views_p75": 0.06,
    "video_views_p100": 0.035,
}  # fmt: skip
_REACTIONS = {"likes": 0.35, "comments": 0.012, "shares": 0.02, "follows": 0.015}


_PLAN = Plan(
    campaign_ids=Ids(1_780_000_000_000_145, 32),
    ad_group_ids=Ids(1_780_100_000_000_666, 16),
    ad_ids=Ids(1_780_200_000_000_513, 16),
    ids_per_account=50_000_000,
    channels=(
        "WEB_CONVERSIONS", "PRODUCT_SALES", "TRAFFIC", "WEB_CONVERSIONS", "VIDEO_VIEWS", "REACH",
        "LEAD_GENERATION",
    ),
    themes=(
        "Spark", "Catalogue", "{product}", "{product} drop", "Behind the scenes", "Hello",
        "Giveaway",
    ),
    audiences=("Broad", "Creators", "Viewers 75%", "Cart 14d"),
    ad_group_types=_GOALS,
    ad_types=lambda _: ("SINGLE_VIDEO", "CAROUSEL_ADS", "CATALOG_CAROUSEL"),
    ad_name=lambda ad: f"{ad.campaign} {ad.group + 1}-{ad.index + 1} 🎬",
    words={ACTIVE: "ENABLE", PAUSED: "DISABLE", REMOVED: "DELETE"},
    campaign_statuses={
        1: ((0.45, PAUSED), (0.60, ACTIVE)),
        2: ((0.70, REMOVED),),
        6: ((0.88, PAUSED),),
    },
    ad_group_statuses={(0, 1): ((0.55, PAUSED), (0.64, ACTIVE)), (3, 1): ((0.82, REMOVED),)},
    ad_statuses={(0, 0, 0): ((0.72, PAUSED),), (0, 0, 1): ((0.58, REMOVED),)},
    campaign_renaming=Renaming(0.42, 11, "{name} v2"),
    ad_group_renaming=Renaming(0.52, 15, "{name} (18-34)"),
)  # fmt: skip

NETWORK = Network(
    platform="tiktok_ads",
    accounts=Accounts(
        first_serial=3_000_000,
        places=lambda organization, _: _PLACES.get(organization.id, ()),
        name="{organization} {region} TikTok",
        # A long run of zeros: the platform deals out no such number.
        first_id=7_000_000_000_000_000_037,
        id_step=5_000_011,
    ),
    plan=_PLAN,
    economics=lambda _, channel: _ECONOMICS[channel],
    paid_share=0.05,
    claim_bias=2.1,
    visits=Visits(
        source="tiktok",
        referrer="https://www.tiktok.com/",
        tags=lambda _, at: (f"ttclid=E.C.P.{at:x}",),
    ),
    first_campaign="the campaign with creators",
    derived=(*parts_of_views(_WATCHED), *parts_of_clicks(_REACTIONS)),
    windows=(Window("7d_click", days=7), Window("1d_view", viewed=True)),
    budgets_of_ad_groups=("TRAFFIC", "LEAD_GENERATION"),
)
