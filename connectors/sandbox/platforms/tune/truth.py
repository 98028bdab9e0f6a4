"""What TUNE must come to: its API has no raw clicks, and nothing waits for a release."""

from __future__ import annotations

from connectors.sandbox.platforms.tune.network import NETWORK
from connectors.sandbox.truth.affiliates import levels_of
from connectors.sandbox.truth.question import Answer

LEVELS: dict[str, Answer] = {
    level: answer
    for level, answer in levels_of(NETWORK).items()
    if level not in ("affiliate_click", "affiliate_hold")
}
