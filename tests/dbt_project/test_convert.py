"""A converted amount is the exact product, rounded half away from zero at the sixth decimal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import product

import duckdb
import pytest
from built_home import PROJECT
from generated import gathered
from hypothesis import strategies as st
from jinja2 import Environment

MICRO, SMALLEST_RATE = Decimal("0.000001"), Decimal("0.000000000000000001")
MILLION = Decimal(1_000_000)
HALF = Decimal("0.5")
# Numbers of micros that make a tie at such a rate, of which doubles make a little more or less as
# well; the smallest rate more or less undoes the tie.
TIED = {HALF: (1, 3, 999_999_999_999), Decimal("0.1"): range(5, 500, 10)}
TIES = [
    (sign * number * MICRO, rate + shift * SMALLEST_RATE)
    for rate, micros in TIED.items()
    for sign, number, shift in product((1, -1), micros, (-1, 0, 1))
]
# Where one way to multiply ends and another begins: a million, a rate of 100, a rate of 1.
EDGES = [
    (sign * (amount + step * MICRO), rate)
    for sign, amount, step in product((1, -1), (MILLION, Decimal(7)), (-1, 0, 1))
    for rate in (
        Decimal(1),
        Decimal(1) + SMALLEST_RATE,
        Decimal(1) - SMALLEST_RATE,
        Decimal(100) - SMALLEST_RATE,
        Decimal(100),
        Decimal("20123.45"),
    )
]
GENERATED = st.tuples(
    st.decimals(-999_999_999, 999_999_999, places=6),
    st.one_of(
        st.decimals(SMALLEST_RATE, Decimal("99.999"), places=18),
        st.decimals(Decimal(100), Decimal(30_000), places=12),
    ),
)

Pair = tuple[Decimal, Decimal]


def expected(amount: Decimal, rate: Decimal) -> Decimal:
    """The product by fractions of whole numbers."""
    exact = abs(Fraction(amount) * Fraction(rate)) * 10**6
    micros = int(exact + Fraction(1, 2))
    return Decimal(micros if amount > 0 else -micros) * MICRO


def converted(pairs: Iterable[tuple[Decimal | None, Decimal | None]]) -> list[Decimal | None]:
    """What the project's own macro makes of amounts and rates, in their order."""
    macros = (PROJECT / "macros" / "measures.sql").read_text()
    sql = Environment().from_string(macros + "{{ convert('amount', 'rate') }}").render()
    rows = [(number, *pair) for number, pair in enumerate(pairs)]
    with duckdb.connect() as connection:
        connection.execute(
            "create table pairs (number int, amount decimal(18, 6), rate decimal(38, 18))"
        )
        connection.executemany("insert into pairs values (?, ?, ?)", rows)
        return [row[0] for row in connection.execute(f"select {sql} from pairs").fetchall()]


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    return [*TIES, *EDGES, *gathered(GENERATED, 500)]


def test_a_product_is_exact_to_its_last_decimal(pairs: list[Pair]) -> None:
    found = dict(zip(pairs, converted(pairs), strict=True))
    assert len(found) > 400
    assert {pair: value for pair, value in found.items() if value != expected(*pair)} == {}


def test_nothing_is_converted_without_a_rate_but_nothing() -> None:
    assert converted([(Decimal(5), None), (None, HALF), (Decimal(0), None)]) == [None, None, 0]


def test_a_product_of_too_many_digits_is_unknown() -> None:
    most = Decimal("999999999999.999999")
    assert converted([(most, Decimal(99_999)), (most, Decimal(200_000))]) == [
        Decimal("99998999999999999.900001"),
        None,
    ]
