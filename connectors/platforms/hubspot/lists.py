"""HubSpot's other lists: pipelines with their stages, owners, links of deals, and events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.core.accounts import Account
from connectors.core.http import Client
from connectors.core.landings import path_of
from connectors.core.paginators import at
from connectors.core.stream import Page
from connectors.core.window import Window, asked
from connectors.platforms.hubspot.records import API_VERSION, Json, listing, results

FORMS, EMAIL_EVENTS = "forms", "content"
"""Scopes of what not every plan has."""
_LINKED = ("contacts", "companies")
_OF_LINKS = 1000
"""Records of one question for their links."""
_OF_SUBMISSIONS, _OF_EVENTS = 50, 1000


def pipelines(client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
    """Yields the stages of all pipelines of deals."""
    reply = client.get(f"/crm/pipelines/{API_VERSION}/deals")
    rows = [_stage(pipeline, one) for pipeline in results(reply) for one in pipeline["stages"]]
    yield Page(rows, len(reply.body))


def owners(client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
    """Yields the owners, and those who no longer are."""
    for archived in ("false", "true"):
        params = {"limit": "100", "archived": archived}
        yield from listing(client, f"/crm/owners/{API_VERSION}", params)


def associations(client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
    """Yields the links of all deals. A new link changes neither end, so all are read each time."""
    ids: list[str] = []
    params = {"limit": "100", "properties": "hs_object_id", "archived": "false"}
    for page in listing(client, f"/crm/objects/{API_VERSION}/deals", params):
        ids += [str(one["id"]) for one in page.records]
        yield Page([], page.bytes)
    for start in range(0, len(ids), _OF_LINKS):
        for linked in _LINKED:
            yield from _links(client, ids[start : start + _OF_LINKS], linked)


def form_submissions(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields what was sent in by forms on the days of a window."""
    if account.granted is not None and FORMS not in account.granted:
        return
    zone = ZoneInfo(account.time_zone or "UTC")
    start, end = (1000 * one.timestamp() for one in asked(window).instants(zone.key))
    for form in listing(client, f"/marketing/forms/{API_VERSION}", {"limit": "100"}):
        yield Page([], form.bytes)
        for one in form.records:
            path = f"/form-integrations/v1/submissions/forms/{one['id']}"
            for page in listing(client, path, {"limit": str(_OF_SUBMISSIONS)}):
                rows = [
                    _submission(row, one, zone)
                    for row in page.records
                    if start <= row["submittedAt"] < end
                ]
                yield Page(rows, page.bytes)
                # The newest come first, and no time can be asked for.
                if page.records and page.records[-1]["submittedAt"] < start:
                    break


def email_events(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields what happened to mails on the days of a window."""
    if account.granted is not None and EMAIL_EVENTS not in account.granted:
        return
    zone = ZoneInfo(account.time_zone or "UTC")
    start, end = (round(1000 * one.timestamp()) for one in asked(window).instants(zone.key))
    params = {
        "startTimestamp": str(start),
        "endTimestamp": str(end),
        "limit": str(_OF_EVENTS),
    }
    while True:
        reply = client.get("/email/public/v1/events", params=params)
        found = at(reply.data, "events") or []
        rows = [_event(one, zone) for one in found if start <= one["created"] < end]
        yield Page(rows, len(reply.body))
        if not at(reply.data, "hasMore"):
            return
        params = {**params, "offset": str(at(reply.data, "offset"))}


def _links(client: Client, ids: Sequence[str], linked: str) -> Iterator[Page]:
    """Yields the links of deals; those of one may go on, and one without any is no trouble."""
    inputs: list[dict[str, str]] = [{"id": one} for one in ids]
    while inputs:
        reply = client.post(
            f"/crm/associations/{API_VERSION}/deals/{linked}/batch/read", json={"inputs": inputs}
        )
        found = results(reply)
        rows = [_link(one["from"], to, linked) for one in found for to in one["to"]]
        yield Page(rows, len(reply.body))
        more = [(one, at(one, "paging.next.after")) for one in found]
        inputs = [
            {"id": str(one["from"]["id"]), "after": str(after)} for one, after in more if after
        ]


def _link(source: Json, to: Json, linked: str) -> Json:
    labels = [one["label"] for one in to.get("associationTypes") or () if one.get("label")]
    return {
        "deal_id": str(source["id"]),
        "object_type": linked,
        "object_id": str(to["toObjectId"]),
        "is_primary": "Primary" in labels,
        "labels": labels,
    }


def _stage(pipeline: Json, one: Json) -> Json:
    metadata = one.get("metadata") or {}
    known = ("id", "label", "displayOrder", "archived", "metadata")
    dropped = ("createdAt", "updatedAt", "archivedAt", "writePermissions")
    return {
        **{name: value for name, value in one.items() if name not in (*known, *dropped)},
        "pipeline_id": pipeline["id"],
        "pipeline_name": pipeline.get("label"),
        "pipeline_order": pipeline.get("displayOrder"),
        "stage_id": one["id"],
        "stage_name": one.get("label"),
        "stage_order": one.get("displayOrder"),
        "is_archived": bool(one.get("archived") or pipeline.get("archived")),
        "is_closed": metadata.get("isClosed"),
        "probability": metadata.get("probability") or None,
    }


def _submission(row: Json, form: Json, zone: ZoneInfo) -> Json:
    """Returns a submission without what was typed in, but for the address."""
    kept = {
        name: one for name, one in row.items() if name not in ("values", "pageUrl", "submittedAt")
    }
    values = {one.get("name"): one.get("value") for one in row.get("values") or ()}
    return {
        **kept,
        **_placed("submitted", row["submittedAt"], zone),
        "form_id": form["id"],
        "form_name": form.get("name"),
        "email": values.get("email"),
        "page_path": path_of(row.get("pageUrl")),
    }


def _event(row: Json, zone: ZoneInfo) -> Json:
    dropped = ("userAgent", "browser", "location", "ipAddress", "portalId", "appId", "appName",
               "sentBy", "causedBy", "deviceType", "subject", "from", "url", "smtpId",
               "response", "cc", "bcc", "replyTo", "filteredEvent")  # fmt: skip
    kept: dict[str, Any] = {name: one for name, one in row.items() if name not in dropped}
    return {**kept, **_placed("happened", row["created"], zone)}


def _placed(name: str, milliseconds: int, zone: ZoneInfo) -> Json:
    """Returns a time and its day in a zone."""
    at_ = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return {name: at_.isoformat(), "date": str(at_.astimezone(zone).date())}
