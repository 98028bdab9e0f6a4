"""Generated histories of shops and files: incremental equals a full refresh."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from commerce_rows import file_line, file_source, line, refund, shop, shop_order, shop_product
from dbt_home import DbtHome, differences, twin_of
from fixture_lake import Account, FixtureLake
from hypothesis import strategies as st
from known_days import known_days
from test_histories import gathered

# One worker, so that its homes are built once.
pytestmark = pytest.mark.xdist_group("dbt_commerce_histories")
STEPS = 3
HISTORIES = 24
# Around the end of a month and the spring clock change of New York.
FIRST = datetime(2026, 2, 27, 3, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 12, 6, tzinfo=UTC)
DAYS = [date(2026, 2, 20) + timedelta(days=n) for n in range(30)]
ZONES = [("EUR", "Europe/Berlin"), ("USD", "America/New_York"), ("SEK", "Europe/Stockholm")]
ORDERS = ["1", "2", "3"]


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
    """A chunk of versions; `hours` places its fetch before or after others of its step."""

    versions: tuple[Version, ...]
    hours: int
    late_commit: int
    succeeded: bool
    kind: str
    rejected: int
    window: tuple[int, int]


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
RATES = st.lists(
    st.dictionaries(
        st.integers(0, len(DAYS) - 1),
        st.dictionaries(st.sampled_from(["USD", "GBP", "SEK"]), st.sampled_from(["1.1", "0.7"])),
        max_size=4,
    ),
    min_size=STEPS,
    max_size=STEPS,
)


# A shop of which every day is known from the first step on; few generated ones have such days.
WITNESS = (
    ZONES[0],
    [
        [("shop", Chunk((), 0, 0, True, "changes", 0, (0, len(DAYS) - 1)))] if step == 0 else []
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
    )


def _known(
    histories: list[Any], accounts: dict[str, dict[str, Account]], steps: int
) -> set[tuple[str, date]]:
    """Organization and day, of the shops' days that are known after so many steps."""
    found = set()
    for name, ((_, zone), events) in zip(accounts, histories, strict=True):
        pulled = [
            (*(DAYS[n] for n in event.window), _now(step) + timedelta(hours=event.hours))
            for step in range(steps)
            for place, event in events[step]
            if place == "shop" and isinstance(event, Chunk) and event.succeeded
        ]
        found |= {(name, day) for day in known_days(pulled, zone)}
    return found


def _now(step: int) -> datetime:
    return NOW + timedelta(days=2 * step)


def test_incremental_equals_full_refresh(tmp_path: Path) -> None:
    histories = [WITNESS, *gathered(HISTORY, HISTORIES)]
    rates = gathered(RATES, 6)[-1]
    assert sum(len(events) for _, steps in histories for events in steps) > HISTORIES
    (tmp_path / "home").mkdir()
    lake = FixtureLake(tmp_path / "home")
    home = DbtHome(tmp_path / "home")
    twin = twin_of(home, tmp_path / "twin")
    accounts: dict[str, dict[str, Account]] = {}
    for number, ((currency, zone), _) in enumerate(histories):
        name = f"history_{number:02d}"
        lake.organization(name)
        accounts[name] = {
            "shop": shop(name, currency, zone),
            "files": file_source(name, "orders", currency, zone),
        }
        for account in accounts[name].values():
            lake.connection(account)
    for step in range(STEPS):
        now = _now(step)
        known = {DAYS[day]: currencies for day, currencies in rates[step].items()}
        lake.pull_rates(now, (min(known, default=DAYS[0]), DAYS[-1]), known)
        for name, (_, steps) in zip(accounts, histories, strict=True):
            for place, event in steps[step]:
                _land(lake, accounts[name], place, event, now)
        # Once, a build stops somewhere below the facts.
        if step == 1:
            home.build("--select", "int_record_versions", "fact_order_lines")
        home.build()
        twin.build("--full-refresh")
        found = differences(home, twin)
        guilty = [n for n in range(len(histories)) if f"history_{n:02d}" in repr(found)]
        assert found == {}, (step, found, [histories[n] for n in guilty[:3]])
        assert home.query("select * from mart_reconciliation where not is_reconciled") == []
        known = home.query("select organization_id, date_day from build.int_shop_days")
        assert len(known) == len(set(known)) > 0
        assert set(known) == _known(histories, accounts, step + 1)
    home.invoke("test", "--select", "orders_add_up", "fact_orders", "fact_order_lines")
