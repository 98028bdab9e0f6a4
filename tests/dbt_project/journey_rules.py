"""What the rules of attribution give for journeys, run by themselves, and what they should give.

The right answers come from exact fractions and from solving the chain's equations; the models walk
through it with decimals.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
from built_home import DbtHome

Path = Sequence[str]
CONVERTED_AT = datetime(2026, 3, 31, 12)
START = ("(start)",)
_ENDS = {True: ("(conversion)",), False: ("(null)",)}


@dataclass(frozen=True)
class Rules:
    """The SQL of the macros, compiled as in a model.

    Attributes:
        credits: of `touch_credits`, with revenue split by the credits.
        effects: of `markov_effects`, by the order of the chain.
    """

    credits: str
    effects: Mapping[int, str]

    @classmethod
    def compiled(cls, home: DbtHome) -> Rules:
        """Compiles them in a home."""

        def sql(found: str, *macros: str) -> str:
            parts = " ".join(f"{{{{ {macro} }}}}" for macro in macros)
            text = f"with recursive {parts} done as (select * from {found}) "
            result = home.invoke("compile", "--inline", text + "select * from done")
            return str(result.results[0].node.compiled_code)

        steps = "'journeys', ['organization_id'], ['journey_key']"
        effects = {
            order: sql("removal_effects", f"markov_effects({steps}, order={order})")
            for order in (1, 2)
        }
        split = "split_amounts('credits', ['revenue'], 'credit', ['journey_key', 'model'], 'place')"
        credits = sql("credits_split", "touch_credits('journeys', ['journey_key'])", split)
        return cls(credits, effects)

    def removal_effects(
        self, converted: Sequence[Path], lost: Sequence[Path] = (), order: int = 1
    ) -> dict[str, Decimal]:
        """Returns the removal effect of each channel."""
        return {row[1]: row[-2] for row in self._effects(converted, lost, order)}

    def chances(
        self, converted: Sequence[Path], lost: Sequence[Path] = ()
    ) -> dict[str, tuple[Decimal, Decimal]]:
        """Returns the chance of a conversion with and without each channel."""
        return {row[1]: (row[2], row[3]) for row in self._effects(converted, lost, 1)}

    def unresolved(
        self, converted: Sequence[Path], lost: Sequence[Path] = ()
    ) -> dict[str, Decimal]:
        """Returns of each channel the chance that a journey did not end within the steps allowed,
        with the channel or without it, whichever is larger."""
        return {row[1]: row[-1] for row in self._effects(converted, lost, 1)}

    def _effects(self, converted: Sequence[Path], lost: Sequence[Path], order: int) -> list[Any]:
        rows = [
            ("acme", number, position, channel, number < len(converted))
            for number, path in enumerate([*converted, *lost])
            for position, channel in enumerate(path, 1)
        ]
        columns = (
            "organization_id text, journey_key int, position int, channel text, is_converted bool"
        )
        with _journeys(columns, rows) as connection:
            return connection.execute(self.effects[order]).fetchall()

    def shares(
        self,
        journeys: Mapping[int, Sequence[tuple[str, float]]],
        effects: Mapping[str, Decimal] | None = None,
        *,
        backwards: bool = False,
    ) -> dict[int, dict[str, list[Decimal]]]:
        """Returns the credits of the touches of each journey, by model.

        Args:
            journeys: of each its touches: channel and days before the conversion.
            effects: the removal effects of channels.
            backwards: Whether the rows come in another order.
        """
        return self._split(journeys, effects or {}, {}, "credit", backwards)

    def revenues(
        self, journeys: Mapping[int, Sequence[tuple[str, float]]], revenues: Mapping[int, Decimal]
    ) -> dict[int, dict[str, list[Decimal]]]:
        """Returns the shares of each journey's revenue, by model and touch."""
        return self._split(journeys, {}, revenues, "revenue_share", backwards=False)

    def _split(
        self,
        journeys: Mapping[int, Sequence[tuple[str, float]]],
        effects: Mapping[str, Decimal],
        revenues: Mapping[int, Decimal],
        asked: str,
        backwards: bool,
    ) -> dict[int, dict[str, list[Decimal]]]:
        rows = [
            (key, n, CONVERTED_AT - timedelta(days=days), CONVERTED_AT, channel,
             effects.get(channel), revenues.get(key, Decimal(0)))
            for key, touches in journeys.items()
            for n, (channel, days) in enumerate(touches, 1)
        ]  # fmt: skip
        columns = (
            "journey_key int, position int, touched_at timestamp, converted_at timestamp, "
            "channel text, removal_effect decimal(13, 12), revenue decimal(24, 6)"
        )
        found: dict[int, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
        with _journeys(columns, rows[::-1] if backwards else rows) as connection:
            split = f"select journey_key, model, {asked} from ({self.credits}) order by 1, 2, place"
            for key, model, share in connection.execute(split).fetchall():
                found[key][model].append(share)
        return found


def _journeys(columns: str, rows: Sequence[Any]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"create table journeys ({columns})")
    connection.executemany(f"insert into journeys values ({', '.join('?' * len(rows[0]))})", rows)
    return connection


def exact_effects(
    converted: Sequence[Path], lost: Sequence[Path] = (), order: int = 1
) -> dict[str, Fraction]:
    """Returns the removal effects by solving the chain's equations in fractions."""
    counts: dict[Path, Counter[Path]] = defaultdict(Counter)
    for number, path in enumerate([*converted, *lost]):
        states = [tuple(path[max(0, n - order) : n]) for n in range(1, len(path) + 1)]
        stops = [START, *states, _ENDS[number < len(converted)]]
        for here, there in itertools.pairwise(stops):
            counts[here][there] += 1
    everything = _chance(counts, None)
    channels = {channel for path in [*converted, *lost] for channel in path}
    return {one: 1 - _chance(counts, one) / everything for one in channels}


def _chance(counts: Mapping[Path, Counter[Path]], removed: str | None) -> Fraction:
    """The chance that the start ends in a conversion, by eliminating one state after another."""
    states = list(counts)
    rows = []
    for here in states:
        total = sum(counts[here].values())
        row = [Fraction(here == other) for other in states] + [Fraction(0)]
        for there, n in counts[here].items():
            if there == _ENDS[True]:
                row[-1] += Fraction(n, total)
            elif there in counts and there[-1] != removed:
                row[states.index(there)] -= Fraction(n, total)
        rows.append(row)
    for n in range(len(rows)):
        pivot = next(k for k in range(n, len(rows)) if rows[k][n])
        rows[n], rows[pivot] = rows[pivot], rows[n]
        rows[n] = [value / rows[n][n] for value in rows[n]]
        for k in range(len(rows)):
            if k != n and rows[k][n]:
                rows[k] = [a - rows[k][n] * b for a, b in zip(rows[k], rows[n], strict=True)]
    return rows[states.index(START)][-1]
