"""The addresses of the legacy REST API: which request asks for what."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from connectors.sandbox.platforms.shopify.errors import refusal
from connectors.sandbox.platforms.shopify.rest import Rest

RestAnswer = tuple[Any, str | None]


def shop(rest: Rest, _: Request) -> RestAnswer:
    """Answers `shop.json`."""
    return rest.shop(), None


def scopes(rest: Rest, _: Request) -> RestAnswer:
    """Answers `access_scopes.json`: what the token may do."""
    return rest.scopes(), None


def listed(rest: Rest, request: Request) -> RestAnswer:
    """Answers a list, with the Link header beside it."""
    found = rest.listed(_resource(request), request.query_params)
    return found.body, found.links


def count(rest: Rest, request: Request) -> RestAnswer:
    """Answers `count.json`."""
    return rest.count(_resource(request), request.query_params), None


def one(rest: Rest, request: Request) -> RestAnswer:
    """Answers a single resource."""
    return rest.one(_resource(request), request.path_params["id"]), None


def refunds(rest: Rest, request: Request) -> RestAnswer:
    """Answers the refunds of an order."""
    return rest.refunds(request.path_params["id"]), None


def _resource(request: Request) -> str:
    resource: str = request.path_params["resource"]
    if resource not in ("orders", "customers", "products", "events"):
        raise refusal(404, "Not Found")
    return resource
