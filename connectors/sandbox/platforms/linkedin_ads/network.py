"""LinkedIn's side of the business: one organization sells to companies there; days are UTC's."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.sandbox.business.economics import Economics
from connectors.sandbox.business.networks import (
    Accounts,
    Derived,
    Network,
    Place,
    Visits,
    Window,
    parts_of_clicks,
    parts_of_views,
)
from connectors.sandbox.business.plans import Ids, Plan, Renaming, paid_social, slug_of

_PLACES: Mapping[str, tuple[Place, ...]] = {"chai_house": (("Corporate", "INR", "UTC"),)}
# Clicks are dear, and few of those who click buy; who does, buys presents for a whole office.
_ECONOMICS: Mapping[str, Economics] = {
    "WEBSITE_CONVERSION": Economics(0.0062, 1.55, 0.0420, 0.10, 0.0, True),
    "WEBSITE_VISIT": Economics(0.0071, 1.10, 0.0240, 0.08, 0.0, True),
    "LEAD_GENERATION": Economics(0.0054, 1.70, 0.0330, 0.06, 0.0, True),
    "BRAND_AWARENESS": Economics(0.0040, 1.05, 0.0180, 0.12, 0.0, True),
    "VIDEO_VIEW": Economics(0.0048, 0.95, 0.0170, 0.38, 0.0, True),
    "ENGAGEMENT": Economics(0.0085, 0.90, 0.0190, 0.09, 0.0, True),
}
_OF_CLICKS = {
    "landingPageClicks": 0.81, "likes": 0.11, "comments": 0.013, "shares": 0.02, "reactions": 0.16,
    "follows": 0.017, "totalEngagements": 1.21, "sends": 0.0, "opens": 0.0,
}  # fmt: skip
_OF_VIEWS = {
    "videoStarts": 1.0, "videoViews": 0.62, "videoFirstQuartileCompletions": 0.47,
    "videoMidpointCompletions": 0.31, "videoThirdQuartileCompletions": 0.22,
    "videoCompletions": 0.17,
}  # fmt: skip


_PLAN = Plan(
    campaign_ids=Ids(615_000_066, 17),
    ad_group_ids=Ids(252_000_216, 13),
    ad_ids=Ids(287_000_206, 11),
    ids_per_account=10_000,
    channels=(
        "WEBSITE_CONVERSION", "LEAD_GENERATION", "WEBSITE_VISIT", "WEBSITE_CONVERSION",
        "VIDEO_VIEW", "BRAND_AWARENESS", "ENGAGEMENT",
    ),
    themes=(
        "Offices", "Gift budgets", "{product}", "{product} for teams", "The tasting", "Who we are",
        "Recipes",
    ),
    campaign_name="B2B: {theme}{suffix}",
    audiences=("HR managers", "Office managers", "Founders", "Event planners"),
    ad_group_name="{audience} – {number:02d}",
    ad_types=lambda _: ("share", "ugcPost", "textAd"),
    ad_name=lambda _: None,
    ad_url=lambda ad: paid_social(ad, "pages/offices", slug_of(ad.campaign, "-")),
    ad_group_renaming=Renaming(0.57, 10, "{name}, India"),
)  # fmt: skip

NETWORK = Network(
    platform="linkedin_ads",
    accounts=Accounts(
        first_serial=2_000_000,
        places=lambda organization, _: _PLACES.get(organization.id, ()),
        name="{organization} {region}",
        # A long run of zeros: the platform deals out no such number.
        first_id=500_000_037,
        id_step=19,
    ),
    plan=_PLAN,
    economics=lambda _, channel: _ECONOMICS[channel],
    paid_share=0.035,
    claim_bias=1.3,
    visits=Visits(
        source="linkedin",
        referrer="https://www.linkedin.com/",
        tags=lambda _, at: (f"li_fat_id={at:x}",),
    ),
    first_campaign="the offices campaign group",
    derived=(
        Derived("oneClickLeads", True, lambda one: 1.4 * one.conversion_rate),
        Derived("oneClickLeadFormOpens", True, lambda one: 3.2 * one.conversion_rate),
        *parts_of_clicks(_OF_CLICKS),
        *parts_of_views(_OF_VIEWS),
    ),
    windows=(Window("post_click"), Window("post_view", viewed=True, days=7)),
    budgets_of_ad_groups=tuple(_ECONOMICS),
    forms=("LEAD_GENERATION",),
)
