"""Questions to the Graph API, and lists walked by cursor.

Lists and maps in parameters are JSON. A list ends where `paging.next` is missing; that address
holds the access token, so it is never followed nor kept: the cursor beside it says the same.
https://developers.facebook.com/docs/graph-api/results
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from connectors.core import addresses
from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import ServerTrouble, ShapeChanged, TooHeavy
from connectors.core.http import Client
from connectors.core.paginators import TokenInBody
from connectors.core.replies import Reply
from connectors.core.stream import Page

LARGEST_PAGE = 500
SMALLEST_PAGE = 10
"""Records. A page this small that is still too much for Meta will not get better by halving."""


def account_id(account: Account) -> str:
    """Returns the id as rows have it, without the prefix of the account's node."""
    return without_prefix(account.id)


def without_prefix(given: str) -> str:
    """Returns an account's number: `act_1`, as Meta's pages show it, is 1."""
    return re.sub(r"(?i)^act[_=]", "", given.strip())


def path(client: Client, *parts: str) -> str:
    """Returns the path of a node or edge; without a version Meta would take the app's oldest."""
    return addresses.path(client.platform.api_version, *parts)


def account_path(client: Client, account: Account, *parts: str) -> str:
    """Returns the path of an account's node or of one of its edges."""
    return path(client, f"act_{account_id(account)}", *parts)


def parameters(client: Client, values: Mapping[str, object]) -> dict[str, str]:
    """Returns parameters as Meta reads them, with the proof that the app's secret is known."""
    texts = {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in values.items()
    }
    secret, token = (
        client.credential.get("app_secret", ""),
        client.credential.get("access_token", ""),
    )
    if secret:
        proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        client.redact.learn(proof)
        texts["appsecret_proof"] = proof
    return texts


def fields(columns: Sequence[Column]) -> str:
    """Returns the fields that columns are read from: `id,name,creative{id,url_tags}`."""
    names: dict[str, list[str]] = {}
    for column in columns:
        name, _, inner = column.source.partition(".")
        names.setdefault(name, []).extend([inner] if inner else [])
    return ",".join(
        f"{name}{{{','.join(inner)}}}" if inner else name for name, inner in names.items()
    )


def node(client: Client, place: str, values: Mapping[str, object]) -> Reply:
    """Returns one node.

    Raises:
        ConnectorError: as Meta answers. ShapeChanged when it is no object.
    """
    reply = client.get(place, params=parameters(client, values))
    if not isinstance(reply.data, dict):
        raise odd(client, "a node is not an object", reply)
    return reply


def odd(client: Client, what: str, reply: Reply) -> ShapeChanged:
    """Returns the error of an odd answer; its beginning may hold an address with a token."""
    return ShapeChanged(f"{what}: {client.redact(reply.excerpt)}")


def walk(
    client: Client, place: str, values: Mapping[str, object], limit: int = LARGEST_PAGE
) -> Iterator[Page]:
    """Yields the pages of a list; a page may be empty and yet not be the last.

    When Meta asks to reduce the amount of data, or fails in a way that it also fails when a page is
    too much, the page is asked for again with half the limit.

    Raises:
        ConnectorError: as Meta answers. ShapeChanged when it serves one page again and again.
    """
    asked, cursor = parameters(client, values), dict[str, str]()
    trail = TokenInBody("after", "after")
    while True:
        try:
            reply = client.get(place, params={**asked, "limit": str(limit), **cursor})
        except (TooHeavy, ServerTrouble) as trouble:
            pages_help = isinstance(trouble, ServerTrouble) or trouble.pages_help
            too_small = limit // 2 < SMALLEST_PAGE
            if not (trouble.less_may_help and pages_help) or too_small:
                raise
            limit //= 2
            continue
        records = _records(client, reply)
        yield Page(records, len(reply.body))
        following = trail.after(replace(reply, data={"after": _after(reply.data)}), len(records))
        if following is None:
            return
        cursor = dict(following.params)


def _records(client: Client, reply: Reply) -> list[dict[str, Any]]:
    records = reply.data.get("data") if isinstance(reply.data, dict) else None
    if not isinstance(records, list):
        raise odd(client, "the answer holds no list of data", reply)
    return records


def _after(data: dict[str, Any]) -> object:
    """The cursor of the next page; the last page has a cursor too, but no next address."""
    paging = data.get("paging")
    following = paging.get("next") if isinstance(paging, dict) else None
    if not following:
        return None
    cursors = paging.get("cursors") if isinstance(paging, dict) else None
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if after is None:
        after = next(iter(parse_qs(urlsplit(str(following)).query).get("after", [])), None)
    if not after:
        raise ShapeChanged("there is a next page and no cursor to it")
    return after
