"""How pages follow one another, what does not fit on one, and what changes while it is read."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from connectors.core.errors import ShapeChanged, Transient
from connectors.core.extraction import extract
from connectors.core.window import Window
from connectors.platforms import get
from connectors.platforms.shopify import listings, queries

_ORDERS, _REFUNDS = "orders(first", "o0:order(id"


def _order(number: int, updated: str = "2026-11-01T00:00:05Z", **more: Any) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/Order/{number}",
        "legacyResourceId": str(number),
        "createdAt": updated,
        "updatedAt": updated,
        "refunds": [],
        "lineItems": {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}},
        **more,
    }


def _list(answered: Any, nodes: Any, name: str = "orders", after: str = "", **more: Any) -> Any:
    info = {"hasNextPage": bool(after), "endCursor": after or None}
    return answered({name: {"nodes": nodes, "pageInfo": info}}, **more)


def test_pages_follow_the_cursor_through_the_same_second_and_empty_pages(
    reader: Any, shop: Any, answered: Any
) -> None:
    script = {
        None: _list(answered, [_order(1), _order(2)], after="a"),
        "a": _list(answered, [], after="b"),
        "b": _list(answered, [_order(3)]),
    }
    shop.answers = {_ORDERS: lambda v: script[v["after"]]}
    assert [row["order_id"] for row in reader.rows("orders")] == ["1", "2", "3"]


def test_a_page_that_leads_nowhere_and_one_served_again_and_again(
    reader: Any, shop: Any, answered: Any
) -> None:
    more = {"hasNextPage": True, "endCursor": None}
    shop.answers = {_ORDERS: lambda v: answered({"orders": {"nodes": [], "pageInfo": more}})}
    with pytest.raises(ShapeChanged, match="no cursor"):
        reader.rows("orders")
    shop.answers = {_ORDERS: lambda v: _list(answered, [_order(1)], after="a")}
    with pytest.raises(ShapeChanged, match="again and again"):
        reader.rows("orders")


@pytest.mark.parametrize("broken", [{}, {"orders": None}, {"orders": {"nodes": [None]}}])
def test_an_answer_in_another_shape(reader: Any, shop: Any, answered: Any, broken: Any) -> None:
    shop.answers = {_ORDERS: lambda v: answered(broken)}
    with pytest.raises(ShapeChanged):
        reader.rows("orders")


def test_the_search_is_half_open_quoted_and_in_whole_seconds(
    reader: Any, shop: Any, answered: Any
) -> None:
    shop.answers = {_ORDERS: lambda v: _list(answered, [])}
    reader.rows("orders", "2026-11-01T00:00:00.999999", "2026-11-01T01:30:00.5")
    assert shop.asked[0][1]["q"] == (
        "updated_at:>='2026-11-01T00:00:00Z' AND updated_at:<'2026-11-01T01:30:00Z'"
    )


def test_a_window_inside_one_second_asks_nothing(reader: Any, shop: Any) -> None:
    assert reader.rows("orders", "2026-11-01T00:00:00.1", "2026-11-01T00:00:00.9") == []
    assert shop.asked == []


def test_instants_of_another_zone_are_the_same_instants(
    reader: Any, shop: Any, answered: Any
) -> None:
    shop.answers = {_ORDERS: lambda v: _list(answered, [])}
    window = Window(
        datetime.fromisoformat("2026-11-01T00:00:00+05:30"),
        datetime.fromisoformat("2026-11-01T01:00:00+05:30"),
    )
    platform, client = get("shopify"), reader.client()
    list(extract(platform, platform.stream("orders"), client.account, window, client, str))
    assert "'2026-10-31T18:30:00Z'" in shop.asked[0][1]["q"]


def test_lines_beyond_the_page_are_fetched_through_the_order(
    reader: Any, shop: Any, answered: Any
) -> None:
    order = _order(1)
    order["lineItems"] = {
        "nodes": [{"id": "l1"}],
        "pageInfo": {"hasNextPage": True, "endCursor": "c1"},
    }
    script = {"c1": (["l2", "l3"], "c2"), "c2": (["l4"], "")}

    def rest(variables: Any) -> Any:
        assert variables["id"] == "gid://shopify/Order/1"
        ids, after = script[variables["after"]]
        info = {"hasNextPage": bool(after), "endCursor": after}
        nodes = [{"id": each} for each in ids]
        return answered({"order": {"lineItems": {"nodes": nodes, "pageInfo": info}}})

    shop.answers = {_ORDERS: lambda v: _list(answered, [order]), "order(id:$id){lineItems": rest}
    (row,) = reader.rows("orders")
    assert [line["id"] for line in json.loads(row["line_items"])] == ["l1", "l2", "l3", "l4"]


def test_variants_beyond_the_page_are_fetched_through_the_product(
    reader: Any, shop: Any, answered: Any
) -> None:
    more = {"hasNextPage": True, "endCursor": "v1"}
    product = {
        "id": "gid://shopify/Product/3",
        "legacyResourceId": "3",
        "variants": {"nodes": [{"id": "v1"}], "pageInfo": more},
    }
    last = {"nodes": [{"id": "v2"}], "pageInfo": {"hasNextPage": False}}
    shop.answers = {
        "products(first": lambda v: _list(answered, [product], "products"),
        "product(id:$id){variants": lambda v: answered({"product": {"variants": last}}),
    }
    (row,) = reader.rows("products")
    assert [each["id"] for each in json.loads(row["variants"])] == ["v1", "v2"]


def test_an_order_deleted_while_it_is_read_starts_the_chunk_again(
    reader: Any, shop: Any, answered: Any
) -> None:
    refunded = _order(1, refunds=[{"id": "r"}])
    shop.answers = {
        _ORDERS: lambda v: _list(answered, [refunded]),
        _REFUNDS: lambda v: answered({"o0": None}),
    }
    with pytest.raises(Transient) as caught:
        reader.rows("orders")
    assert caught.value.restart_chunk


def _parts(*ids: str, more: bool = False) -> dict[str, Any]:
    info = {"hasNextPage": more, "endCursor": ids[-1] if ids else None}
    return {"nodes": [{"id": each} for each in ids], "pageInfo": info}


def _refund(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"r{number}",
        "createdAt": "2026-11-01T10:00:00Z",
        "refundLineItems": _parts(),
        "transactions": _parts(),
        **more,
    }


def test_refunds_that_do_not_fit_are_asked_for_alone(reader: Any, shop: Any, answered: Any) -> None:
    many = [_refund(n) for n in range(7)]
    long = [_refund(9, transactions=_parts(*(f"t{n}" for n in range(12))))]

    def refunds(variables: Any) -> Any:
        assert variables["refunds"] in (5, 20)
        if "i1" in variables:
            cut = _refund(9, transactions=_parts("t0", more=True))
            return answered({"o0": {"refunds": many[:5]}, "o1": {"refunds": [cut]}})
        return answered({"o0": {"refunds": many if variables["i0"].endswith("/1") else long}})

    orders = [_order(1, refunds=[{}]), _order(2, refunds=[{}])]
    shop.answers = {_ORDERS: lambda v: _list(answered, orders), _REFUNDS: refunds}
    first, second = (json.loads(row["refunds"]) for row in reader.rows("orders"))
    assert [each["id"] for each in first] == [f"r{n}" for n in range(7)]
    assert len(second[0]["transactions"]["nodes"]) == 12
    assert shop.count(_REFUNDS) == 3


def test_what_is_still_too_much_is_fetched_one_by_one(
    reader: Any, shop: Any, answered: Any
) -> None:
    many = [_refund(n) for n in range(23)]
    long = [_refund(0, refundLineItems=_parts("a", more=True), transactions=_parts("t"))]

    def refund_lines(variables: Any) -> Any:
        if variables["after"] == "a":
            assert (variables["id"][-2:], variables["refunds"]) == ("/2", 1)
            found = [{"id": "r0", "refundLineItems": _parts("b")}]
        else:
            assert (variables["id"][-2:], variables["after"]) == ("/1", None)
            found = [
                {"id": f"r{n}", "refundLineItems": _parts(f"line of r{n}")}
                for n in range(variables["refunds"])
            ]
        return answered({"order": {"refunds": found}})

    def transactions(variables: Any) -> Any:
        found = [{"id": f"r{n}", "transactions": _parts()} for n in range(variables["refunds"])]
        return answered({"order": {"refunds": found}})

    def few(name: str) -> Any:
        def each(variables: Any) -> Any:
            found = [{"id": f"r{n}", name: _parts(n)} for n in range(variables["refunds"])]
            return answered({"order": {"refunds": found}})

        return each

    def refunds(variables: Any) -> Any:
        kept = {"o0": {"refunds": many[: variables["refunds"]]}, "o1": {"refunds": long}}
        if "i1" not in variables and variables["i0"].endswith("/2"):
            kept = {"o0": kept["o1"]}
        return answered({name: kept[name] for name in kept if f"i{name[1:]}" in variables})

    heads = [{"id": each["id"], "createdAt": each["createdAt"]} for each in many]
    shop.answers = {
        _ORDERS: lambda v: _list(answered, [_order(1, refunds=[{}]), _order(2, refunds=[{}])]),
        _REFUNDS: refunds,
        queries.refund_heads(): lambda v: answered({"order": {"refunds": heads}}),
        "refunds(first:$refunds){id refundLineItems": refund_lines,
        "refunds(first:$refunds){id transactions": transactions,
        "refunds(first:$refunds){id refundShippingLines": few("refundShippingLines"),
        "refunds(first:$refunds){id orderAdjustments": few("orderAdjustments"),
    }
    first, second = (json.loads(row["refunds"]) for row in reader.rows("orders"))
    assert [each["refundLineItems"]["nodes"][0]["id"] for each in first] == [
        f"line of r{n}" for n in range(23)
    ]
    assert [each["orderAdjustments"]["nodes"][0]["id"] for each in first] == list(range(23))
    assert second == [
        {"id": "r0", "createdAt": "2026-11-01T10:00:00Z",
         "refundLineItems": {"nodes": [{"id": "a"}, {"id": "b"}]},
         "transactions": {"nodes": [{"id": "t"}]}}
    ]  # fmt: skip


def test_a_filter_that_is_ignored_is_never_a_whole_table(
    reader: Any, shop: Any, answered: Any
) -> None:
    shop.answers = {_ORDERS: lambda v: _list(answered, [_order(1, "2019-01-01T00:00:00Z")])}
    with pytest.raises(ShapeChanged, match="ignores the filter"):
        reader.rows("orders")
    warned = [{"path": ["orders"], "query": "x", "warnings": [{"field": "updated_at"}]}]
    shop.answers = {_ORDERS: lambda v: _list(answered, [], search=warned)}
    with pytest.raises(ShapeChanged, match="ignores a filter"):
        reader.rows("orders")


def test_an_order_modified_while_it_is_read_is_newer_than_the_window(
    reader: Any, shop: Any, answered: Any
) -> None:
    shop.answers = {_ORDERS: lambda v: _list(answered, [_order(1, "2026-11-15T05:59:59Z")])}
    assert len(reader.rows("orders")) == 1


def test_a_long_walk_goes_on_as_a_bulk_operation(
    reader: Any, shop: Any, answered: Any, bulk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long before Shopify's 25,000 objects; what has come already does not come twice."""
    monkeypatch.setattr(listings, "WALK_MOST", 100)
    lines = [_order(n) for n in range(260)]
    # Order 3 has been modified meanwhile: that is another version, and new.
    lines[3]["updatedAt"] = "2026-11-01T00:09:00Z"
    bulk(b"\n".join(json.dumps({k: v for k, v in each.items() if k != "lineItems"}).encode()
                    for each in lines))  # fmt: skip

    def walk(variables: Any) -> Any:
        start = int(variables["after"] or 0)
        stop = start + variables["first"]
        return _list(answered, [_order(n) for n in range(start, stop)], after=str(stop), cost=90)

    shop.answers[_ORDERS] = walk
    rows = reader.rows("orders")
    versions = [(row["order_id"], row["updated_at"]) for row in rows]
    assert len(versions) == len(set(versions)) == 261
    assert {row["order_id"] for row in rows} == {str(n) for n in range(260)}
    assert 1 < shop.count(_ORDERS) < 10
    assert shop.count("bulkOperationRunQuery") == 1
