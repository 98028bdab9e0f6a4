"""What Everflow must come to."""

from __future__ import annotations

from connectors.sandbox.platforms.everflow.network import NETWORK
from connectors.sandbox.truth.affiliates import levels_of
from connectors.sandbox.truth.question import Answer

LEVELS: dict[str, Answer] = levels_of(NETWORK)
