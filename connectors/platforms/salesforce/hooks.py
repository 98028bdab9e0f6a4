"""The organization of a credential, where it is, and the settings that a connection may have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.core.accounts import Account
from connectors.core.errors import AccountGone, AuthRejected
from connectors.core.http import Client
from connectors.core.stream import Page
from connectors.platforms.salesforce.failures import NotThere
from connectors.platforms.salesforce.records import FIELDS, declared, query
from connectors.platforms.salesforce.schema import OBJECTS, PERSONAL

CURRENCY = "currency"
"""Setting of a connection: the currency of an organization that has one alone, e.g. `EUR`."""
_HOST = re.compile(
    r"([a-z0-9-]+(?:\.(?:sandbox|develop|scratch|demo|trailblaze))?)"
    r"(?:\.my\.salesforce(?:-setup)?\.com|\.lightning\.force\.com)?"
)
_DECLARED = re.compile(r"([A-Z]\w+)\.(\w{1,80})")
_MOST = 60
"""Declared fields at most: with all others their names fit into an address."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def my_domain(credential: Mapping[str, str]) -> str:
    """Returns the first part of an organization's host: `acme`, or `acme--uat.sandbox`.

    The pages that people look at are on other hosts (`acme.lightning.force.com`), which may be
    given as well.

    Raises:
        AuthRejected: the credential does not state it.
    """
    stated = credential.get("my_domain", "").strip().lower()
    host = re.sub(r"^https?://", "", stated).partition("/")[0]
    found = _HOST.fullmatch(host)
    if found is None:
        raise AuthRejected(
            f"my_domain is no host of Salesforce: {stated!r}",
            remedy="State my_domain like acme.my.salesforce.com (Setup > My Domain).",
        )
    return found[1]


def eighteen(given: str) -> str:
    """Returns an organization's id of 18 characters; one of 15 lacks three that follow from it."""
    id_ = given.strip()
    if not re.fullmatch(r"00D\w{12}", id_, re.ASCII):
        return id_
    parts = (id_[place : place + 5] for place in (0, 5, 10))
    return id_ + "".join(_LETTERS[_capitals(part)] for part in parts)


def discover(client: Client) -> Iterator[Account]:
    """Yields the one organization that a credential reaches."""
    (found,) = _all(query(client, "SELECT Id, Name, TimeZoneSidKey, IsSandbox FROM Organization"))
    name = f"{found['Name']} (sandbox)" if found.get("IsSandbox") else found["Name"]
    settings = client.account.settings if client.account else {}
    currency = _currency(client) or settings.get(CURRENCY, "")
    yield Account(eighteen(str(found["Id"])), name, currency, str(found["TimeZoneSidKey"] or ""))


def describe_account(client: Client, account: Account) -> Account:
    """Returns the organization with its present name, currency and time zone.

    Raises:
        AccountGone: the credential is one of another organization; a sandbox that was made anew
            is another one, too.
    """
    (found,) = discover(client)
    if found.id != account.id:
        raise AccountGone(
            f"the credential reaches the organization {found.id}, not {account.id}",
            remedy="A sandbox that was refreshed is another organization: connect it anew.",
        )
    return account.described(found.name, found.currency, found.time_zone)


def check_settings(account_id: str, settings: Mapping[str, str]) -> None:
    """Refuses settings of a connection other than fields that may be declared, and its currency.

    Raises:
        ValueError: an unknown setting, or a field that cannot be, or must not be, read.
    """
    for name, value in settings.items():
        if name == CURRENCY:
            if not re.fullmatch("[A-Z]{3}", value):
                raise ValueError(f"{CURRENCY} of salesforce {account_id} is no currency: {value!r}")
        elif name == FIELDS:
            _check_fields(account_id, value)
        else:
            known = f"{FIELDS} and {CURRENCY}"
            raise ValueError(f"salesforce {account_id} has no setting {name!r}, only {known}")


def _check_fields(account_id: str, value: str) -> None:
    names = value.replace(",", " ").split()
    for one in names:
        found = _DECLARED.fullmatch(one)
        if found is None or found[1] not in OBJECTS:
            raise ValueError(f"{one!r} is no field: write it like Opportunity.Channel__c")
        if found[2].lower() in PERSONAL or re.search("email|phone", found[2], re.IGNORECASE):
            raise ValueError(f"{one!r} identifies a person, and is not read")
    if sum(len(declared({FIELDS: value}, one)) for one in OBJECTS) > _MOST:
        raise ValueError(f"{FIELDS} of salesforce {account_id} are more than {_MOST}")


def _currency(client: Client) -> str:
    """Returns the organization's own currency; an organization with one alone does not show it."""
    try:
        rows = _all(query(client, "SELECT IsoCode FROM CurrencyType WHERE IsCorporate = true"))
    except NotThere:
        return ""
    return str(rows[0]["IsoCode"]) if rows else ""


def _all(pages: Iterator[Page]) -> list[dict[str, Any]]:
    return [row for page in pages for row in page.records]


def _capitals(part: str) -> int:
    return sum(1 << place for place, letter in enumerate(part) if letter.isupper())
