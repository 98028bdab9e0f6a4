"""What Trackier must come to: its API has no corrections and no invoices."""

from __future__ import annotations

from connectors.sandbox.platforms.trackier.network import NETWORK
from connectors.sandbox.truth.affiliates import levels_of
from connectors.sandbox.truth.question import Answer

LEVELS: dict[str, Answer] = {
    level: answer
    for level, answer in levels_of(NETWORK).items()
    if level in ("affiliate_conversion", "affiliate_click", "affiliate_day")
}
