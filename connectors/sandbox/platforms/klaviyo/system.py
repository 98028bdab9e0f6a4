"""Klaviyo's side of the business: who mails with it, its ids, what it counts as a mail's order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from connectors.sandbox.business.mail_entities import MailSystem
from connectors.sandbox.business.mail_events import (
    BOUNCED,
    CLICKED,
    COMPLAINED,
    OPENED,
    ORDERED,
    RECEIVED,
    UNSUBSCRIBED,
)

PLATFORM = "klaviyo"
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LONG = frozenset({"campaign", "message", "member"})


def made_id(kind: str, number: object) -> str:
    """Returns an id: 26 characters of campaigns, messages and profiles, 6 of what is older."""
    digest = hashlib.sha256(f"klaviyo {kind} {number}".encode()).digest()
    length, start = (23, "01J") if kind in _LONG else (5, "S")
    return start + "".join(_DIGITS[one % 32] for one in digest[:length])


SYSTEM = MailSystem(
    platform=PLATFORM,
    organizations=("acme_outdoor",),
    account_id=lambda organization: f"Sand{organization.number:02d}",
    ids=made_id,
)


@dataclass(frozen=True, slots=True)
class Metric:
    """A kind of event that every account has; its id is another one in each."""

    name: str
    integration: str
    category: str

    def id(self, account: str) -> str:
        """Returns its id in an account."""
        return made_id("metric", f"{account} {self.name} {self.integration}")


_OWN = {
    RECEIVED: "Received Email", OPENED: "Opened Email", CLICKED: "Clicked Email",
    BOUNCED: "Bounced Email", COMPLAINED: "Marked Email as Spam",
    UNSUBSCRIBED: "Unsubscribed from Email Marketing",
}  # fmt: skip
METRICS = {
    **{kind: Metric(name, "Klaviyo", "Internal") for kind, name in _OWN.items()},
    ORDERED: Metric("Placed Order", "Shopify", "eCommerce"),
    # Another sender's metric may have the name of one of Klaviyo's own.
    "api": Metric("Clicked Email", "API", "API"),
}
"""By the kind of their events."""
