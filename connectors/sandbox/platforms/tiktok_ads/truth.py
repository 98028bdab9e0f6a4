"""What TikTok Ads must come to: the core of every ad platform."""

from __future__ import annotations

from datetime import datetime

from connectors.sandbox.business.entities import Campaign
from connectors.sandbox.truth.ads import CENT, AdsTruth
from connectors.sandbox.truth.question import Answer, Row


def _more(figures: dict[str, int]) -> Row:
    return {"video_views": figures["video_play_actions"]}


def _describe(campaign: Campaign, clock: datetime) -> Row:
    """Returns a campaign's budget; None where its ad groups have it."""
    if campaign.channel in ("TRAFFIC", "LEAD_GENERATION"):
        return {"budget": None}
    return {"budget": str(campaign.budget_cents.at(clock) * CENT)}


def _standing(statuses: tuple[str, ...]) -> Row:
    effective = "DELETE" if "DELETE" in statuses else statuses[-1]
    return {"status": statuses[-1], "effective_status": effective}


LEVELS: dict[str, Answer] = AdsTruth("tiktok_ads", _more, _describe, _standing).levels()
