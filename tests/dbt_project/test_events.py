"""Web events: each once, visits as they were, and the same tables however the files came."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from event_rows import event, once, sessions
from event_site import Site, is_what_a_rebuild_gives
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scenarios import at

from warehouse.compaction import compact
from warehouse.home import Home

FACTS = ("fact_events", "fact_sessions", "mart_funnel")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "home")


def test_of_copies_the_first_receipt_counts_and_late_events_join_visits(
    site: Site, tmp_path: Path
) -> None:
    first = event("a", at(3, 10))
    site.drop([first, event("c", at(3, 10, 50)), event("b", at(3, 10, 30), "d2")])
    assert site.visits() == [
        ("d1", at(3, 10), at(3, 10), 1),
        ("d1", at(3, 10, 50), at(3, 10, 50), 1),
        ("d2", at(3, 10, 30), at(3, 10, 30), 1),
    ]
    # A later receipt of the same event, in the next file, and one that says another day.
    copy = event("a", at(3, 10), received_at=at(4, 10), event="click")
    moved = event("a", at(5, 10), received_at=at(6, 10))
    late = event("d", at(3, 10, 25), received_at=at(5, 10, 25))
    site.drop([copy, moved, late])
    assert site.events("event_id, event_name, days_late") == [
        ("a", "page_view", 0),
        ("b", "page_view", 0),
        ("c", "page_view", 0),
        ("d", "page_view", 2),
    ]
    assert site.visits() == [
        ("d1", at(3, 10), at(3, 10, 50), 3),
        ("d2", at(3, 10, 30), at(3, 10, 30), 1),
    ]
    # An earlier receipt wins, in whichever file it comes; a copy of another week is another event.
    earlier = event("a", at(3, 9, 50), received_at=at(3, 9, 59))
    other_week = event("a", at(10, 10), received_at=at(10, 11))
    site.drop([earlier, other_week])
    assert site.events("event_id, event_at")[:2] == [("a", at(3, 9, 50)), ("a", at(10, 10))]
    assert site.visits()[0] == ("d1", at(3, 9, 50), at(3, 9, 50), 1)
    is_what_a_rebuild_gives(site, tmp_path / "twin")


def test_days_computed_in_pieces_are_those_of_one(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copies, and the events of a visit, lie on days of several pieces."""
    days = range(1, 9)
    rows = [event(f"e{day}", at(day, 23, 50), f"d{day % 2}") for day in days]
    rows += [event(f"f{day}", at(day + 1, 0, 5), f"d{day % 2}") for day in days]
    copies = [event(f"e{day}", at(day + 2, 10), "d9") for day in days if day % 3]
    monkeypatch.setenv("TRIBUTARY_PIECE_ROWS", "3")
    site.drop([*rows, *copies])
    assert len(site.events("event_id")) == 16
    site.drop([*rows, event("g", at(4, 0, 20), "d1", received_at=at(5)), event("h", at(20))])
    monkeypatch.delenv("TRIBUTARY_PIECE_ROWS")
    assert site.visits()[:2] == [
        ("d0", at(2, 23, 50), at(3, 0, 5), 2),
        ("d0", at(4, 23, 50), at(5, 0, 5), 2),
    ]
    is_what_a_rebuild_gives(site, tmp_path / "twin")


def test_a_compacted_lake_has_each_event_once(site: Site, tmp_path: Path) -> None:
    """Events of several dates that came in one sync are in one compacted set."""
    site.drop([event("a", at(3, 10)), event("b", at(4, 10), "d2"), event("c", at(5, 10), "d3")])
    site.drop([event("d", at(6, 10))])
    assert list(compact(Home.open(site.home.path), date(2026, 6, 1), memory_limit="1GB"))
    is_what_a_rebuild_gives(site, tmp_path / "twin")


def test_half_an_hour_to_the_microsecond_is_no_pause(site: Site) -> None:
    moment = timedelta(microseconds=1)
    rows = [
        event("a", at(3, 23, 40)),
        event("b", at(4, 0, 10)),
        event("c", at(4, 0, 40) + moment),
    ]
    site.drop(rows)
    assert [row[1:] for row in site.visits()] == [
        (at(3, 23, 40), at(4, 0, 10), 2),
        (at(4, 0, 40) + moment, at(4, 0, 40) + moment, 1),
    ]


def test_who_never_pauses_begins_a_visit_at_midnight_after_two_days(
    site: Site, tmp_path: Path
) -> None:
    pings = [event(f"p{n}", at(1, 12) + timedelta(minutes=20 * n)) for n in range(72 * 6)]
    site.drop(pings[:200])
    site.drop(pings[200:])
    starts = [row[1] for row in site.visits()]
    assert starts == [at(1, 12), at(4, 0), at(5, 0), at(6, 0), at(7, 0)]
    is_what_a_rebuild_gives(site, tmp_path / "twin")


def test_where_a_visit_came_from(site: Site) -> None:
    first = {
        "ad": {"utm_source": "news", "utm_medium": "email", "click_id_type": "gclid"},
        "letter": {"utm_source": "news", "utm_medium": "email", "utm_campaign": "May"},
        "search": {"referrer_host": "google.de"},
        "social": {"referrer_host": "l.instagram.com"},
        "assistant": {"referrer_host": "chatgpt.com"},
        "partner": {"parameters": "|awc|", "referrer_host": "blog.example"},
        "shared_name": {"parameters": "|aff_id|", "referrer_host": "blog.example"},
        "own": {"referrer_host": "help.shop.example", "utm_source": "banner"},
        "paid": {"referrer_host": "checkout.stripe.com"},
        "none": {},
    }
    rows = [
        event(f"{name} {n}", at(3, 10, n), name, **said)
        for name, first_said in first.items()
        for n, said in enumerate((first_said, {"referrer_host": "shop.example"}))
    ]  # fmt: skip
    site.drop(rows)
    found = site.home.query(
        "select visitor_token, source, medium, campaign_name, channel, affiliate_network "
        "from fact_sessions order by all"
    )
    unset = "(not set)"
    assert found == [
        ("ad", "google", "cpc", unset, "paid_search", None),
        ("assistant", "chatgpt.com", "ai-assistant", unset, "ai_assistant", None),
        ("letter", "news", "email", "May", "email", None),
        ("none", "(direct)", "(none)", unset, "direct", None),
        ("own", "(direct)", "(none)", unset, "direct", None),
        ("paid", "(direct)", "(none)", unset, "direct", None),
        ("partner", "awin", "affiliate", unset, "affiliate", "awin"),
        ("search", "google", "organic", unset, "organic_search", None),
        ("shared_name", "blog.example", "referral", unset, "referral", "unknown"),
        ("social", "l.instagram.com", "referral", unset, "organic_social", None),
    ]


def test_robots_servers_and_who_denied_are_events_and_no_visitors(site: Site) -> None:
    rows = [
        event("a", at(19, 20)),
        event("bot", at(19, 20), "d2", agent_kind="bot", bot_reason="user agent: Googlebot"),
        event("postback", at(19, 20), "d3", event="conversion"),
        event("server", at(19, 20), "d3", agent_kind="server", event="purchase"),
        event("denied", at(19, 20), "d5", analytics_consent="denied"),
        event("pixel", at(19, 20), "d4", event="ad_impression"),
    ]
    site.drop(rows)
    columns = "event_id, event_class, is_bot, bot_reason"
    assert site.events(columns) == [
        ("a", "page_view", False, None),
        ("bot", "page_view", True, "user agent: Googlebot"),
        ("denied", "page_view", False, None),
        ("pixel", "ad_view", False, None),
        ("postback", "conversion", False, None),
        ("server", "order", False, None),
    ]
    assert site.home.query("select visitor_token, is_bot from fact_sessions order by all") == [
        ("d1", False),
        ("d2", True),
    ]
    active = "select visitor_token, is_active from mart_active_sessions"
    assert site.home.query(active) == [("d1", False)]
    assert site.home.query("select sum(visitors) from mart_funnel where step_number = 1") == [(2,)]


def test_steps_count_in_their_order(site: Site, tmp_path: Path) -> None:
    def did(device: str, *names: str) -> list[dict[str, Any]]:
        return [
            event(f"{device}{n}", at(3, 10, n), device, event=name) for n, name in enumerate(names)
        ]

    site.drop(
        [
            *did("buys", "page_view", "add_to_cart", "begin_checkout", "purchase"),
            *did("again", "add_to_cart", "page_view", "add_to_cart", "begin_checkout"),
            *did("backwards", "begin_checkout", "add_to_cart", "page_view"),
            *did("looks", "page_view"),
        ]
    )
    funnel = (
        "select step_number, visitors, conversions, drop_offs, conversion_rate from mart_funnel "
        "where funnel = 'purchase' order by all"
    )
    assert site.home.query(funnel) == [
        (1, 4, 2, 2, 0.5),
        (2, 2, 2, 0, 1.0),
        (3, 2, 1, 1, 0.5),
        (4, 1, 1, 0, 1.0),
    ]
    site.drop([event("late", at(3, 10, 9), "again", event="purchase", received_at=at(4))])
    assert site.home.query(funnel)[2:] == [(3, 2, 2, 0, 1.0), (4, 2, 2, 0, 1.0)]
    is_what_a_rebuild_gives(site, tmp_path / "twin")


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[list[dict[str, Any]]]]:
    """Rows of some devices, and the same in files: in any order, some of them in several."""
    rows, minutes = [], st.integers(0, 6 * 24 * 60)
    for n in range(draw(st.integers(3, 25))):
        happened = at(2) + timedelta(minutes=draw(minutes) // 15 * 15)
        late = timedelta(minutes=draw(st.integers(0, 3 * 24 * 60)))
        device = draw(st.sampled_from(["d1", "d2"]))
        name = f"e{draw(st.integers(0, 18))}"
        rows.append(event(name, happened, device, received_at=happened + late, event=f"did {n}"))
    random = Random(draw(st.integers(0, 2**30)))
    dropped = random.sample(rows, len(rows)) + random.sample(rows, len(rows) // 3)
    files: list[list[dict[str, Any]]] = [[] for _ in range(draw(st.integers(1, 3)))]
    for row in dropped:
        random.choice(files).append(row)
    return rows, files


# An example builds four times: to look for a smaller one would take minutes.
@pytest.mark.long
@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(history=histories())
def test_files_in_any_order_some_twice_give_the_same_tables(
    tmp_path_factory: pytest.TempPathFactory, history: Any
) -> None:
    rows, files = history
    folder = tmp_path_factory.mktemp("history")
    whole, parts = Site(folder / "whole"), Site(folder / "parts")
    whole.drop(rows)
    for file in files:
        parts.drop(file)
    truth = once(rows)
    by_device = sessions(truth)
    for one in (whole, parts):
        assert one.events("event_id, event_at, event_name") == sorted(
            (row["event_id"], row["event_at"], row["event"]) for row in truth
        )
        assert one.visits() == by_device
    for table in FACTS:
        columns = whole.home.query(
            "select string_agg(column_name, ', ') from duckdb_columns() where "
            f"table_name = '{table}' and database_name = 'serve' and schema_name = 'main' "
            "and column_name <> '_sync_id'"
        )
        select = f"select {columns[0][0]} from {table} order by all"
        assert whole.home.query(select) == parts.home.query(select)
    is_what_a_rebuild_gives(parts, folder / "twin")
