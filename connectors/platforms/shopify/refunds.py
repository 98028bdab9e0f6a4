"""The refunds and the ledger of orders, whole: asked for in batches, of those that have any.

An order's page tells no more than whether there are refunds, and a bulk operation cannot either:
`refundLineItems` is a connection inside the list `refunds`, which bulk operations do not take.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from connectors.core.errors import ShapeChanged
from connectors.core.set_aside import SetAside
from connectors.platforms.shopify import queries
from connectors.platforms.shopify.costs import PageSize
from connectors.platforms.shopify.graph import Graph, Question, connection, rest_of, vanished
from connectors.platforms.shopify.ledger import has_changed, ledger_of

MOST_REFUNDS = 250
"""Of one order. `refunds` is a list without a cursor: what lies beyond could not be asked for."""

_LARGER = {
    "refunds": 20,
    "refundLines": 100,
    "transactions": 20,
    "few": 10,
    "agreements": 1,
    "sales": 1,
}
"""Asked of one order whose refunds did not fit beside others; halved until a query takes it."""

_PARTS = {
    "refundLineItems": queries.REFUND_LINE_FIELDS,
    "transactions": queries.TRANSACTION_FIELDS,
    "refundShippingLines": queries.REFUND_SHIPPING_FIELDS,
    "orderAdjustments": queries.ADJUSTMENT_FIELDS,
}


def undated(orders: Sequence[dict[str, Any]]) -> tuple[SetAside, ...]:
    """Returns orders without a time, and refunds that have none, nor one in their order's ledger.

    They stay where they are, and are of no day.
    """
    return tuple(one for order in orders for one in _undated(order))


def _undated(order: dict[str, Any]) -> Iterator[SetAside]:
    name = order.get("name") or order.get("id")
    if not _has_time(order):
        reason = f"order {name} has no time: it is of no day until the shop states one"
        yield SetAside(reason, {"order": order.get("id")})
    dated = _dated(order)
    for refund in _refunds_of(order):
        if not _has_time(refund) and refund.get("id") not in dated:
            reason = (
                f"a refund of order {name} has no time: it is of no day until the shop states one"
            )
            yield SetAside(reason, {"order": order.get("id"), "refund": refund})


def _has_time(record: dict[str, Any]) -> bool:
    return bool(record.get("processedAt") or record.get("createdAt"))


def _refunds_of(order: dict[str, Any]) -> list[dict[str, Any]]:
    refunds = order.get("refunds")
    return [each for each in refunds if isinstance(each, dict)] if isinstance(refunds, list) else []


def _dated(order: dict[str, Any]) -> set[str]:
    """The refunds of which the ledger says when they happened."""
    return {
        str(named["id"])
        for agreement in order.get("agreements") or ()
        if agreement.get("happenedAt") and isinstance(named := agreement.get("refund"), dict)
    }


class Refunds:
    """Completes orders with their refunds.

    Args:
        graph: the shop.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        nested = {
            "refunds": 5,
            "refundLines": 10,
            "transactions": 5,
            "few": 2,
            "agreements": 4,
            "sales": 6,
        }
        self._size = PageSize(first=2, most=50, nested=nested)

    def complete(self, orders: Sequence[dict[str, Any]]) -> int:
        """Puts the whole refunds and ledger into orders that need them; returns the bytes it took.

        The ledger of an order to which nothing happened says what its lines say.
        """
        waiting = [order for order in orders if order.get("refunds") or has_changed(order)]
        size = 0
        while waiting:
            size += self._complete_batch(waiting)
        return size

    def _complete_batch(self, waiting: list[dict[str, Any]]) -> int:
        """Completes the first of the waiting orders, as many as a query takes, and drops them."""
        found, size = self._ask(waiting, self._size)
        for order, each in zip(waiting, found, strict=False):
            order["agreements"] = ledger_of(self._graph, str(order["id"]), each)
            refunds = _listed(each)
            fitting = self._or_more(order, refunds, self._size)
            order["refunds"] = [
                self._whole(order, place, refund) for place, refund in enumerate(fitting)
            ]
        del waiting[: len(found)]
        return size

    def _or_more(
        self, order: dict[str, Any], refunds: list[dict[str, Any]], size: PageSize
    ) -> list[dict[str, Any]]:
        """Returns the refunds, asked for once more, alone, if they did not fit."""
        if _fits(refunds, size):
            return refunds
        larger = PageSize(first=1, nested=dict(_LARGER))
        (found,), _ = self._ask([order], larger)
        refunds = _listed(found)
        return refunds if len(refunds) < larger.nested["refunds"] else self._all_of(order)

    def _ask(
        self, orders: Sequence[dict[str, Any]], size: PageSize
    ) -> tuple[list[dict[str, Any]], int]:
        """Returns the first orders with their refunds, as many as a query takes, and its bytes."""
        reply = self._graph.ask_sized(lambda fit: _question(orders[: fit.first], fit), size)
        data = reply.data["data"]
        found = [data[name] for name in (f"o{n}" for n in range(len(orders))) if name in data]
        for order, each in zip(orders, found, strict=False):
            if each is None:
                raise vanished(str(order.get("id")))
        if not found:
            raise ShapeChanged("the answer holds none of the orders that were asked for")
        return found, len(reply.body)

    def _all_of(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        variables = {"id": order["id"], "refunds": MOST_REFUNDS}
        found = self._graph.ask(queries.refund_heads(), variables).data["data"].get("order")
        if found is None:
            raise vanished(str(order["id"]))
        refunds = _listed(found)
        if len(refunds) >= MOST_REFUNDS:
            raise ShapeChanged(f"{order['id']} has {len(refunds)} refunds or more")
        return refunds

    def _whole(self, order: dict[str, Any], place: int, refund: dict[str, Any]) -> dict[str, Any]:
        """Returns a refund with all its lines and transactions, without page marks.

        Args:
            order: whose.
            place: its place in the order's list of refunds, from 0.
            refund: the refund, as far as it is known.
        """
        whole = dict(refund)
        for name in _PARTS:
            if name not in refund and "transactions" in refund:
                continue  # A version of the API that no longer has it.
            nodes: list[dict[str, Any]] = []
            after, more = None, name not in refund
            if name in refund:
                nodes, more = connection(refund, name)
                after = refund[name]["pageInfo"].get("endCursor") if more else None
            if more:
                nodes = [*nodes, *self._rest(order, place, str(refund.get("id")), name, after)]
            whole[name] = {"nodes": nodes}
        return whole

    def _rest(
        self, order: dict[str, Any], place: int, refund_id: str, name: str, after: str | None
    ) -> Iterator[dict[str, Any]]:
        def refund(data: dict[str, Any]) -> Any:
            found = data.get("order")
            refunds = [] if found is None else _listed(found)
            return next((each for each in refunds if each.get("id") == refund_id), None)

        # The refunds before it come along, as the list has no other way in; they are not looked at.
        variables = {"id": order["id"], "refunds": place + 1}
        text = queries.refund_parts(name, _PARTS[name])
        return rest_of(self._graph, text, variables, refund, name, after)


def _question(orders: Sequence[dict[str, Any]], size: PageSize) -> Question:
    ids = {f"i{number}": order["id"] for number, order in enumerate(orders)}
    return queries.refunded(len(orders)), {**ids, **size.nested}


def _fits(refunds: Sequence[dict[str, Any]], size: PageSize) -> bool:
    parts = (connection(refund, name) for refund in refunds for name in _PARTS if name in refund)
    return len(refunds) < size.nested["refunds"] and not any(more for _, more in parts)


def _listed(order: Any) -> list[dict[str, Any]]:
    refunds = order.get("refunds") if isinstance(order, dict) else None
    if not isinstance(refunds, list) or not all(isinstance(each, dict) for each in refunds):
        raise ShapeChanged("the answer holds no list of refunds")
    return refunds
