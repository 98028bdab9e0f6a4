"""Questions to the one address of the API: target, method and arrays as PHP writes them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from connectors.core.auth import needed
from connectors.core.http import Client
from connectors.core.replies import Reply

Pairs = Iterable[tuple[str, str]]


def call(client: Client, network: str, target: str, method: str, more: Pairs = ()) -> Reply:
    """Asks for a method of a target.

    Args:
        client: of the network, with its token.
        network: its id.
        target: the model.
        method: what is asked of it.
        more: further parameters.

    Raises:
        ConnectorError: as the network answers.
    """
    asked = [
        ("NetworkId", network),
        ("NetworkToken", needed(client.credential, "network_token")),
        ("Target", target),
        ("Method", method),
        *more,
    ]
    return client.get(f"/Apiv3/json?{urlencode(asked)}")
