"""What Hypothesis generates for a lake that many histories share, and the rates of all of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from fixture_lake import FixtureLake
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

STEPS = 3
"""Times that something lands, and a build follows."""

# Around the end of a month and the spring clock change of New York.
DAYS = [date(2026, 2, 20) + timedelta(days=n) for n in range(30)]
# The rates known in each step: a day's currencies may be missing, come later or be restated.
_RATES = st.lists(
    st.dictionaries(
        st.integers(0, len(DAYS) - 1),
        st.dictionaries(
            st.sampled_from(["USD", "NZD", "GBP", "SEK"]), st.sampled_from(["1.1", "2", "0.7"])
        ),
        max_size=6,
    ),
    min_size=STEPS,
    max_size=STEPS,
)


def gathered(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """Examples that Hypothesis generates, to be tried together instead of one at a time."""
    examples: list[Any] = []

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def gather(example: Any) -> None:
        examples.append(example)

    gather()
    return examples


class GeneratedRates:
    """The rates of a lake, some more in each step."""

    def __init__(self, lake: FixtureLake) -> None:
        self._lake = lake
        # The first example of a strategy is its simplest one: no rates at all.
        self._steps = gathered(_RATES, 6)[-1]

    def land(self, step: int, now: datetime) -> None:
        """Lands the rates that are known in a step."""
        known = {DAYS[day]: currencies for day, currencies in self._steps[step].items()}
        self._lake.pull_rates(now, (min(known, default=DAYS[0]), DAYS[-1]), known)
