"""Google Ads' side of the business: the network that every organization is on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from connectors.sandbox.business.catalogue import MORE_PLACES
from connectors.sandbox.business.economics import Economics
from connectors.sandbox.business.entities import Organization
from connectors.sandbox.business.networks import Accounts, Derived, Network, Place, Visits
from connectors.sandbox.business.plans import ACTIVE, AdDraft, Ids, Plan, Renaming, Spacing, picture

DEVICES = ("DESKTOP", "MOBILE", "TABLET")
_PERFORMANCE_MAX = "PERFORMANCE_MAX"
_PLACES: Mapping[str, tuple[Place, ...]] = {
    "acme_outdoor": (("EU", "EUR", "Europe/Berlin"), ("US", "USD", "America/New_York")),
    "kiwi_kitchen": (("NZ", "NZD", "Pacific/Auckland"),),
    "chai_house": (("India", "INR", "Asia/Kolkata"), ("UK", "GBP", "Europe/London")),
}
_ECONOMICS: Mapping[str, Economics] = {
    "BRAND": Economics(0.120, 0.45, 0.0410),
    "SEARCH": Economics(0.045, 0.95, 0.0200),
    "SHOPPING": Economics(0.013, 0.48, 0.0150),
    "DISPLAY": Economics(0.006, 0.31, 0.0048, 0.0, 0.0020, True),
    "VIDEO": Economics(0.009, 0.40, 0.0042, 0.31, 0.0015, True),
    _PERFORMANCE_MAX: Economics(0.019, 0.55, 0.0180, 0.02, 0.0008),
    "DEMAND_GEN": Economics(0.011, 0.37, 0.0056, 0.05, 0.0012),
}
_AD_TYPES = {
    "SEARCH": ("RESPONSIVE_SEARCH_AD",),
    "SHOPPING": ("SHOPPING_PRODUCT_AD",),
    "DISPLAY": ("IMAGE_AD", "RESPONSIVE_DISPLAY_AD"),
    "VIDEO": ("VIDEO_RESPONSIVE_AD",),
    "DEMAND_GEN": ("DEMAND_GEN_MULTI_ASSET_AD",),
}
_AT_ONCE = timedelta(0)


def _places(organization: Organization, wanted: int | None) -> list[Place]:
    number = organization.number
    more = [MORE_PLACES[(number + index) % len(MORE_PLACES)] for index in range(wanted or 2)]
    scripted = list(_PLACES.get(organization.id, ()))
    if not scripted:
        return more
    return scripted if wanted is None else (scripted + more)[:wanted]


def _ad_name(ad: AdDraft) -> str | None:
    if ad.type in ("RESPONSIVE_SEARCH_AD", "SHOPPING_PRODUCT_AD"):
        return None
    return f"{ad.campaign} - {ad.group + 1}.{ad.index + 1}"


def _ad_url(ad: AdDraft) -> str | None:
    if ad.type == "SHOPPING_PRODUCT_AD":
        return None
    slug = "_".join(ad.campaign.lower().replace("|", " ").split())
    page = slug.split("_", 1)[-1].replace("_", "-")
    term = f"&utm_term={page}" if ad.type == "RESPONSIVE_SEARCH_AD" else ""
    return (
        f"{ad.site}/{page}?utm_source=google&utm_medium=cpc"
        f"&utm_campaign={slug}{term}&utm_content={ad.id}"
    )


def click_id(campaign: int, at: int) -> str:
    """Returns the gclid of a click on an ad of a campaign; `at` in seconds since 1970 UTC."""
    return f"Cj0K{campaign:x}Q{at:x}BwE"


_PLAN = Plan(
    campaign_ids=Ids(20_000_000_001, 7),
    ad_group_ids=Ids(150_000_000_001, 3),
    ad_ids=Ids(700_000_000_001, 11),
    ids_per_account=10_000_000,
    channels=(
        "SEARCH", "SEARCH", "SHOPPING", "DISPLAY", "VIDEO", _PERFORMANCE_MAX, "DEMAND_GEN",
    ),
    themes=(
        "Brand", "{product}", "{product}", "Remarketing", "{product}", "All Products", "{product}",
    ),
    campaign_name="{channel} | {theme}{suffix}",
    # The first is held short until it doubles.
    room=(0.85, 1.3, 1.5, 1.6, 1.35, 1.15, 1.4),
    audiences=("Core", "Discovery", "Loyal", "Lookalike", "Seasonal"),
    ad_group_name="{audience} {number:02d}",
    # Demand Gen ad groups have no type: the platform keeps UNSPECIFIED, which JSON leaves out.
    ad_group_types={
        "SEARCH": "SEARCH_STANDARD",
        "SHOPPING": "SHOPPING_PRODUCT_ADS",
        "DISPLAY": "DISPLAY_STANDARD",
        "VIDEO": "VIDEO_RESPONSIVE",
    },
    ad_types=lambda channel: _AD_TYPES[channel],
    ad_name=_ad_name,
    ad_url=_ad_url,
    ad_image=lambda ad: picture(ad) if ad.type == "IMAGE_AD" else None,
    campaign_statuses={
        1: ((0.55, "PAUSED"), (0.65, "ENABLED")),
        2: ((0.75, "REMOVED"),),
        6: ((0.92, "PAUSED"),),
    },
    ad_group_statuses={},
    ad_statuses={(0, 0, 0): ((0.70, "PAUSED"),), (0, 0, 1): ((0.50, "REMOVED"),)},
    campaign_renaming=Renaming(0.45, 10, "{name} (always on)"),
    ad_group_renaming=Renaming(0.6, 16, "{name} (broad)"),
    words={ACTIVE: "ENABLED"},
    created=(30, timedelta(hours=9)),
    spacing=Spacing(_AT_ONCE, _AT_ONCE, _AT_ONCE, _AT_ONCE),
    late_start=(0.30, 9, 2),
    early_end=0.85,
    budget_growth=(0.5, 14, 4),
    without_ad_groups=frozenset({_PERFORMANCE_MAX}),
    bidding=frozenset({"SEARCH"}),
    last_of_few=_PERFORMANCE_MAX,
    budget_id=3,
    ad_stands_twice=True,
)  # fmt: skip

NETWORK = Network(
    platform="google_ads",
    accounts=Accounts(
        first_serial=0,
        places=_places,
        name="{organization} {region}",
        # A long run of zeros: the platform deals out no such number, so no account has it.
        first_id=4_100_000_037,
        id_step=1_000_003,
        most=100,
    ),
    plan=_PLAN,
    economics=lambda name, channel: _ECONOMICS["BRAND" if name.endswith("Brand") else channel],
    paid_share=0.25,
    claim_bias=1.65,
    visits=Visits(
        source="google",
        referrer="https://www.google.com/",
        tags=lambda campaign, at: (
            "gad_source=1", f"gad_campaignid={campaign}", f"gclid={click_id(campaign, at)}",
        ),
    ),
    first_campaign="the brand campaign",
    derived=(
        Derived("view_through_conversions", False, lambda one: one.view_through_rate),
        Derived("video_views", False, lambda one: one.views_rate),
    ),
    devices=(0.36, 0.58, 0.06),
    forms=("DEMAND_GEN",),
)  # fmt: skip
