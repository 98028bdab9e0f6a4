"""Agents and places: robots with their reason, telephones that look like some, cities."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import ShapeChanged
from connectors.platforms.events import agents, hooks
from connectors.platforms.events.agents import agent_of
from connectors.platforms.events.places import NOWHERE, Place, Places

CITIES = Path(__file__).parent / "databases" / "GeoIP2-City-Test.mmdb"
CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 {}Safari/537.36"
ANDROID = CHROME.format("Linux; Android 10; K", "Mobile ")
WINDOWS = CHROME.format("Windows NT 10.0; Win64; x64", "")


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "curl/8.5.0",
        "python-requests/2.32.3",
        WINDOWS.replace("Chrome/", "HeadlessChrome/"),
    ],
)
def test_robots_have_a_reason(agent: str) -> None:
    found = agent_of(agent)
    assert found.kind == "bot"
    assert found.reason is not None
    assert found.reason.startswith("user agent: ")
    assert found.device_type is None


@pytest.mark.parametrize("agent", [None, "", "  ", 7, {}])
def test_no_agent_is_a_robots(agent: Any) -> None:
    assert (agent_of(agent).kind, agent_of(agent).reason) == ("bot", "no user agent")


def test_who_asks_an_assistant_is_neither_robot_nor_visitor() -> None:
    text = "Mozilla/5.0 AppleWebKit/537.36; compatible; ChatGPT-User/1.0; +https://openai.com/bot"
    assert agent_of(text).kind == "ai_assistant"


@pytest.mark.parametrize(
    ("agent", "device", "system"),
    [
        (WINDOWS, "desktop", "Windows"),
        (ANDROID, "mobile", "Android"),
        (ANDROID.replace("Mobile ", ""), "tablet", "Android"),
        (CHROME.format("Linux; Android 7.0; CUBOT_NOTE_S", "Mobile "), "mobile", "Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
            "like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/480.0.0.40.107;FBDV/iPhone15,2]",
            "mobile",
            "iOS",
        ),
        (
            "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) "
            "SamsungBrowser/2.1 Chrome/76.0.3809.146 TV Safari/537.36",
            "tv",
            "Tizen",
        ),
    ],
)
def test_people_have_devices(agent: str, device: str, system: str) -> None:
    found = agent_of(agent)
    assert (found.kind, found.device_type, found.system) == ("person", device, system)


def test_client_hints_say_what_chromium_leaves_out() -> None:
    brands = [
        {"brand": "Not?A_Brand", "version": "8"},
        {"brand": "Chromium", "version": "141"},
        {"brand": "Microsoft Edge", "version": "141"},
    ]
    hints = {"brands": brands, "mobile": False, "platform": "Windows", "platformVersion": "15.0.0"}
    found = agent_of(WINDOWS, hints)
    assert (found.browser, found.browser_version) == ("Microsoft Edge", "141")
    assert (found.system, found.system_version) == ("Windows", "11")
    assert agent_of(WINDOWS, {**hints, "platformVersion": "10.0.0"}).system_version == "10"
    phone = agent_of(ANDROID, {"mobile": True, "platform": "Android", "model": "Pixel 9"})
    assert (phone.model, phone.device_type) == ("Pixel 9", "mobile")
    for wrong in (7, [], {"brands": 7}, {"brands": [7]}, {"platform": {}, "mobile": []}):
        assert agent_of(WINDOWS, wrong).browser == "Chrome"


def test_places_by_a_database() -> None:
    places = Places(str(CITIES))
    assert places.of("81.2.69.142") == Place("GB", "ENG", "London")
    assert places.of("89.160.20.112").city == "Linköping"
    assert places.of("2001:218::1") == Place("JP", None, None)
    assert [places.of(one) for one in ("8.8.8.8", "10.0.0.1", None)] == [NOWHERE] * 3
    assert Places("").of("81.2.69.142") == NOWHERE


def test_the_place_is_known_and_the_address_is_not(read_file: Callable[..., Any]) -> None:
    said = {"event_id": "1", "event": "x", "received_at": "2026-11-01T00:00:00Z", "device_id": "d"}
    (row,) = read_file([{**said, "ip": "81.2.69.142"}], geoip=str(CITIES), ip="hash").rows
    assert (row["country_code"], row["region_code"], row["city"]) == ("GB", "ENG", "London")
    assert row["ip"] == "<ip 81.2.69.142>", "the organization's keyed hash"
    (row,) = read_file([{**said, "ip": "81.2.69.142"}], geoip=str(CITIES), ip="nothing").rows
    assert (row["city"], row["ip"]) == ("London", None)


def test_a_database_that_is_none_is_named() -> None:
    account = Account("web_shop", settings={"geoip": str(Path(__file__))})
    with pytest.raises(ShapeChanged, match="geoip"):
        hooks.describe_account(None, account)  # type: ignore[arg-type]


def test_distinct_agents_are_read_once() -> None:
    agent_of(WINDOWS)
    before = agents._read.cache_info()
    for _ in range(1_000):
        agent_of(WINDOWS)
    after = agents._read.cache_info()
    assert (after.hits - before.hits, after.misses - before.misses) == (1_000, 0)
