"""Audiences, campaigns, reports and members as the API writes them, as of one clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from connectors.sandbox.business.mail import MailBook
from connectors.sandbox.business.mail_entities import (
    BOUNCED,
    CANCELLED,
    DRAFT,
    PENDING,
    SCHEDULED,
    SENT,
    SUBSCRIBED,
    UNSUBSCRIBED,
    Audience,
    Member,
    Message,
    Send,
)
from connectors.sandbox.platforms.mailchimp.figures import figures
from connectors.sandbox.platforms.mailchimp.site import hash_of, is_campaign
from connectors.sandbox.wire.amounts import number

Json = dict[str, Any]
ARCHIVED = "archived"
_CAMPAIGN_WORDS = {SENT: "sent", SCHEDULED: "schedule", DRAFT: "save", CANCELLED: "canceled"}
_MEMBER_WORDS = {SUBSCRIBED: "subscribed", UNSUBSCRIBED: "unsubscribed", BOUNCED: "cleaned",
                 PENDING: "pending"}  # fmt: skip
_TIDIED_AFTER = 3 * 86_400
_WITHOUT_PROXY = 2
"""The oldest reports: from before opens of machines were known."""


def stamp(seconds: int) -> str:
    """Returns an instant as the API writes it; what never was is an empty text."""
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds else ""


class Writer:
    """Writes the resources of one account as of one clock."""

    def __init__(self, book: MailBook, clock: int) -> None:
        self.book, self.clock = book, clock

    def campaigns(self) -> list[Message]:
        """Returns the campaigns that are there."""
        return [one for one in self.book.messages.newsletters if one.exists(self.clock)]

    def sent(self) -> list[Message]:
        """Returns those that have been sent, the newest first."""
        return [one for one in reversed(self.campaigns()) if one.sent <= self.clock]

    def find(self, campaign: str) -> Message | None:
        """Returns a campaign that has been sent, by its id."""
        return next((one for one in self.sent() if one.id == campaign), None)

    def account(self) -> Json:
        """Returns what the account is."""
        shop = self.book.book.shop
        return {
            "account_id": self.book.account_id,
            "login_id": "1",
            "account_name": shop.organization.name,
            "email": "owner@example.com",
            "account_timezone": shop.time_zone,
            "total_subscribers": len(self._members(self.book.messages.audiences[0])),
        }

    def audience(self, one: Audience) -> Json:
        """Returns an audience."""
        words = [self._word(member) for member in self._members(one)]
        sent = [each.sent for each in self.sent() if each.audience is one]
        mine = [each for each in self.campaigns() if each.audience is one]
        return {
            "id": one.id,
            "web_id": int(one.id[:5], 16),
            "name": one.name,
            "contact": {"company": "Kitchen", "city": "Auckland", "country": "NZ", "phone": ""},
            "campaign_defaults": {"from_name": "Kit", "from_email": "kit@example.com"},
            "date_created": stamp(one.created),
            "list_rating": 3,
            "double_optin": True,
            "stats": {
                "member_count": words.count("subscribed"),
                "unsubscribe_count": words.count("unsubscribed"),
                "cleaned_count": words.count("cleaned"),
                "campaign_count": len(mine),
                "campaign_last_sent": stamp(max(sent, default=0)),
                "open_rate": 42.5,
                "click_rate": 7,
                "last_sub_date": "",
                "last_unsub_date": "",
            },
            "_links": [{"rel": "self", "href": "https://us21.api.mailchimp.com/3.0/lists"}],
        }

    def campaign(self, one: Message) -> Json:
        """Returns a campaign."""
        status = one.status(self.clock)
        planned = 0 if status in (DRAFT, CANCELLED) else one.planned
        sent = figures(self.book.sends(one), self.clock).sent
        return {
            "id": one.id,
            "web_id": one.number,
            "type": "regular",
            "create_time": stamp(one.created),
            "archive_url": "http://eepurl.com/x",
            "status": _CAMPAIGN_WORDS[status],
            "emails_sent": sent,
            "send_time": stamp(planned),
            "content_type": "template",
            "recipients": {
                "list_id": one.audience.id,
                "list_is_active": True,
                "list_name": one.audience.name,
                "segment_text": "",
                "recipient_count": sent,
            },
            "settings": {
                "subject_line": one.subject,
                "preview_text": "",
                "title": one.name.at(datetime.fromtimestamp(self.clock, UTC)),
                "from_name": "Kit",
                "reply_to": "kit@example.com",
                "template_id": 13,
            },
            "tracking": {"opens": True, "html_clicks": True, "google_analytics": ""},
            "delivery_status": {"enabled": False},
            "_links": [],
        }

    def report(self, one: Message) -> Json:
        """Returns what a campaign came to so far."""
        found = figures(self.book.sends(one), self.clock)
        arrived = max(found.sent - found.hard - found.soft, 1)
        opens: Json = {
            "opens_total": found.opens,
            "unique_opens": found.openers,
            "open_rate": found.openers / arrived,
            "last_open": stamp(found.last_open),
        }
        if one.number > _WITHOUT_PROXY:
            opens["proxy_excluded_opens"] = found.read
            opens["proxy_excluded_unique_opens"] = found.readers
            opens["proxy_excluded_open_rate"] = found.readers / arrived
        shop = self.book.book.shop
        return {
            "id": one.id,
            "campaign_title": one.name.at(datetime.fromtimestamp(self.clock, UTC)),
            "type": "regular",
            "list_id": one.audience.id,
            "list_is_active": True,
            "list_name": one.audience.name,
            "subject_line": one.subject,
            "preview_text": "",
            "emails_sent": found.sent,
            "abuse_reports": found.complained,
            "unsubscribed": found.unsubscribed,
            "send_time": stamp(one.sent),
            "bounces": {
                "hard_bounces": found.hard,
                "soft_bounces": found.soft,
                "syntax_errors": 0,
            },
            "forwards": {"forwards_count": 0, "forwards_opens": 0},
            "opens": opens,
            "clicks": {
                "clicks_total": found.clicks,
                "unique_clicks": found.links_clicked,
                "unique_subscriber_clicks": found.clickers,
                "click_rate": found.clickers / arrived,
                "last_click": stamp(found.last_click),
            },
            "list_stats": {"sub_rate": 3, "unsub_rate": 1, "open_rate": 40, "click_rate": 5.5},
            "ecommerce": {
                "total_orders": found.orders,
                "total_spent": number(found.total_cents),
                "total_revenue": number(found.revenue_cents),
                "currency_code": shop.currency,
            },
            "delivery_status": {"enabled": False},
            "_links": [],
        }

    def members(self, audience: Audience) -> list[Json]:
        """Returns the members of an audience, archived ones too, by their changes."""
        found = [self._member(audience, one) for one in self._members(audience)]
        return sorted(found, key=lambda one: (one["last_changed"], one["id"]))

    def _member(self, audience: Audience, one: Member) -> Json:
        word = self._word(one)
        changed = one.left + _TIDIED_AFTER if word == ARCHIVED else one.updated(self.clock)
        return {
            "id": hash_of(one.email),
            "email_address": one.email,
            "unique_email_id": hash_of(one.email)[:10],
            "contact_id": hash_of(f"{audience.id} {one.email}"),
            "full_name": f"{one.first_name} {one.last_name}",
            "web_id": one.number + 1,
            "email_type": "html",
            "status": word,
            "merge_fields": {"FNAME": one.first_name, "LNAME": one.last_name, "ADDRESS": ""},
            "stats": {"avg_open_rate": 0.5, "avg_click_rate": 0},
            "ip_signup": "",
            "timestamp_signup": "",
            "ip_opt": "203.0.113.9",
            "timestamp_opt": stamp(one.joined if one.confirmed > self.clock else one.confirmed),
            "member_rating": 2,
            "last_changed": stamp(changed),
            "language": "",
            "vip": one.number % 50 == 0,
            "location": {"latitude": 0, "longitude": 0, "country_code": one.country},
            "source": "Import" if one.customer is None else "Checkout",
            "tags": [],
            "list_id": audience.id,
        }

    def _members(self, audience: Audience) -> list[Member]:
        return [
            one
            for one in self.book.members
            if audience in one.audiences and one.joined <= self.clock
        ]

    def _word(self, one: Member) -> str:
        status = one.status(self.clock)
        # Some are put away a few days after they have left.
        tidied = status == UNSUBSCRIBED and one.number % 2 == 0
        if tidied and one.left + _TIDIED_AFTER <= self.clock:
            return ARCHIVED
        return _MEMBER_WORDS[status]

    def recipients(self, campaign: str) -> list[Send] | None:
        """Returns the mails of a campaign that has been sent; None where there is none."""
        one = self.find(campaign)
        if one is None or not is_campaign(one):
            return None
        return [send for send in self.book.sends(one) if send.at <= self.clock]
