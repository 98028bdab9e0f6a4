"""Generated histories of shops and of files with orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from commerce_rows import file_line, file_source, line, refund, shop, shop_order, shop_product
from fixture_lake import Account, FixtureLake
from generated import DAYS, STEPS, gathered
from hypothesis import strategies as st
from known_days import known_days

FIRST = datetime(2026, 2, 27, 3, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 12, 6, tzinfo=UTC)
ZONES = [("EUR", "Europe/Berlin"), ("USD", "America/New_York"), ("SEK", "Europe/Stockholm")]
ORDERS = ["1", "2", "3"]
EVER = 25_000


@dataclass(frozen=True)
class Version:
    """What an order looked like at `version` hours after it was placed."""

    order: str
    placed: int
    version: int
    quantity: int
    discount: str
    tax_included: bool
    refunded: int
    status: str
    customer: str | None
    source: str | None


@dataclass(frozen=True)
class Chunk:
    """A chunk of versions; `hours` places its fetch before or after others of its step.

    Orders are shown for `shown_days` after they were made; None when that was not logged.
    """

    versions: tuple[Version, ...]
    hours: int
    late_commit: int
    succeeded: bool
    kind: str
    rejected: int
    window: tuple[int, int]
    shown_days: int | None


@dataclass(frozen=True)
class Catalog:
    """A complete list of products, in the shop."""

    cost: str | None
    price: str
    hours: int
    succeeded: bool


@dataclass(frozen=True)
class Registry:
    """The organization reports in another currency."""

    currency: str


VERSIONS = st.builds(
    Version,
    order=st.sampled_from(ORDERS),
    placed=st.integers(0, 8),
    version=st.integers(0, 200),
    quantity=st.integers(0, 3),
    discount=st.sampled_from(["0", "0.01", "3.33"]),
    tax_included=st.booleans(),
    refunded=st.sampled_from([0, 0, 1, 2]),
    status=st.sampled_from(["PAID", "PAID", "REFUNDED", "VOIDED", "PENDING"]),
    customer=st.sampled_from(["a", "b", None]),
    source=st.sampled_from(["google", "facebook", None]),
)
CHUNKS = st.builds(
    Chunk,
    versions=st.lists(VERSIONS, max_size=4).map(tuple),
    hours=st.integers(-90, 20),
    late_commit=st.sampled_from([0, 0, 40]),
    succeeded=st.sampled_from([True, True, True, False]),
    kind=st.sampled_from(["changes", "snapshot"]),
    rejected=st.sampled_from([0, 0, 1]),
    window=st.tuples(st.integers(0, 14), st.integers(1, 15)).map(lambda w: (w[0], w[0] + w[1])),
    shown_days=st.sampled_from([None, EVER, EVER, 3, 12]),
)
CATALOGS = st.builds(
    Catalog,
    cost=st.sampled_from(["2", "3.5", None]),
    price=st.sampled_from(["10", "11"]),
    hours=st.integers(-200, 20),
    succeeded=st.sampled_from([True, True, False]),
)
REGISTRIES = st.builds(Registry, currency=st.sampled_from(["USD", "EUR", "GBP"]))
EVENTS = st.one_of(CHUNKS, CHUNKS, CHUNKS, CATALOGS, REGISTRIES)
HISTORY = st.tuples(
    st.sampled_from(ZONES),
    st.lists(
        st.lists(st.tuples(st.sampled_from(["shop", "files"]), EVENTS), max_size=3),
        min_size=STEPS,
        max_size=STEPS,
    ),
)


# A shop with an order, of which every day is known from the first step on: chance may give neither.
ORDER = Version("1", 0, 0, 1, "0", False, 0, "PAID", "a", "google")
WITNESS = (
    ZONES[0],
    [
        [("shop", Chunk((ORDER,), 0, 0, True, "changes", 0, (0, len(DAYS) - 1), EVER))]
        if step == 0
        else []
        for step in range(STEPS)
    ],
)


def _placed_at(version: Version) -> datetime:
    return FIRST + timedelta(hours=7 * version.placed)


def _order(version: Version) -> dict[str, Any]:
    placed_at, number = _placed_at(version), int(version.order)
    updated_at = placed_at + timedelta(hours=version.version)
    items = [line(number * 10 + n, "3.33") for n in range(version.quantity)]
    backs = [
        refund(n, placed_at + timedelta(hours=20 * n), [(number * 10, 1, "3.33", "0.10")])
        for n in range(1, version.refunded + 1)
    ]
    return shop_order(
        number,
        placed_at,
        items,
        updated_at=updated_at,
        customer=version.customer,
        discount=version.discount if items else "0",
        tax="0.50",
        refunds=backs,
        status=version.status,
        taxes_included=version.tax_included,
        utm_source=version.source,
        utm_medium="cpc" if version.source else None,
    )


def _document(version: Version) -> list[dict[str, Any]]:
    kind = {"PENDING": "adjustment", "REFUNDED": "return"}.get(version.status, "sale")
    placed_at = _placed_at(version)
    return [
        file_line(
            version.order,
            number,
            placed_at,
            document_type=kind,
            updated_at=placed_at + timedelta(hours=version.version),
            customer_id=version.customer,
            discount=version.discount,
            refunded_amount="2" if version.refunded and kind == "sale" else None,
            refunded_at=placed_at + timedelta(hours=30) if version.refunded else None,
            is_deleted=version.status == "VOIDED",
        )
        for number in range(version.quantity)
    ]


def _land(
    lake: FixtureLake, accounts: dict[str, Account], place: str, event: Any, now: datetime
) -> None:
    account = accounts[place]
    if isinstance(event, Registry):
        lake.organization(account.organization, event.currency)
        return
    at = now + timedelta(hours=event.hours)
    status = "succeeded" if event.succeeded else "failed"
    if isinstance(event, Catalog):
        rows = [shop_product("1", [("1", event.price, event.cost)])]
        lake.pull(accounts["shop"], "products", at, rows, status=status)
        return
    # An order is once in a file, and may be twice in a page of a shop.
    if place == "files":
        versions = {version.order: version for version in event.versions}.values()
        rows = [row for version in versions for row in _document(version)]
    else:
        rows = [_order(version) for version in event.versions]
    kind = event.kind if place == "files" else "changes"
    first, last = event.window
    lake.pull(
        account,
        "orders",
        at,
        rows,
        (DAYS[first], DAYS[last]) if place == "shop" else None,
        kind=kind,
        status=status,
        rejected=event.rejected if kind == "snapshot" else 0,
        committed_at=max(now, at) + timedelta(hours=event.late_commit),
        hidden_before=_hidden_before(event, at) if place == "shop" else None,
    )


def _hidden_before(event: Chunk, at: datetime) -> datetime | None:
    if event.shown_days is None:
        return None
    return max(at - timedelta(days=event.shown_days), datetime(1970, 1, 1, tzinfo=UTC))


class CommerceHistories:
    """Organizations of a shop and a source of files each, whose histories land step by step.

    Attributes:
        accounts: of each organization, by `shop` and `files`.
    """

    def __init__(self, lake: FixtureLake, count: int) -> None:
        self._lake = lake
        self._drawn = [WITNESS, *gathered(HISTORY, count)]
        self.accounts: dict[str, dict[str, Account]] = {}
        for number, ((currency, zone), _) in enumerate(self._drawn):
            name = f"shops_{number:02d}"
            lake.organization(name)
            self.accounts[name] = {
                "shop": shop(name, currency, zone),
                "files": file_source(name, "orders", currency, zone),
            }
            for account in self.accounts[name].values():
                lake.connection(account)

    def land(self, step: int) -> datetime:
        """Lands the events of a step; returns its clock."""
        now = _now(step)
        for accounts, (_, steps) in zip(self.accounts.values(), self._drawn, strict=True):
            for place, event in steps[step]:
                _land(self._lake, accounts, place, event, now)
        return now

    def events(self) -> dict[str, Any]:
        """All that lands of each organization."""
        return dict(zip(self.accounts, self._drawn, strict=True))

    def known(self, steps: int) -> set[tuple[str, date]]:
        """Organization and day, of the shops' days that are known after so many steps."""
        found = set()
        for name, ((_, zone), events) in self.events().items():
            chunks = sorted(
                (_now(step) + timedelta(hours=event.hours), number, event)
                for number, (step, place, event) in enumerate(
                    (step, *landed) for step in range(steps) for landed in events[step]
                )
                if place == "shop" and isinstance(event, Chunk) and event.succeeded
            )
            pulled = []
            shown: int | None = None
            # What a chunk did not log is taken from the next one that did.
            for at, _, event in reversed(chunks):
                shown = event.shown_days if event.shown_days is not None else shown
                hidden = at - timedelta(days=shown) if shown is not None else None
                pulled.append((*(DAYS[n] for n in event.window), at, hidden))
            found |= {(name, day) for day in known_days(pulled, zone)}
        return found


def _now(step: int) -> datetime:
    return NOW + timedelta(days=2 * step)
