"""Bulk operations: started, waited for, fetched from elsewhere, put together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import (
    AuthRejected,
    BadRequest,
    ConnectorError,
    NetworkTrouble,
    ReportNotReady,
    ServerTrouble,
    ShapeChanged,
    Transient,
)
from connectors.platforms.shopify import bulk as bulk_module

_LONG = ("2026-10-01T00:00:00", "2026-10-29T00:00:00")
_OLD = ("2026-09-01T00:00:00", "2026-09-29T00:00:00")
_START = "bulkOperationRunQuery"
_PAGES = Path(__file__).parent / "pages"


def _with_refunds(shop: Any, pages: Any) -> None:
    shop.answers["o0:order(id"] = lambda v: pages("refunds")


def test_children_find_their_parents_wherever_they_stand(
    reader: Any, shop: Any, bulk: Any, pages: Any
) -> None:
    bulk()
    _with_refunds(shop, pages)
    rows = reader.rows("orders", *_OLD)
    lines = {row["order_id"]: json.loads(row["line_items"]) for row in rows}
    assert {key: [each["sku"] for each in found] for key, found in lines.items()} == {
        "1": ["A", "C"],
        "2": ["B"],
        "3": [],
    }
    assert "__parentId" not in lines["1"][0]
    refunds = {row["order_id"]: json.loads(row["refunds"]) for row in rows}
    assert refunds["1"] == refunds["3"] == []
    assert refunds["2"][0]["refundLineItems"]["nodes"][0]["quantity"] == 1
    assert [each["i0"] for name, each in shop.asked if name == "o0:order(id"] == [
        "gid://shopify/Order/2"
    ]


def test_the_inner_query_is_a_bulk_query(reader: Any, shop: Any, bulk: Any, pages: Any) -> None:
    bulk()
    _with_refunds(shop, pages)
    reader.rows("orders", *_OLD)
    text = shop.requests[0].json["query"]
    inner = next(variables["q"] for name, variables in shop.asked if name == _START)
    assert "groupObjects:false" in text
    assert "updated_at:>='2026-09-01T00:00:00Z' AND updated_at:<'2026-09-29T00:00:00Z'" in inner
    assert "first:" not in inner
    assert "refunds{id}" in inner


def test_the_file_is_fetched_without_the_token(
    reader: Any, shop: Any, bulk: Any, pages: Any
) -> None:
    bulk()
    _with_refunds(shop, pages)
    reader.rows("orders", *_OLD)
    (file,) = [each for each in shop.requests if not each.path.endswith("graphql.json")]
    assert file.url.startswith("https://files.example/")
    assert "X-Shopify-Access-Token" not in file.headers
    assert "shpat" not in str(dict(file.headers))


def test_short_windows_are_paged_and_long_ones_are_not(
    reader: Any, shop: Any, bulk: Any, answered: Any
) -> None:
    bulk(b"")
    empty = {"orders": {"nodes": [], "pageInfo": {"hasNextPage": False}}}
    shop.answers["orders(first"] = lambda v: answered(empty)
    assert reader.rows("orders", "2026-11-01T00:00:00", "2026-11-07T23:59:59") == []
    assert shop.count(_START) == 0
    assert reader.rows("orders", "2026-11-01T00:00:00", "2026-11-08T00:00:00") == []
    assert shop.count(_START) == 1


def test_nothing_found_leaves_no_file(reader: Any, shop: Any, bulk: Any) -> None:
    bulk(b"")
    assert reader.rows("customers", *_LONG) == []
    assert len(shop.requests) == 2


def test_it_waits_while_the_operation_runs(reader: Any, shop: Any, bulk: Any, pages: Any) -> None:
    bulk(None, {"status": "CREATED"}, {"status": "RUNNING"}, {"status": "RUNNING"})
    _with_refunds(shop, pages)
    assert len(reader.rows("orders", *_OLD)) == 3
    assert reader.sleeper.waits == [0.25, 0.375, 0.5625]


def test_it_waits_for_other_operations_of_the_shop(reader: Any, shop: Any, bulk: Any) -> None:
    busy = {
        "bulkOperation": None,
        "userErrors": [
            {"field": None, "message": "already in progress", "code": "OPERATION_IN_PROGRESS"}
        ],
    }
    bulk(b"", starts=[busy, busy])
    assert reader.rows("customers", *_LONG) == []
    assert shop.count(_START) == 3


def test_a_query_that_is_refused(reader: Any, bulk: Any) -> None:
    fault = {"field": ["query"], "message": "Bulk queries must contain a connection", "code": "X"}
    bulk(b"", starts=[{"bulkOperation": None, "userErrors": [fault]}])
    with pytest.raises(BadRequest, match="must contain a connection"):
        reader.rows("customers", *_LONG)


@pytest.mark.parametrize(
    ("status", "kind", "again"),
    [
        ({"status": "FAILED", "errorCode": "ACCESS_DENIED"}, AuthRejected, False),
        ({"status": "FAILED", "errorCode": "INTERNAL_SERVER_ERROR"}, ServerTrouble, True),
        ({"status": "FAILED", "errorCode": "TIMEOUT"}, ServerTrouble, True),
        ({"status": "CANCELED", "errorCode": None}, Transient, True),
        ({"status": "CANCELING", "errorCode": None}, Transient, True),
        ({"status": "EXPIRED", "errorCode": None}, Transient, True),
        ({"status": "DREAMING", "errorCode": None}, ShapeChanged, False),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_an_operation_that_ends_badly(
    reader: Any, bulk: Any, status: Any, kind: type[ConnectorError], again: bool
) -> None:
    bulk(b"", status)
    with pytest.raises(ConnectorError) as caught:
        reader.rows("customers", *_LONG)
    assert type(caught.value) is kind
    assert getattr(caught.value, "restart_chunk", False) is again


def test_a_denial_that_names_no_field_is_first_taken_for_the_addresses(
    reader: Any, shop: Any, bulk: Any
) -> None:
    denied = {"status": "FAILED", "errorCode": "ACCESS_DENIED"}
    bulk(b"", denied, denied)
    with pytest.raises(AuthRejected, match="ACCESS_DENIED"):
        reader.rows("orders", *_OLD)
    asked = [variables["q"] for name, variables in shop.asked if name == _START]
    assert ["displayAddress" in text for text in asked] == [True, False]


def test_an_operation_that_never_ends(
    reader: Any, bulk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_module, "MOST_LOOKS", 5)
    bulk(b"", *[{"status": "RUNNING"}] * 9)
    with pytest.raises(ReportNotReady):
        reader.rows("customers", *_LONG)


@pytest.mark.parametrize(
    "counts",
    [{"rootObjectCount": "4"}, {"fileSize": "9999"}, {"rootObjectCount": "2"}],
    ids=str,
)
def test_a_file_that_is_not_whole_starts_the_chunk_again(
    reader: Any, shop: Any, bulk: Any, pages: Any, counts: Any
) -> None:
    bulk(counts=counts)
    _with_refunds(shop, pages)
    with pytest.raises(NetworkTrouble, match="not whole") as caught:
        reader.rows("orders", *_OLD)
    assert caught.value.restart_chunk


def test_a_cut_line_a_lost_child_and_objects_without_a_file(
    reader: Any, shop: Any, bulk: Any
) -> None:
    bulk(b'{"id":"gid://shopify/Customer/1","upda')
    with pytest.raises(ServerTrouble, match="ends too early"):
        reader.rows("customers", *_LONG)
    bulk(b'{"id":"gid://shopify/Customer/1",,}')
    with pytest.raises(ShapeChanged, match="no JSON"):
        reader.rows("customers", *_LONG)
    bulk(b'{"id":"l","__parentId":"gid://shopify/Order/9"}')
    with pytest.raises(ShapeChanged, match="belong to no object"):
        reader.rows("orders", *_LONG)
    bulk(b"", counts={"objectCount": "3"})
    with pytest.raises(ShapeChanged, match="names no file"):
        reader.rows("orders", *_LONG)


@pytest.mark.parametrize(
    ("spoilt", "read"),
    [(b"Anna \\ud83d", "Anna \ufffd"), (b"\xed\xa0\xbd", "\ufffd"), (b"Caf\xe9", "Caf\ufffd")],
    ids=["half a pair", "half a pair in bytes", "no utf-8"],
)
def test_a_bad_character_costs_itself_and_nothing_else(
    reader: Any, shop: Any, bulk: Any, pages: Any, spoilt: bytes, read: str
) -> None:
    whole = (_PAGES / "bulk_orders.jsonl").read_bytes()
    assert whole.count(b'"sku":"C"') == 1
    bulk(whole.replace(b'"sku":"C"', b'"sku":"' + spoilt + b'"'))
    _with_refunds(shop, pages)
    rows = reader.rows("orders", *_OLD)
    skus = {row["order_id"]: [line["sku"] for line in json.loads(row["line_items"])]
            for row in rows}  # fmt: skip
    assert skus == {"1": ["A", read], "2": ["B"], "3": []}
    assert shop.count(_START) == 1


@pytest.mark.parametrize("url", ["http://files.example/a", "ftp://files.example/a", "https://", "x",
                                 "https://127.0.0.1/a", "http://localhost:9/a"])  # fmt: skip
def test_a_file_at_an_unfit_address_is_not_fetched(
    reader: Any, shop: Any, bulk: Any, url: str
) -> None:
    bulk(b"{}", counts={"url": url})
    with pytest.raises(ShapeChanged, match="address"):
        reader.rows("customers", *_LONG)
    assert all(each.path.endswith("graphql.json") for each in shop.requests)


def test_no_message_shows_the_signature(reader: Any, shop: Any, bulk: Any, kit: Any) -> None:
    bulk(b"{}")
    shop.answers["file"] = lambda r: kit.answer(status=403, body=b"<Error>SignatureDoesNotMatch")
    with pytest.raises(ConnectorError) as caught:
        reader.rows("customers", *_LONG)
    assert "abcdef0123456789" not in str(caught.value)


def test_many_objects_come_in_batches(reader: Any, bulk: Any) -> None:
    count = 1234
    lines = [
        {
            "id": f"gid://shopify/Customer/{n}",
            "legacyResourceId": str(n),
            "updatedAt": "2026-10-02T00:00:00Z",
        }
        for n in range(count)
    ]
    bulk("\n".join(map(json.dumps, lines)).encode())
    pages = list(reader.typed("customers", *_LONG))
    assert max(each.batch.num_rows for each in pages) == bulk_module.BATCH
    assert sum(each.batch.num_rows for each in pages) == count


_OLD_ORDERS = ("2026-08-01T00:00:00", "2026-09-01T00:00:00")


@pytest.mark.parametrize(("scope", "fails"), [("read_orders", True), ("read_all_orders", False)])
def test_old_orders_need_the_scope_that_shows_them(
    reader: Any, shop: Any, bulk: Any, scope: str, fails: bool
) -> None:
    bulk(b"")
    client = reader.client(account=Account("acme-outdoor", granted=frozenset({scope})))
    assert reader.rows("orders", *_LONG, client=client) == []
    if fails:
        with pytest.raises(AuthRejected, match="60 days"):
            reader.rows("orders", *_OLD_ORDERS, client=client)
    else:
        assert reader.rows("orders", *_OLD_ORDERS, client=client) == []
    assert shop.count("accessScopes") == 0, "they are known since the account was described"


@pytest.mark.parametrize("window", [_LONG, _OLD_ORDERS], ids=["young", "old"])
@pytest.mark.parametrize("kind", ["none", "refused"])
def test_scopes_that_cannot_be_read_are_an_error_with_its_remedy(
    reader: Any, shop: Any, bulk: Any, answered: Any, kind: str, window: tuple[str, str]
) -> None:
    """Shopify would leave old orders out without a word, and days would read as days of 0."""
    bulk(b"")
    fault = {"message": "no such thing", "extensions": {"code": "parseError"}}
    said = {
        "none": answered({"currentAppInstallation": None}),
        "refused": {"errors": [fault]},
    }
    shop.answers["accessScopes"] = lambda v: said[kind]
    client = reader.client(account=Account("acme-outdoor"))
    with pytest.raises(AuthRejected, match="access scopes cannot be read") as caught:
        reader.rows("orders", *window, client=client)
    assert "read_all_orders" in str(caught.value.remedy)
