"""Refusals as Mailchimp words them: RFC 7807."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from connectors.sandbox.wire.lifecycle import Call, Refusal

_TYPE = {"Content-Type": "application/problem+json; charset=utf-8"}
_GLOSSARY = "https://mailchimp.com/developer/marketing/docs/errors/"
_BLOCKED = "<html><head><title>Request Blocked</title></head></html>"


def problem(status: int, title: str, detail: str, **more: Any) -> Refusal:
    """Returns a refusal with its title and its detail."""
    said = {"type": _GLOSSARY, "title": title, "status": status, "detail": detail}
    return Refusal(status, {**said, "instance": "d2e09e5b-0000", **more}, _TYPE)


def of_fault(call: Call) -> Refusal:
    """Returns what is said to a request that meets a fault."""
    if call.fault == "503":
        # The edge, which turns requests away without a word of JSON.
        return Refusal(503, _BLOCKED, {"Content-Type": "text/html"})
    return Refusal.of_fault(call, _of_status)


def _of_status(status: HTTPStatus) -> Any:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        limit = "You have exceeded the limit of 10 simultaneous connections."
        return problem(429, "Too Many Requests", limit).body
    return problem(status, "InternalServerError", "An unexpected internal error").body


def invalid(field: str, message: str) -> Refusal:
    """Returns what is said to a parameter that cannot be."""
    detail = "The resource submitted could not be validated."
    return problem(400, "Invalid Resource", detail, errors=[{"field": field, "message": message}])


def unknown_key(*, is_missing: bool) -> Refusal:
    """Returns what is said to whom the service does not know."""
    if is_missing:
        return problem(401, "API Key Missing", "Your request did not include an API key.")
    detail = "Your API key may be invalid, or you've attempted to access the wrong datacenter."
    return problem(401, "API Key Invalid", detail)


def not_found() -> Refusal:
    """Returns what is said of what is not there."""
    return problem(404, "Resource Not Found", "The requested resource could not be found.")
