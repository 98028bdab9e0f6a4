"""Who mails with Mailchimp, and the keys of the accounts."""

from __future__ import annotations

import hashlib

from connectors.sandbox.business.entities import Organization
from connectors.sandbox.business.mail_entities import MailSystem, Message

PLATFORM = "mailchimp"
KEY = "sandbox-mailchimp-{}-us21"
"""The key of an account, by the id of its organization: a literal of the sandbox."""


def _account_id(organization: Organization) -> str:
    return hashlib.md5(f"mailchimp {organization.id}".encode()).hexdigest()[:24]


def _id(kind: str, number: int) -> str:
    # A campaign is its own message.
    named = "campaign" if kind == "message" else kind
    return hashlib.md5(f"mailchimp {named} {number}".encode()).hexdigest()[:10]


SYSTEM = MailSystem(
    platform=PLATFORM,
    organizations=("kiwi_kitchen",),
    account_id=_account_id,
    ids=_id,
    # A reader's browser remembers the campaign of the last click for a month.
    claim_days=30,
    claims_opens=False,
)


def is_campaign(message: Message) -> bool:
    """Says whether the API shows anything of a message: it has newsletters, and no journeys."""
    return message.flow is None


def hash_of(email: str) -> str:
    """Returns the id of a member: the MD5 of the address in small letters."""
    return hashlib.md5(email.lower().encode()).hexdigest()
