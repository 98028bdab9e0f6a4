"""The account that a key opens, the data centre that it names, and what refusals mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.core.accounts import Account
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    RateLimited,
    ServerTrouble,
    ShapeChanged,
    VersionSunset,
)
from connectors.core.http import Client
from connectors.core.replies import Reply
from connectors.platforms.mailchimp.listings import API, NotThere

KEYS = "Mailchimp > Profile > Extras > API keys"
_THROTTLED_SECONDS = 30.0
"""How long to wait when the edge turns requests away; it says nothing of that itself."""
_REMEDIES = {
    "API Key Invalid": f"Copy the key whole, with the data centre at its end (-us21) ({KEYS}).",
    "Wrong Datacenter": "State the account's present data centre: it may have been moved.",
    "User Disabled": "Ask the account's owner to enable the user whose key it is.",
    "Authorization Failure": "The account's plan does not have this.",
}


def data_centre(credential: Mapping[str, str]) -> str:
    """Returns where an account lives: what stands behind the last dash of its key.

    A token of OAuth does not say it, so it is stated beside.

    Raises:
        AuthRejected: neither does.
    """
    stated = credential.get("data_centre", "").strip().lower()
    _, dash, named = credential.get("api_key", "").strip().rpartition("-")
    place = (named if dash else "") or stated
    if not place:
        raise AuthRejected(
            "the credential does not say in which data centre its account is",
            remedy=f"A key ends with it (…-us21): copy it whole ({KEYS}). Beside an access token "
            "state data_centre: it is the beginning of the address that you see when signed in.",
        )
    return place


def discover(client: Client) -> Iterator[Account]:
    """Yields the one account that a credential opens."""
    yield _described(client, _root(client))


def describe_account(client: Client, account: Account) -> Account:
    """Returns the account with its present name, currency and time zone.

    Raises:
        AccountGone: The credential opens another one.
    """
    root = _root(client)
    if str(root.get("account_id")) != account.id:
        raise AccountGone(
            f"the key opens the account {root.get('account_id')}, not {account.id}",
            remedy="Connect the account whose id the message names, or use its own key.",
        )
    return _described(client, root, account)


def read_error(reply: Reply) -> ConnectorError | None:
    """Reads error bodies; what it leaves out is read by its HTTP status."""
    if reply.status < 400:
        return None
    said = reply.data if isinstance(reply.data, dict) else {}
    title = str(said.get("title", ""))
    detail = str(said.get("detail", "")) or reply.excerpt
    text = f"{title}: {detail}" if title else f"HTTP {reply.status}: {detail}"
    if reply.status in (403, 429, 503) and not said:
        # The edge turns away who asks too much, in HTML or with nothing at all.
        return RateLimited(text, retry_after=_THROTTLED_SECONDS)
    if reply.status == 429:
        return RateLimited(text)
    if reply.status >= 500:
        return ServerTrouble(text)
    if reply.status in (401, 403):
        remedy = _REMEDIES.get(title, f"Check the key, or make a new one ({KEYS}).")
        return AuthRejected(text, remedy=remedy)
    if reply.status == 410:
        return VersionSunset(text)
    if reply.status == 404:
        return NotThere(text)
    fields = ", ".join(_invalid(said.get("errors")))
    return BadRequest(f"{text} ({fields})" if fields else text)


def _invalid(errors: Any) -> Iterator[str]:
    for one in errors if isinstance(errors, list) else ():
        if isinstance(one, dict):
            yield f"{one.get('field')}: {one.get('message')}"


def _root(client: Client) -> dict[str, Any]:
    fields = "account_id,account_name,account_timezone"
    reply = client.get(f"{API}/", params={"fields": fields})
    if not isinstance(reply.data, dict) or not reply.data.get("account_id"):
        raise ShapeChanged(f"the answer names no account: {reply.excerpt}")
    return reply.data


def _described(client: Client, root: dict[str, Any], account: Account | None = None) -> Account:
    known = account or Account(str(root["account_id"]))
    return known.described(
        root.get("account_name"), _currency(client), root.get("account_timezone")
    )


def _currency(client: Client) -> str:
    """Returns the currency that the newest report counts orders in; the account states none."""
    asked = {"count": "1", "fields": "reports.ecommerce.currency_code"}
    data = client.get(f"{API}/reports", params=asked).data
    reports = data.get("reports") if isinstance(data, dict) else None
    for one in reports if isinstance(reports, list) else ():
        return str((one.get("ecommerce") or {}).get("currency_code") or "")
    return ""
