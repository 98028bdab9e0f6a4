"""The things of an organization's mail: audiences, members, messages, what becomes of each mail.

Instants are seconds since 1970 UTC; what never happens is at NEVER.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.sandbox.business.entities import History, Organization
from connectors.sandbox.business.shop_entities import NEVER

NEWSLETTER, FLOW = "newsletter", "flow"
DRAFT, SCHEDULED, CANCELLED, SENT = "draft", "scheduled", "cancelled", "sent"
PENDING, SUBSCRIBED, UNSUBSCRIBED, BOUNCED = "pending", "subscribed", "unsubscribed", "bounced"
HARD, SOFT = "hard", "soft"


@dataclass(frozen=True, slots=True)
class MailSystem:
    """What sets one mail platform apart from another.

    Attributes:
        platform: Its name, which its letters carry as `utm_source`.
        organizations: Who mails with it.
        account_id: From an organization to the id of its account.
        ids: From a kind of thing (`audience`, `member`, `campaign`, `message`, `flow`) and its
            number to the id that the platform gives it.
        claim_days: For how many days after an open or a click an order counts as the mail's.
        claims_opens: Whether an open is enough for that, a machine's too; else it takes a click.
    """

    platform: str
    organizations: tuple[str, ...]
    account_id: Callable[[Organization], str]
    ids: Callable[[str, int], str]
    claim_days: int = 5
    claims_opens: bool = True


@dataclass(frozen=True, slots=True)
class Audience:
    """Members that newsletters are sent to."""

    id: str
    name: str
    created: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Mails that follow from what somebody does."""

    id: str
    name: str
    trigger: str
    created: int


@dataclass(frozen=True, slots=True)
class Message:
    """One newsletter, or one mail of a flow.

    Attributes:
        number: A number that no other message of the organization has.
        campaign_id: Of a newsletter: the id of what is planned and sent; the message is its mail.
        created: When it was first there.
        planned: When it is to be sent; NEVER for a draft and for a mail of a flow.
        sent: When a newsletter was sent. A mail of a flow is sent to one member at a time.
        cancelled: When somebody called it off.
        removed: When somebody deleted it, with all its numbers.
    """

    number: int
    id: str
    campaign_id: str | None
    kind: str
    name: History[str]
    subject: str
    audience: Audience
    flow: Flow | None
    created: int
    planned: int = NEVER
    sent: int = NEVER
    cancelled: int = NEVER
    removed: int = NEVER

    def exists(self, clock: int) -> bool:
        """Says whether it is there as of a clock."""
        return self.created <= clock < self.removed

    def status(self, clock: int) -> str:
        """Returns how it stands as of a clock."""
        if self.sent <= clock or self.flow is not None:
            return SENT
        if self.cancelled <= clock:
            return CANCELLED
        return SCHEDULED if self.planned < NEVER else DRAFT


@dataclass(frozen=True, slots=True)
class Member:
    """One person who gets mail.

    Attributes:
        number: Its position among the members.
        customer: The customer's place in the shop's ledger; None for who has not bought.
        audiences: The audiences that it is in.
        joined: When it asked for mail.
        confirmed: When it confirmed that; NEVER for some, who get no mail.
        left: From when on it gets no mail.
        reason: Why it left: UNSUBSCRIBED or BOUNCED.
        has_proxy: Whether its mail program loads all pictures unasked.
    """

    number: int
    id: str
    customer: int | None
    first_name: str
    last_name: str
    email: str
    country: str
    audiences: tuple[Audience, ...]
    joined: int
    confirmed: int
    left: int
    reason: str
    has_proxy: bool

    def status(self, clock: int) -> str:
        """Returns how it stands as of a clock."""
        if self.left <= clock:
            return self.reason
        return SUBSCRIBED if self.confirmed <= clock else PENDING

    def updated(self, clock: int) -> int:
        """Returns when it last changed as of a clock."""
        return max(at for at in (self.joined, self.confirmed, self.left) if at <= clock)


@dataclass(frozen=True, slots=True)
class Opening:
    """The load of a mail's picture, by its reader or by a machine."""

    at: int
    is_machine: bool


@dataclass(frozen=True, slots=True)
class Click:
    """A click on a link of a mail."""

    at: int
    url: str


@dataclass(frozen=True, slots=True)
class Claim:
    """An order that the platform counts as a mail's.

    Attributes:
        at: When the order was placed.
        row: Its row in the shop's ledger.
        total_cents: What the customer was asked to pay.
        revenue_cents: What of it is neither tax nor shipping.
        is_caused: Whether the mail brought it; else it was only there before.
    """

    at: int
    row: int
    total_cents: int
    revenue_cents: int
    is_caused: bool


@dataclass(frozen=True, slots=True)
class Send:
    """One mail to one member, and all that comes of it.

    Attributes:
        bounce: HARD or SOFT when it did not arrive, at `bounced`.
    """

    message: Message
    member: Member
    at: int
    bounce: str | None
    bounced: int
    openings: tuple[Opening, ...]
    clicks: tuple[Click, ...]
    unsubscribed: int
    complained: int
    claims: tuple[Claim, ...]
