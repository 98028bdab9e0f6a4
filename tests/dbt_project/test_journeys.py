"""The rules of attribution against published cases and against exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path as File

import pytest
from built_home import DbtHome
from hypothesis import example, given, settings
from hypothesis import strategies as st
from journey_rules import Path, Rules, exact_effects

D = Decimal
STEPS = 5_000
"""The variable `attribution_markov_steps`."""
DOCS = File(__file__).parents[2] / "docs" / "attribution.md"
MODELS = {
    "first",
    "last",
    "last_non_direct",
    "linear",
    "time_decay",
    "position_based",
    "markov",
}
CHANNELS = ("email", "paid_search", "paid_social", "direct", "unattributed")
PATHS = st.lists(st.lists(st.sampled_from(CHANNELS[:4]), min_size=1, max_size=6), max_size=12)
TOUCHES = st.lists(
    st.tuples(st.sampled_from(CHANNELS), st.floats(0, 90, width=16)), min_size=1, max_size=12
)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    return Rules.compiled(DbtHome(tmp_path_factory.mktemp("rules")))


def split(text: str) -> Path:
    return text.split(" > ")


@pytest.mark.parametrize(
    ("converted", "lost", "wanted"),
    [
        # Sergii Puzyrov, "Markov Chain Attribution", 2019: without Google Ads 0.2 of 0.8 are left,
        # without mailing 0.4.
        (["g", "g", "m", "g > m"], ["g"], {"g": "0.75", "m": "0.5"}),
        # Sergey Bryl, "Attribution model with R", 2016: one of three journeys converts.
        (["c1 > c2 > c3"], ["c1", "c2 > c3"], {"c1": "0.5", "c2": "1", "c3": "1"}),
        # Nobody is lost: the effect is the part of the journeys that come to the channel.
        (
            ["a > b > c", "a", "b"],
            [],
            {"a": "0.666666666667", "b": "0.666666666667", "c": "0.333333333333"},
        ),
        # A channel of lost journeys alone is not missed, and a repeated one is passed once.
        (["a > a > b > a"], ["d", "d > d"], {"a": "1", "b": "0.5", "d": "0"}),
    ],
)
def test_removal_effects_of_known_cases(
    rules: Rules, converted: Sequence[str], lost: Sequence[str], wanted: dict[str, str]
) -> None:
    won, missed = [split(one) for one in converted], [split(one) for one in lost]
    found = rules.removal_effects(won, missed)
    exact = exact_effects(won, missed)
    assert {one: round(float(effect), 12) for one, effect in exact.items()} == {
        one: float(effect) for one, effect in found.items()
    }
    assert found == {one: D(effect) for one, effect in wanted.items()}


@settings(max_examples=40)
@given(st.data(), st.sampled_from([1, 2]))
def test_removal_effects_solve_the_equations(rules: Rules, data: st.DataObject, order: int) -> None:
    converted = [*data.draw(PATHS), data.draw(st.sampled_from([["email"], ["direct", "email"]]))]
    lost = data.draw(PATHS)
    found = rules.removal_effects(converted, lost, order)
    exact = exact_effects(converted, lost, order)
    assert found.keys() == exact.keys()
    for channel, effect in exact.items():
        assert abs(Fraction(found[channel]) - effect) < Fraction(1, 10**9), channel
    shuffled = data.draw(st.permutations(converted)), data.draw(st.permutations(lost))
    assert rules.removal_effects(*shuffled, order) == found


def test_a_chain_that_goes_round_and_round_ends(rules: Rules) -> None:
    """Two channels by turns, fifty touches: the walk goes on until all have ended."""
    long = [["a", "b"] * 25, ["b", "a"] * 25, ["a"]]
    assert max(rules.unresolved(long).values()) <= D("1e-9")
    exact = exact_effects(long)
    for channel, effect in rules.removal_effects(long).items():
        assert abs(Fraction(effect) - exact[channel]) < Fraction(1, 10**8)


def test_the_chances_with_and_without_a_channel(rules: Rules) -> None:
    """Of the first published case: 4 of 5 convert, without Google Ads 1, without mailing 2."""
    found = rules.chances([["g"], ["g"], ["m"], ["g", "m"]], [["g"]])
    assert found == {"g": (D("0.8"), D("0.2")), "m": (D("0.8"), D("0.4"))}


def test_what_has_not_ended_after_all_steps_is_stated(rules: Rules) -> None:
    """Of 1,000 touches by turns one is the last: after each second step most go on."""
    turns = 500
    found = rules.unresolved([["a", "b"] * turns, ["c"]])
    # The first step leads from the start to a or c; then each second step may end it, at b.
    going_on = (1 - Fraction(1, turns)) ** ((STEPS - 1) // 2) / 2
    assert found.keys() == {"a", "b", "c"}
    for chance in found.values():
        assert abs(Fraction(chance) - going_on) < Fraction(1, 10**9)


def test_a_second_order_chain_remembers_the_channel_before(rules: Rules) -> None:
    """After a search that followed a mail nobody is lost, after one that stood first half are."""
    converted = [["mail", "search"], ["mail", "search"], ["search"]]
    lost = [["search"], ["mail"]]
    # By the last channel alone, 3 of the 4 visits by search convert: 0.6 with mail, 0.3 without.
    first = rules.removal_effects(converted, lost, 1)
    assert first == {"mail": D("0.5"), "search": D("1")}
    # Still 0.6 convert, but without mail 0.2 do: half of the 0.4 that begin with search.
    second = rules.removal_effects(converted, lost, 2)
    assert second == {"mail": D("0.666666666667"), "search": D("1")}


def documented(name: str) -> list[list[str]]:
    """The rows of a table of the handbook, without its head."""
    _, _, section = DOCS.read_text().partition(f"<!-- {name} -->\n\n")
    lines = section.partition("\n\n")[0].splitlines()
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_each_model_of_the_handbooks_journey(rules: Rules) -> None:
    touches = [("paid_social", 14), ("email", 7), ("paid_search", 7), ("direct", 0)]
    effects = {"paid_social": D("0.6"), "email": D("0.2"), "paid_search": D("0.2"), "direct": D(0)}
    shown = {model: [D(one) for one in row] for model, *row in documented("credits of the example")}
    assert rules.shares({1: touches}, effects)[1] == shown
    assert shown.keys() == MODELS
    # By hand: weights of 1/4, 1/2, 1/2 and 1 of together 9/4.
    wanted = [D("0.111111111"), D("0.222222222"), D("0.222222222"), D("0.444444445")]
    assert shown["time_decay"] == wanted


def test_removal_effects_of_the_handbooks_journeys(rules: Rules) -> None:
    converted, lost = [], []
    for path, conversions, others in documented("journeys of the example"):
        converted += [split(path)] * int(conversions)
        lost += [split(path)] * int(others)
    shown = {channel: D(effect) for channel, effect in documented("effects of the example")}
    assert (
        rules.removal_effects(converted, lost) == shown == {"google": D("0.75"), "mail": D("0.5")}
    )


def test_short_journeys(rules: Rules) -> None:
    found = rules.shares({1: [("direct", 1)], 2: [("email", 3), ("direct", 1)]})
    assert set(found[1]) == MODELS
    assert all(shares == [1] for shares in found[1].values())
    assert found[2]["position_based"] == [D("0.5"), D("0.5")]
    assert found[2]["last_non_direct"] == [1, 0]
    # No removal effect is known: the journey is shared evenly.
    assert found[2]["markov"] == [D("0.5"), D("0.5")]


def test_touches_that_nothing_sets_apart(rules: Rules) -> None:
    """Direct ones alone, of one channel, and one after the conversion by the site's clock."""
    late = -200 / 86400
    journeys = {
        1: [("direct", 2), ("direct", 1)],
        2: [("email", 3), ("email", 2), ("paid_search", 1)],
        3: [("paid_search", 0), ("email", late)],
    }
    found = rules.shares(journeys, dict.fromkeys(CHANNELS, D(1)))
    assert found[1]["last_non_direct"] == [0, 1]
    # What a channel is credited with is shared by its touches.
    assert found[2]["markov"] == [D("0.25"), D("0.25"), D("0.5")]
    assert found[3]["time_decay"] == [D("0.5"), D("0.5")]


def test_attribution_does_not_sum_to_0_9997(rules: Rules) -> None:
    """Thirds and sevenths are cut off somewhere; what is cut off goes to the largest remainders."""
    journeys = {n: [("email", n - place) for place in range(n)] for n in range(1, 40)}
    for models in rules.shares(journeys).values():
        assert {model: sum(shares) for model, shares in models.items()} == dict.fromkeys(MODELS, 1)
    assert [str(one) for one in rules.shares(journeys)[3]["linear"]] == [
        "0.333333334",
        "0.333333333",
        "0.333333333",
    ]


@settings(max_examples=60)
@given(st.lists(TOUCHES, min_size=1, max_size=6), st.data())
@example([[("email", 0.0)]], None)
def test_credits_of_any_journey(
    rules: Rules, journeys: list[list[tuple[str, float]]], data: st.DataObject | None
) -> None:
    effects = {
        channel: data.draw(st.decimals(0, 1, places=12)) if data else D("0.5")
        for channel in CHANNELS
    }
    asked = dict(enumerate(journeys))
    found = rules.shares(asked, effects)
    for key, touches in asked.items():
        assert set(found[key]) == MODELS
        for shares in found[key].values():
            assert sum(shares) == 1
            assert min(shares) >= 0
        assert max(found[key]["linear"]) - min(found[key]["linear"]) <= D("1e-9")
        if len(touches) == 1:
            assert all(shares == [1] for shares in found[key].values())
    assert rules.shares(asked, effects, backwards=True) == found


@settings(max_examples=40)
@given(st.lists(st.tuples(TOUCHES, st.decimals(-(10**9), 10**9, places=6)), min_size=1, max_size=6))
@example([([("email", 1.0)] * 3, D("0.01")), ([("email", 1.0)] * 7, D("-10.000001"))])
def test_shares_of_revenue_are_whole(
    rules: Rules, orders: list[tuple[list[tuple[str, float]], Decimal]]
) -> None:
    journeys = {key: touches for key, (touches, _) in enumerate(orders)}
    amounts = {key: amount for key, (_, amount) in enumerate(orders)}
    shares = rules.revenues(journeys, amounts)
    credits = rules.shares(journeys)
    for key, amount in amounts.items():
        for model, parts in shares[key].items():
            assert sum(parts) == amount, model
            for part, credit in zip(parts, credits[key][model], strict=True):
                # Weights have six decimals of a credit.
                assert abs(part - credit * amount) <= D("0.02") + abs(amount) * D("2e-6")
