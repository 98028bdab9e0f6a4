"""What sends an event: browser, system and device, or a robot, and by which rule.

Reading one takes a millisecond, so each distinct one is read once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crawleruseragents import CRAWLER_USER_AGENTS_DATA, matching_crawlers
from ua_parser import parse

_KNOWN_AGENTS = 200_000
_LONGEST = 1_000
PERSON, BOT, AI_ASSISTANT, SERVER = "person", "bot", "ai_assistant", "server"
_ASSISTANTS = re.compile(
    r"ChatGPT-User|Claude-User|Perplexity-User|MistralAI-User|Gemini-Deep-Research|DuckAssistBot"
)
"""They fetch a page that somebody asks about: no robot's traffic, and no visit.

https://platform.openai.com/docs/bots, https://docs.perplexity.ai/guides/bots"""
_TV = re.compile(
    r"smart-?tv|hbbtv|appletv|googletv|android tv|web0s|tizen.*tv|bravia|roku|aft[a-z]", re.I
)
_GREASE = re.compile(r"not.?a.?brand|chromium", re.I)


@dataclass(frozen=True, slots=True)
class Agent:
    """What sends an event; what it does not say is None.

    Attributes:
        kind: `person`, `bot`, `ai_assistant`, or `server` (one's own, or a network's).
        reason: the rule by which it is no person.
        device_type: `desktop`, `mobile`, `tablet` or `tv`.
    """

    kind: str
    reason: str | None = None
    browser: str | None = None
    browser_version: str | None = None
    system: str | None = None
    system_version: str | None = None
    device_type: str | None = None
    brand: str | None = None
    model: str | None = None


NO_AGENT = Agent(BOT, "no user agent")


def agent_of(user_agent: object, hints: object = None) -> Agent:
    """Returns what a user agent says, and the client hints of the same request.

    Args:
        user_agent: the header; none at all is a robot's.
        hints: an object of client hints, as `navigator.userAgentData` has them, or none. Chromium
            freezes systems and models in its user agents, and says them here.
    """
    if not isinstance(user_agent, str) or not user_agent.strip():
        return NO_AGENT
    said = _hints(hints) if isinstance(hints, Mapping) else ()
    return _read(user_agent.strip()[:_LONGEST], said)


@lru_cache(maxsize=_KNOWN_AGENTS)
def _read(text: str, hints: tuple[tuple[str, str], ...]) -> Agent:
    found, said = parse(text), dict(hints)
    kind, reason = _kind(text)
    browser, system, device = found.user_agent, found.os, found.device
    name = system.family if system else None
    version = _version(system.major, system.minor) if system else None
    if said.get("platform"):
        name, version = said["platform"], said.get("platformVersion", version)
    if name == "Windows" and "platformVersion" in said:
        version = "11" if _major(said["platformVersion"]) >= 13 else "10"
    return Agent(
        kind,
        reason,
        said.get("browser") or (browser.family if browser else None),
        said.get("browserVersion") or (_version(browser.major, browser.minor) if browser else None),
        name,
        version,
        _device_type(text, name or "", said) if kind == PERSON else None,
        device.brand if device and kind == PERSON else None,
        said.get("model") or (device.model if device and kind == PERSON else None),
    )


def _kind(text: str) -> tuple[str, str | None]:
    if found := _ASSISTANTS.search(text):
        return AI_ASSISTANT, f"user agent: {found.group()}"
    for number in matching_crawlers(text):
        return BOT, f"user agent: {CRAWLER_USER_AGENTS_DATA[number]['pattern']}"
    return PERSON, None


def _device_type(text: str, system: str, said: Mapping[str, str]) -> str:
    if _TV.search(text):
        return "tv"
    if "iPad" in text or "Tablet" in text or (system == "Android" and "Mobile" not in text):
        return "tablet"
    if said.get("mobile") == "true" or "Mobile" in text or system in ("iOS", "Android"):
        return "mobile"
    return "desktop"


def _hints(given: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The hints that are read, as something that can be remembered."""
    said = {
        name: str(value).strip('"')[:80]
        for name in ("platform", "platformVersion", "model", "mobile")
        if isinstance(value := given.get(name), str | bool) and value != ""
    }
    said = {name: value.lower() if name == "mobile" else value for name, value in said.items()}
    brands = given.get("fullVersionList") or given.get("brands")
    for one in brands if isinstance(brands, list) else ():
        brand = str(one.get("brand", "")) if isinstance(one, Mapping) else ""
        if brand and not _GREASE.search(brand):
            said["browser"] = brand.removeprefix("Google ")[:80]
            said["browserVersion"] = str(one.get("version", "")).partition(".")[0]
    return tuple(sorted(said.items()))


def _version(major: str | None, minor: str | None) -> str | None:
    return ".".join(part for part in (major, minor) if part) or None


def _major(version: str) -> int:
    head = version.partition(".")[0]
    return int(head) if head.isdigit() and len(head) < 9 else 0
