"""What Mailchimp must come to: its newsletters. What journeys bring, its API does not show."""

from __future__ import annotations

from connectors.sandbox.platforms.mailchimp.site import SYSTEM, is_campaign
from connectors.sandbox.truth.mail import levels_of
from connectors.sandbox.truth.question import Answer

LEVELS: dict[str, Answer] = levels_of(SYSTEM, is_campaign)
