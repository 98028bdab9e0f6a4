"""What Shopify complains about, as our errors."""

from __future__ import annotations

from typing import Any

import pytest

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
from connectors.core.replies import Reply
from connectors.platforms import get
from connectors.platforms.shopify.failures import TooExpensive, read_error

_URL = "https://acme.myshopify.com/admin/api/2026-10/graphql.json"


def _error(kit: Any, data: Any, status: int = 200, headers: Any = None) -> ConnectorError | None:
    reply: Reply = kit.reply(data, status, headers)
    return read_error(Reply(reply.status, reply.headers, reply.body, reply.data, _URL))


def _coded(code: str, message: str = "It failed.", **more: Any) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code, **more}}]}


def _throttled(wanted: float, left: float, most: float = 1000, rate: float = 50) -> dict[str, Any]:
    status = {"maximumAvailable": most, "currentlyAvailable": left, "restoreRate": rate}
    cost = {"requestedQueryCost": wanted, "actualQueryCost": None, "throttleStatus": status}
    return {**_coded("THROTTLED", "Throttled"), "extensions": {"cost": cost}}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, AuthRejected),
        (402, AccountGone),
        (403, AuthRejected),
        (404, AccountGone),
        (423, AccountGone),
        (430, BadRequest),
        (429, RateLimited),
        (500, ServerTrouble),
        (503, ServerTrouble),
        (400, BadRequest),
    ],
)
@pytest.mark.parametrize("body", [{"errors": "Some text"}, {"errors": {"a": ["b"]}}, None])
def test_by_status(kit: Any, status: int, kind: type[ConnectorError], body: Any) -> None:
    error = _error(kit, body, status)
    assert type(error) is kind
    assert error.remedy
    if body == {"errors": "Some text"} and 400 < status < 429:
        assert error.message == f"HTTP {status}: Some text"


def test_the_text_of_a_refused_token_may_be_cured_by_a_new_one(kit: Any) -> None:
    text = "[API] Invalid API key or access token (unrecognized login or wrong password)"
    error = _error(kit, {"errors": text}, 401)
    assert isinstance(error, AuthRejected)
    assert error.token_expired
    assert text in error.message


def test_throttling_says_how_long_to_wait(kit: Any) -> None:
    error = _error(kit, _throttled(70, 66))
    assert isinstance(error, RateLimited)
    assert error.retry_after == pytest.approx(0.08)
    error = _error(kit, _throttled(70, 70))
    assert isinstance(error, RateLimited)
    assert error.retry_after is None
    assert isinstance(_error(kit, _coded("THROTTLED")), RateLimited)
    assert isinstance(_error(kit, {"errors": [{"message": "Throttled"}]}), RateLimited)


def test_what_never_fits_is_too_expensive(kit: Any) -> None:
    error = _error(kit, _coded("MAX_COST_EXCEEDED", cost=2652, maxCost=1000))
    assert isinstance(error, TooExpensive)
    assert (error.cost, error.limit) == (2652, 1000)
    error = _error(kit, _throttled(900, 500, most=500))
    assert isinstance(error, TooExpensive)
    assert (error.cost, error.limit) == (900, 500)


@pytest.mark.parametrize(
    ("data", "kind", "says"),
    [
        (_coded("ACCESS_DENIED", requiredAccess="`read_orders`"), AuthRejected, "read_orders"),
        (_coded("INTERNAL_SERVER_ERROR", requestId="r"), ServerTrouble, "INTERNAL"),
        (_coded("TIMEOUT"), ServerTrouble, "TIMEOUT"),
        ({"errors": [{"message": "Internal error. Looks like …"}]}, ServerTrouble, "Internal"),
        (_coded("undefinedField", "Field 'x' doesn't exist"), BadRequest, "Field 'x'"),
        ({"errors": [{"message": "Parse error"}]}, BadRequest, "Parse error"),
        ({"errors": "Something"}, BadRequest, "Something"),
        ({"errors": [None]}, BadRequest, "None"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_errors_of_a_query(kit: Any, data: Any, kind: Any, says: str) -> None:
    error = _error(kit, data)
    assert type(error) is kind
    assert says in error.message


def test_a_part_of_the_data_beside_an_error_is_not_taken(kit: Any) -> None:
    partial = {"data": {"orders": {"nodes": []}}, **_coded("ACCESS_DENIED")}
    assert isinstance(_error(kit, partial), AuthRejected)


def test_orders_come_without_their_countries_where_addresses_are_denied(
    reader: Any, shop: Any, pages: Any
) -> None:
    def orders(_: Any) -> Any:
        if "displayAddress" not in shop.requests[-1].json["query"]:
            found = pages("orders")
            for node in found["data"]["orders"]["nodes"]:
                del node["displayAddress"]
            return found
        denied = _coded("ACCESS_DENIED", "Access denied for displayAddress field.")
        denied["errors"][0]["path"] = ["orders", "nodes", 0, "displayAddress"]
        return denied

    shop.answers = {"orders(first": orders, "o0:order(id": lambda v: pages("refunds")}
    client = reader.client()
    rows = reader.rows("orders", client=client)
    assert [row["country_code"] for row in rows] == [None, None]
    assert client.left_out == {
        "country_code": "displayAddress",
        "region_code": "displayAddress",
    }
    assert shop.count("orders(first") == 2


def test_several_errors_are_all_told_and_the_one_that_matters_counts(kit: Any) -> None:
    both = {"errors": [*_coded("undefinedField", "one")["errors"], *_throttled(9, 1)["errors"]]}
    error = _error(kit, both)
    assert isinstance(error, RateLimited)
    assert error.message == "undefinedField: one; THROTTLED: Throttled"


@pytest.mark.parametrize(
    "header", [{}, {"X-Shopify-API-Version": "2026-10"}, {"x-shopify-api-version": "2026-10"}]
)
def test_a_success_is_no_error(kit: Any, header: Any) -> None:
    assert (
        _error(kit, {"data": {}, "extensions": {"search": [{"query": "x"}]}}, 200, header) is None
    )


def test_another_version_than_asked(kit: Any) -> None:
    error = _error(kit, {"data": {}}, 200, {"X-Shopify-API-Version": "2027-01"})
    assert isinstance(error, VersionSunset)
    assert "2027-01" in error.message


def test_a_search_that_is_not_understood(kit: Any) -> None:
    warning = {"field": "updated_at", "message": "Input `x` is not an accepted `date_time`."}
    search = [{"path": ["orders"], "query": "updated_at:x", "warnings": [warning]}]
    error = _error(kit, {"data": {}, "extensions": {"search": search}})
    assert isinstance(error, ShapeChanged)
    assert "date_time" in error.message


def test_throttled_then_served(reader: Any, shop: Any, answered: Any) -> None:
    answers = [_throttled(300, 100), answered({"orders": {"nodes": [], "pageInfo": {}}})]
    shop.answers = {"orders(first": lambda v: answers.pop(0)}
    assert reader.rows("orders") == []
    (wait,) = reader.sleeper.waits
    assert 4.0 <= wait <= 4.8


def test_a_page_that_costs_too_much_is_made_smaller(reader: Any, shop: Any, answered: Any) -> None:
    sizes: list[tuple[int, int]] = []

    def orders(variables: Any) -> Any:
        first, children = variables["first"], variables["children"]
        sizes.append((first, children))
        cost = first * (200 + 100 * children)
        if cost > 1000:
            return _coded("MAX_COST_EXCEEDED", cost=cost, maxCost=1000)
        return answered({"orders": {"nodes": [], "pageInfo": {}}}, cost=cost)

    shop.answers = {"orders(first": orders}
    assert reader.rows("orders") == []
    assert sizes == [(5, 10), (1, 10), (1, 5)]


def test_a_query_that_nothing_makes_cheap_enough(reader: Any, shop: Any) -> None:
    refusal = _coded("MAX_COST_EXCEEDED", cost=5000, maxCost=1000)
    shop.answers = {"orders(first": lambda v: refusal}
    with pytest.raises(BadRequest) as caught:
        reader.rows("orders")
    assert caught.value.error_class == "BadRequest"
    assert shop.count("orders(first") < 8


def test_the_page_grows_to_what_a_query_may_cost(reader: Any, shop: Any, answered: Any) -> None:
    sizes: list[int] = []

    def orders(variables: Any) -> Any:
        sizes.append(variables["first"])
        more = {"hasNextPage": len(sizes) < 3, "endCursor": str(len(sizes))}
        return answered({"orders": {"nodes": [], "pageInfo": more}}, cost=variables["first"] * 30)

    shop.answers = {"orders(first": orders}
    reader.rows("orders")
    assert sizes == [5, 30, 30]


def test_the_platform_is_pinned() -> None:
    platform = get("shopify")
    assert platform.api_version == "2026-10"
    assert platform.stream("orders").version_column == "updated_at"
    assert platform.stream("orders").cursor_overlap.total_seconds() >= 60
