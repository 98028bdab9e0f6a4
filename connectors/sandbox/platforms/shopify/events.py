"""What was deleted: the only traces that orders and products leave, kept for a year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from connectors.sandbox.business.shop_entities import IDS_PER_ORDER, first_order_id
from connectors.sandbox.platforms.shopify.view import View, gid, instant

_KEPT = 365 * 86_400
_FIRST_ID = 90_000_000_000_000


class Deletion(NamedTuple):
    """One thing that was deleted, and when."""

    kind: str
    subject: int
    name: str
    at: int

    @property
    def id(self) -> int:
        """The id of the event, which is not that of its subject."""
        return self.subject + _FIRST_ID

    @property
    def message(self) -> str:
        """What the shop's own log says."""
        return f"Sandbox Owner deleted {self.kind.lower()} {self.name}."


def deletions(view: View) -> list[Deletion]:
    """Returns what was deleted in the last year, oldest first."""
    deleted, first = view.book.ledger.deleted, first_order_id(view.shop)
    found = [
        Deletion("Order", first + row * IDS_PER_ORDER, f"#{row + 1_001}", int(deleted[row]))
        for row in np.flatnonzero(deleted <= view.clock).tolist()
    ]
    found += [
        Deletion("Product", one.id, one.title.changes[0][1], int(one.deleted.timestamp()))
        for one in view.book.products
        if one.deleted is not None and one.deleted <= view.now
    ]
    kept = (one for one in found if one.at > view.clock - _KEPT)
    return sorted(kept, key=lambda one: (one.at, one.id))


FIELDS: Mapping[str, Callable[[Deletion], Any]] = {
    "id": lambda one: gid("BasicEvent", one.id),
    "action": lambda _: "destroy",
    "createdAt": lambda one: instant(one.at),
    "message": lambda one: one.message,
    "subjectId": lambda one: gid(one.kind, one.subject),
    "subjectType": lambda one: one.kind.upper(),
}
