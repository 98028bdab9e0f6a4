"""What LinkedIn Ads must come to; it shows no hours."""

from __future__ import annotations

from connectors.sandbox.truth.ads import WITHOUT_HOURS, AdsTruth
from connectors.sandbox.truth.question import Answer, Row


def _more(figures: dict[str, int]) -> Row:
    return {"leads": figures["oneClickLeads"], "video_views": figures["videoViews"]}


LEVELS: dict[str, Answer] = AdsTruth(
    "linkedin_ads",
    _more,
    # A campaign group has no daily budget: its campaigns have.
    lambda *_: {"budget": None},
).levels(*WITHOUT_HOURS)
