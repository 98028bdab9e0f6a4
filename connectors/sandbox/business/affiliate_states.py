"""How a conversion stands over time: what becomes of its order, and what people decide."""

from __future__ import annotations

from connectors.sandbox.business.affiliate_entities import (
    APPROVED,
    INVALID,
    PENDING,
    REJECTED,
    Click,
    Offer,
    State,
)
from connectors.sandbox.business.shop_entities import Order

_DAY = 86_400
_RETURNS = 12 * _DAY
"""How long after an order the shop waits for returns before it approves."""
_LONGEST = 60 * _DAY
"""What comes back later changes nothing: it has long been paid."""
_INVALID, _DISPUTED = 0.03, 0.06


def states_of(order: Order, click: Click, begins: int, drawn: float) -> tuple[State, ...]:
    """Returns how a conversion stands from an instant on.

    Args:
        order: What was bought.
        click: Whose it is.
        begins: When the network first has the conversion.
        drawn: Between 0 and 1: which few are invalid, and which are decided three times.
    """
    sale = max(0, sum(one.worth for one in order.lines))
    offer = click.offer
    if drawn < _INVALID:
        return (_state(begins, INVALID, offer, 0),)
    return _folded(_events(order, begins, drawn, sale), click, begins, sale)


def _events(order: Order, begins: int, drawn: float, sale: int) -> list[tuple[int, str, int]]:
    """Returns what happens to a conversion: when, to which status or none, and what goes back."""
    decided = max(order.created + _RETURNS, begins)
    events = [(decided, APPROVED, 0)]
    if drawn < _INVALID + _DISPUTED:
        # Looked at again, and again: a day each.
        events += [(decided + _DAY, REJECTED, 0), (decided + 2 * _DAY, APPROVED, 0)]
    if order.cancelled - order.created < _LONGEST:
        events.append((order.cancelled, REJECTED, sale))
    events += [(at, "", worth) for at, worth in _returned(order)]
    return sorted((max(at, begins), status, worth) for at, status, worth in events)


def _folded(
    events: list[tuple[int, str, int]], click: Click, begins: int, sale: int
) -> tuple[State, ...]:
    """Returns the states that events lead to; what has gone back whole is rejected for good."""
    status, left = APPROVED if click.partner.is_trusted else PENDING, sale
    states = [_state(begins, status, click.offer, sale)]
    for at, decision, worth in events:
        left = max(0, left - worth)
        status = REJECTED if left == 0 else decision or status
        _add(states, _state(at, status, click.offer, left or states[-1].sale_cents))
    return tuple(states)


def _returned(order: Order) -> list[tuple[int, int]]:
    """Returns when what goods came back, by their worth."""
    return sorted(
        (one.at, sum(line.subtotal_cents for line in one.lines))
        for one in order.refunds
        if one.lines and 0 <= one.at - order.created < _LONGEST
    )


def _state(at: int, status: str, offer: Offer, sale_cents: int) -> State:
    payout = offer.payout(sale_cents) if sale_cents else 0
    # The network adds a fifth for itself.
    return State(at, status, payout, payout * 6 // 5, sale_cents)


def _add(states: list[State], one: State) -> None:
    """Adds a state: of those of one instant the last stays, of equal ones the first."""
    if states[-1].at == one.at:
        states.pop()
    if not states or (states[-1].status, states[-1].sale_cents) != (one.status, one.sale_cents):
        states.append(one)
