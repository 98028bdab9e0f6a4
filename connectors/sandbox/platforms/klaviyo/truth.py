"""What Klaviyo must come to: what it does not tell apart is None, an order is with its tax."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.klaviyo.system import SYSTEM
from connectors.sandbox.truth.mail import levels_of
from connectors.sandbox.truth.question import Answer, Question, Row

_UNPARTED = dict.fromkeys(("human_opens", "machine_opens", "unique_human_opens"))
_BOUNCES = dict.fromkeys(("hard_bounces", "soft_bounces"))


def _shown(level: str, row: Row) -> Row:
    """Returns a row of the mail's truth as Klaviyo shows it."""
    if level == "mail_message":
        return {**row, "status": "live"} if row["flow_id"] else row
    shown = {**row, **_UNPARTED, "revenue": row["spent"]}
    if level == "mail_sent_day":
        return shown | _BOUNCES
    # Of a mail that bounces Klaviyo has no other event.
    bounced = row["hard_bounces"] + row["soft_bounces"]
    return shown | {"delivered": row["received"], "sent": row["received"] + bounced}


def _biased(level: str, answer: Answer) -> Answer:
    def rows(business: Business, question: Question) -> Iterator[Row]:
        return (_shown(level, row) for row in answer(business, question))

    return rows


LEVELS: dict[str, Answer] = {
    level: _biased(level, one) if level.startswith(("mail_message", "mail_sent")) else one
    for level, one in levels_of(SYSTEM).items()
}
