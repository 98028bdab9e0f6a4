"""What Klaviyo must come to: what it does not tell apart is None, an order is with its tax."""

from __future__ import annotations

from connectors.sandbox.platforms.klaviyo.system import SYSTEM
from connectors.sandbox.truth.mail import levels_of
from connectors.sandbox.truth.question import Answer, Row

_UNPARTED = dict.fromkeys(("human_opens", "machine_opens", "unique_human_opens"))
_BOUNCES = dict.fromkeys(("hard_bounces", "soft_bounces"))


def _shown(level: str, row: Row) -> Row:
    if level == "mail_message":
        return {**row, "status": "live"} if row["flow_id"] else row
    if level == "mail_sent_day":
        return {**row, **_UNPARTED, **_BOUNCES, "revenue": row["spent"]}
    if level == "mail_message_day":
        # Of a mail that bounces Klaviyo has no other event.
        counted = {"delivered": row["received"], "revenue": row["spent"], **_UNPARTED}
        bounced = row["hard_bounces"] + row["soft_bounces"]
        return {**row, **counted, "sent": row["received"] + bounced}
    return row


LEVELS: dict[str, Answer] = levels_of(SYSTEM, biased=_shown)
