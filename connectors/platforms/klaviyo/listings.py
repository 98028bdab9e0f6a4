"""Campaigns and flows, each with its messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from connectors.core.errors import ShapeChanged
from connectors.core.http import Client
from connectors.core.json_api import Included, Json, Listing, plain
from connectors.core.json_api_errors import Vanished
from connectors.core.paginators import at
from connectors.core.stream import Page

LISTS = Listing("/api/lists", {"page[size]": "10"})
SEGMENTS = Listing("/api/segments", {"page[size]": "10", "fields[segment]": "name,created,updated"})
METRICS = Listing("/api/metrics")
_CHANNELS = ("email", "sms", "mobile_push")
_MESSAGE = ("definition.channel", "definition.label", "definition.content.subject", "send_times")


def campaigns(client: Client, *_: object) -> Iterator[Page]:
    """Yields the campaigns of each channel, archived ones in lists of their own."""
    for channel in _CHANNELS:
        for archived in ("false", "true"):
            wanted = f"equals(messages.channel,'{channel}'),equals(archived,{archived})"
            params = {
                "filter": f"and({wanted})",
                "include": "campaign-messages",
                "fields[campaign-message]": ",".join(_MESSAGE),
                "page[size]": "100",
            }
            read = partial(read_campaign, channel=channel)
            yield from Listing("/api/campaigns", params, read)(client)


def read_campaign(row: Json, included: Included, channel: str) -> Json:
    """Returns a campaign with its messages, of which no sender's address is kept.

    Raises:
        ShapeChanged: it is one of a newer revision, where messages have status and send time.
    """
    attributes = row.get("attributes")
    if not isinstance(attributes, dict) or "status" not in attributes:
        raise ShapeChanged(
            "a campaign has no status: Klaviyo answers in the shape of a newer revision than the "
            "one that was asked for"
        )
    kept = plain(row)
    held = kept.pop("relationships", {}).get("campaign-messages") or []
    return {**kept, "channel": channel, "messages": [_message(one, included) for one in held]}


def _message(named: Json, included: Included) -> Json:
    found = included.get(("campaign-message", str(named.get("id"))), {})
    said = {one.rpartition(".")[2]: at(found, f"attributes.{one}") for one in _MESSAGE}
    return {"id": named.get("id"), **said}


def flows(client: Client, *_: object) -> Iterator[Page]:
    """Yields the flows, archived ones in a list of their own."""
    return _flows(client, plain)


def _flows(client: Client, read: Callable[[Json, Included], Json], **more: str) -> Iterator[Page]:
    for archived in ("false", "true"):
        params = {"filter": f"equals(archived,{archived})", "page[size]": "50", **more}
        yield from Listing("/api/flows", params, read)(client)


def flow_messages(client: Client, *_: object) -> Iterator[Page]:
    """Yields the messages of all flows, by the actions that send them."""
    for page in _flows(client, _with_actions, include="flow-actions"):
        for flow in page.records:
            for action in flow["actions"]:
                yield from _messages(client, str(flow["id"]), action)


def _with_actions(row: Json, included: Included) -> Json:
    held = plain(row).get("relationships", {}).get("flow-actions") or []
    ids = [str(one.get("id")) for one in held]
    return {
        "id": row.get("id"),
        "actions": [one for one in ids if _sends(included.get(("flow-action", one), {}))],
    }


def _sends(action: Json) -> bool:
    """Whether an action may send something; one that does not say what it does may."""
    said = at(action, "attributes.action_type") or at(action, "attributes.definition.type")
    return not isinstance(said, str) or "send" in said.lower()


def _messages(client: Client, flow_id: str, action_id: str) -> Iterator[Page]:
    def read(row: Json, _: Included) -> Json:
        return {**plain(row), "flow_id": flow_id, "flow_action_id": action_id}

    path = f"/api/flow-actions/{action_id}/flow-messages"
    try:
        yield from Listing(path, {"page[size]": "50"}, read)(client)
    except Vanished:
        return  # The flow was edited since it was listed: its messages are gone with the action.
