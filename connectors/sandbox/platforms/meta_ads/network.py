"""Meta's side of the business: one account an organization, which bills impressions."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.sandbox.business.catalogue import MORE_PLACES
from connectors.sandbox.business.economics import Economics
from connectors.sandbox.business.entities import Organization
from connectors.sandbox.business.networks import Accounts, Derived, Network, Place, Visits, Window
from connectors.sandbox.business.plans import AdDraft, Ids, Plan, Renaming, paid_social, slug_of

PLATFORM = "meta_ads"
# Two of the three in a currency or a zone of their own.
_PLACES: Mapping[str, Place] = {
    "acme_outdoor": ("US", "USD", "America/Los_Angeles"),
    "kiwi_kitchen": ("ANZ", "AUD", "Australia/Sydney"),
    "chai_house": ("India", "INR", "Asia/Kolkata"),
}
# Few people who see an ad were looking for anything.
_ECONOMICS: Mapping[str, Economics] = {
    "OUTCOME_SALES": Economics(0.016, 0.62, 0.0165, 0.11, paid_by_impression=True),
    "OUTCOME_TRAFFIC": Economics(0.024, 0.28, 0.0060, 0.08, paid_by_impression=True),
    "OUTCOME_ENGAGEMENT": Economics(0.031, 0.17, 0.0030, 0.24, paid_by_impression=True),
    "OUTCOME_AWARENESS": Economics(0.007, 0.44, 0.0045, 0.33, paid_by_impression=True),
    "OUTCOME_LEADS": Economics(0.013, 0.71, 0.0090, 0.05, paid_by_impression=True),
}


def _places(organization: Organization, _: int | None) -> list[Place]:
    elsewhere = MORE_PLACES[(organization.number + 1) % len(MORE_PLACES)]
    return [_PLACES.get(organization.id, elsewhere)]


def _ad_url(ad: AdDraft) -> str:
    slug = slug_of(ad.campaign)
    return paid_social(ad, slug.split("_", 1)[0], slug)


_PLAN = Plan(
    # Ids of 17 digits, as the platform's are: more than a double can hold.
    campaign_ids=Ids(23_846_710_000_000_041, 10_000),
    ad_group_ids=Ids(23_846_720_000_000_073, 20),
    ad_ids=Ids(23_846_730_000_000_059, 10),
    ids_per_account=20_000_000,
    channels=(
        "OUTCOME_SALES", "OUTCOME_SALES", "OUTCOME_TRAFFIC", "OUTCOME_SALES", "OUTCOME_ENGAGEMENT",
        "OUTCOME_AWARENESS", "OUTCOME_LEADS",
    ),
    themes=(
        "Prospecting", "Retargeting", "{product}", "{product} launch", "Community", "Brand film",
        "Newsletter",
    ),
    campaign_name="{theme} – always on{suffix}",
    # The first is held short until it grows.
    room=(0.95, 1.3, 1.6, 1.4, 1.25, 1.35, 1.5),
    audiences=("Broad", "Lookalike 1%", "Engaged 180d", "Cart 14d", "Interests"),
    ad_group_name="{audience} | {number:02d}",
    ad_group_types={
        "OUTCOME_SALES": "OFFSITE_CONVERSIONS",
        "OUTCOME_TRAFFIC": "LINK_CLICKS",
        "OUTCOME_ENGAGEMENT": "POST_ENGAGEMENT",
        "OUTCOME_AWARENESS": "REACH",
        "OUTCOME_LEADS": "LEAD_GENERATION",
    },
    ad_types=lambda _: ("VIDEO", "PHOTO", "SHARE"),
    ad_name=lambda ad: f"{ad.campaign} – {ad.type.title()} {ad.group + 1}.{ad.index + 1}",
    ad_url=_ad_url,
    campaign_statuses={
        1: ((0.50, "PAUSED"), (0.62, "ACTIVE")),
        2: ((0.72, "ARCHIVED"),),
        5: ((0.83, "DELETED"),),
        6: ((0.90, "PAUSED"),),
    },
    ad_group_statuses={(0, 1): ((0.66, "PAUSED"), (0.70, "ACTIVE"))},
    ad_statuses={
        (0, 0, 0): ((0.68, "PAUSED"),),
        (0, 0, 1): ((0.48, "DELETED"),),
        (1, 1, 0): ((0.78, "DISAPPROVED"),),
        (3, 0, 0): ((0.74, "ARCHIVED"),),
    },
    campaign_renaming=Renaming(0.40, 15, "{name} 🚀 v2"),
    ad_group_renaming=Renaming(0.58, 17, "{name} (25-54)"),
)  # fmt: skip

NETWORK = Network(
    platform=PLATFORM,
    accounts=Accounts(
        first_serial=1_000_000,
        places=_places,
        name="{organization} Social",
        # A long run of zeros: the platform deals out no such number, so no account has it.
        first_id=990_000_000_000_037,
        id_step=7_000_019,
    ),
    plan=_PLAN,
    economics=lambda _, channel: _ECONOMICS[channel],
    paid_share=0.17,
    claim_bias=1.75,
    visits=Visits(
        source="facebook",
        referrer="https://l.facebook.com/",
        tags=lambda _, at: (f"fbclid=IwAR{at:x}",),
    ),
    first_campaign="the prospecting campaign",
    derived=(
        Derived("link_clicks", True, lambda _: 0.72),
        Derived("landing_page_views", True, lambda _: 0.57),
        Derived("add_to_carts", True, lambda one: min(0.4, 3.1 * one.conversion_rate)),
        Derived("checkouts", True, lambda one: min(0.3, 1.7 * one.conversion_rate)),
        Derived("video_views", False, lambda one: one.views_rate),
        Derived("reactions", False, lambda one: 0.09 * one.click_rate),
    ),
    windows=(
        Window("1d_click", days=1, counted=False),
        Window("7d_click", days=7),
        Window("28d_click", counted=False),
        Window("1d_view", viewed=True),
    ),
    budgets_of_ad_groups=("OUTCOME_TRAFFIC", "OUTCOME_LEADS"),
    forms=("OUTCOME_LEADS",),
)
