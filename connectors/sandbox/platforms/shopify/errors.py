"""What the platform says when something is wrong, in its own words and codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from graphql import DocumentNode, FieldNode, GraphQLError, Node, OperationDefinitionNode

from connectors.sandbox.wire.lifecycle import Refusal

BAD_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"
_LIMITS = "https://shopify.dev/api/usage/rate-limits"
_SCOPES = "https://shopify.dev/api/usage/access-scopes"
_Words = Callable[[re.Match[str]], tuple[str, dict[str, Any]]]

# How graphql-core words a fault of a query, and how the platform words and codes the same.
_FAULTS: tuple[tuple[str, _Words], ...] = (
    (
        r"Cannot query field '(\w+)' on type '(\w+)'",
        lambda found: (
            f"Field '{found[1]}' doesn't exist on type '{found[2]}'",
            {"code": "undefinedField", "typeName": found[2], "fieldName": found[1]},
        ),
    ),
    (
        r"Unknown argument '(\w+)' on field '\w+\.(\w+)'",
        lambda found: (
            f"Field '{found[2]}' doesn't accept argument '{found[1]}'",
            {
                "code": "argumentNotAccepted",
                "name": found[2],
                "typeName": "Field",
                "argumentName": found[1],
            },
        ),
    ),
    (
        r"Field '(\w+)' argument '(\w+)' of type '[^']+' is required",
        lambda found: (
            f"Field '{found[1]}' is missing required arguments: {found[2]}",
            {
                "code": "missingRequiredArguments",
                "className": "Field",
                "name": found[1],
                "arguments": found[2],
            },
        ),
    ),
    (
        r"Field '(\w+)' of type '([^']+)' must have a selection",
        lambda found: (
            f"Field must have selections (field '{found[1]}' returns {found[2].strip('![]')} but "
            f"has no selections. Did you mean '{found[1]} {{ ... }}'?)",
            {"code": "selectionMismatch", "nodeName": f"field '{found[1]}'", "typeName": found[2]},
        ),
    ),
    (
        r"Value '(\w+)' does not exist in '(\w+)' enum",
        lambda found: (
            f"Argument has an invalid value ({found[1]}). Expected type '{found[2]}'.",
            {"code": "argumentLiteralsIncompatible", "typeName": "Field"},
        ),
    ),
    (
        r"Variable '\$(\w+)' is not defined",
        lambda found: (
            f"Variable ${found[1]} is used but not declared",
            {"code": "variableNotDefined", "variableName": found[1]},
        ),
    ),
)


def refusal(status: int, message: str, **headers: str) -> Refusal:
    """Returns a refusal whose `errors` is a text."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Refusal(status, {"errors": message}, named)


def throttled(cost: dict[str, Any]) -> Refusal:
    """Returns what a query gets when the bucket cannot pay it: HTTP 200, no data."""
    extensions = {"code": "THROTTLED", "documentation": _LIMITS}
    return Refusal(
        200,
        {
            "errors": [{"message": "Throttled", "extensions": extensions}],
            "extensions": {"cost": cost},
        },
    )


def internal_error(request_id: str) -> Refusal:
    """Returns an inner fault of the platform, which GraphQL reports with HTTP 200."""
    message = (
        "Internal error. Looks like something went wrong on our end.\n"
        f"Request ID: {request_id} (include this in support requests)."
    )
    extensions = {"code": "INTERNAL_SERVER_ERROR", "requestId": request_id}
    return Refusal(200, {"errors": [{"message": message, "extensions": extensions}]})


def bad_request(message: str) -> GraphQLError:
    """Returns the error for arguments that make no sense."""
    return GraphQLError(message, extensions={"code": "BAD_REQUEST"})


def access_denied(name: str, scope: str) -> GraphQLError:
    """Returns the refusal of one field for want of a scope."""
    needed = f"`{scope}` access scope."
    return GraphQLError(
        f"Access denied for {name} field. Required access: {needed}",
        extensions={
            "code": "ACCESS_DENIED",
            "documentation": _SCOPES,
            "requiredAccess": needed,
        },
    )


def of_query(error: GraphQLError, document: DocumentNode | None) -> dict[str, Any]:
    """Returns a fault of a query, found before it runs, as the platform reports it."""
    body: dict[str, Any] = {"message": error.message}
    if error.locations:
        body["locations"] = [one.formatted for one in error.locations]
    if document is None:
        return {**body, "extensions": {"code": "parseError"}}
    if error.nodes:
        body["path"] = _path(document, error.nodes[0])
    for pattern, words in _FAULTS:
        found = re.match(pattern, error.message)
        if found is not None:
            body["message"], body["extensions"] = words(found)
            return body
    return {**body, "extensions": error.extensions or {"code": "invalidQuery"}}


def _path(document: DocumentNode, wanted: Node) -> list[str]:
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            kind = definition.operation.value
            start = kind if definition.name is None else f"{kind} {definition.name.value}"
        else:
            name = getattr(definition, "name", None)
            start = f"fragment {name.value}" if name else "query"
        for path in _paths(definition, [start], wanted):
            return path
    return []


def _paths(node: Any, path: list[str], wanted: Node) -> Iterator[list[str]]:
    if node is wanted:
        yield path
    below = list(getattr(getattr(node, "selection_set", None), "selections", ()))
    for inner in [*below, *getattr(node, "arguments", ())]:
        if isinstance(inner, FieldNode):
            name = (inner.alias or inner.name).value
            yield from _paths(inner, [*path, name], wanted)
        elif hasattr(inner, "selection_set"):
            yield from _paths(inner, [*path, "..."], wanted)
        else:
            yield from _paths(inner, [*path, inner.name.value], wanted)
