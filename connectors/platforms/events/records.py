"""A line as a record of the stream: validated, its time set right, enriched."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from connectors.core.personal import Hasher, scrubbed
from connectors.platforms.events import addresses
from connectors.platforms.events.agents import NO_AGENT, PERSON, SERVER, Agent, agent_of
from connectors.platforms.events.moments import instant, moment
from connectors.platforms.events.pages import UTM, page_of
from connectors.platforms.events.places import Places
from connectors.platforms.events.shapes.shape import Line, Shape

_TEXTS = (
    "event_id", "event", "class", "session_id", "title", "category", "action", "label",
    "currency", "order_id", "network", "conversion_id", "goal_id", "device_id", "user_id",
)  # fmt: skip
_SCRUBBED = (
    *(name for name in _TEXTS if name not in ("device_id", "user_id")),
    *UTM, "url", "page_path", "parameters", "referrer",
)  # fmt: skip
"""Wherever an address of mail may stand; ids of persons become tokens as a whole."""
_UTM = frozenset(UTM)
_LONGEST_TEXT = 500
_KNOWN_ADDRESSES = 100_000
_GRANTED = frozenset({"granted", "yes", "true", "1", "g111", "g101"})
_DENIED = frozenset({"denied", "no", "false", "0", "g100", "g110"})


class BadLine(ValueError):
    """A line that is no event; the message is why."""


class RecordMaker:
    """Makes records of the lines of one connection.

    Args:
        shape: where the lines keep what is read.
        places: of addresses.
        keep_ip: one of `addresses.KEPT`.
        hasher: of the organization.
    """

    def __init__(self, shape: Shape, places: Places, keep_ip: str, hasher: Hasher | None) -> None:
        self._prepare, self._own_id = shape.prepare, shape.own_id
        self._has_agents = "user_agent" in shape.places
        at_top = {n: found for n, found in shape.places.items() if not _is_nested(found)}
        # Most names have one place, at the top of a line: that is read without a walk.
        self._keys = [(name, places_[0]) for name, places_ in at_top.items()]
        self._paths = [
            (name, [tuple(place.split(".")) for place in places_])
            for name, places_ in shape.places.items()
            if name not in at_top
        ]
        self._places, self._keep_ip, self._hash = places, keep_ip, hasher
        self._of_address = lru_cache(maxsize=_KNOWN_ADDRESSES)(self._read_address)

    def record(self, line: Line) -> dict[str, Any]:
        """Returns the record of a line.

        Raises:
            BadLine: it lacks what an event must have, or a time in it cannot be read.
        """
        prepared = self._prepare(line)
        get = prepared.get
        said = {name: found for name, key in self._keys
                if (found := get(key)) is not None and found != ""}  # fmt: skip
        said |= {name: found for name, paths in self._paths
                 if (found := _first(prepared, paths)) is not None}  # fmt: skip
        # Keyed, for the line holds the plain address of a machine.
        digest = _digest(line) if self._hash is None else self._hash(_digest(line))[:32]
        if self._own_id:
            said.setdefault("event_id", digest)
        found = {name: _text(said[name]) for name in _TEXTS if name in said}
        self._check(found, said)
        found["record_hash"] = digest
        found |= _times(said)
        found |= _of_page(said)
        found |= _of_agent(said, self._has_agents)
        address = said.get("ip")
        found |= self._of_address(address if isinstance(address, str) else None)
        found["analytics"] = _consent(said.get("analytics"))
        found["sample_rate"] = _sample_rate(said.get("sample_rate"))
        found["value"] = said.get("value")
        return self._without_persons(found, said.get("props"))

    def _check(self, found: Mapping[str, Any], said: Mapping[str, Any]) -> None:
        missing = [name for name in ("event_id", "event") if not found.get(name)]
        missing += [] if said.get("received_at") else ["received_at"]
        # Who has denied analytics has no id; such an event counts, and is of no session.
        if (
            not (said.get("device_id") or said.get("user_id"))
            and _consent(said.get("analytics")) != "denied"
        ):
            missing.append("device_id or user_id")
        if missing:
            raise BadLine(f"{', '.join(missing)} missing")
        if len(str(found["event_id"])) > _LONGEST_TEXT or len(str(found["event"])) > _LONGEST_TEXT:
            raise BadLine(f"event_id or event is longer than {_LONGEST_TEXT} characters")

    def _read_address(self, said: str | None) -> Mapping[str, Any]:
        address = addresses.plain(said)
        place = self._places.of(address)
        return {
            "ip": addresses.kept(address, self._keep_ip, self._hash),
            "country_code": place.country,
            "region_code": place.region,
            "city": place.city,
        }

    def _without_persons(self, found: dict[str, Any], props: Any) -> dict[str, Any]:
        """Addresses of mail are tokens, wherever they stand; addresses of machines are gone."""
        if isinstance(props, Mapping) and props:
            kept = {name: value for name, value in props.items() if name.lower() not in _NEVER}
            found["props"] = kept if self._hash is None else scrubbed(kept, self._hash)
        if self._hash is not None:
            for name in _SCRUBBED:
                text = found.get(name)
                if text and ("@" in text or "%40" in text):
                    found[name] = scrubbed(text, self._hash)
        return found


_NEVER = frozenset({"ip", "ip_address", "ipaddress", "client_ip", "remote_addr", "$ip", "password"})


def _is_nested(places: tuple[str, ...]) -> bool:
    return len(places) > 1 or "." in places[0]


def _first(line: Any, paths: list[tuple[str, ...]]) -> Any:
    """The first value that a line has at one of some places; None when it has none."""
    for path in paths:
        value = line
        for name in path:
            value = value.get(name) if type(value) is dict else None
        if value is not None and value != "":
            return value
    return None


def _digest(line: Line) -> str:
    """Hash of a line, whatever the order of its keys."""
    text = orjson.dumps(line, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def _times(said: Mapping[str, Any]) -> dict[str, Any]:
    times: dict[str, datetime | None] = {}
    for name in ("occurred_at", "sent_at", "received_at"):
        try:
            times[name] = instant(said.get(name))
        except ValueError as trouble:
            if name == "received_at":
                raise BadLine(f"received_at: {trouble}") from None
            times[name] = None  # without it, the time of receipt is what is known
    received = times["received_at"]
    if received is None:
        raise BadLine("received_at missing")
    found = moment(times["occurred_at"], times["sent_at"], received)
    return {**times, "event_at": found.at, "clock": found.clock, "date": found.at.date()}


def _of_page(said: Mapping[str, Any]) -> dict[str, Any]:
    page, before = page_of(said.get("url")), page_of(said.get("referrer"))
    found = {
        "url": page.url,
        "page_host": page.host,
        "page_path": page.path,
        "parameters": page.parameters,
        "referrer": before.url,
        "referrer_host": before.host,
        "click_id": page.click_id,
        "click_id_type": page.click_id_type,
        **page.utm,
    }
    for name in said.keys() & _UTM:
        found[name] = _text(said[name]) or found.get(name)
    return found


def _of_agent(said: Mapping[str, Any], has_agents: bool) -> dict[str, Any]:
    agent = agent_of(said.get("user_agent"), said.get("client_hints"))
    if not has_agents:
        # The collector has read the agent, left out known robots, and kept what it found.
        names = ("browser", "operating_system", "device_type")
        browser, system, device = (_text(said.get(name)) for name in names)
        agent = Agent(PERSON, browser=browser, system=system, device_type=device)
    elif agent is NO_AGENT and _is_of_server(said):
        agent = Agent(SERVER)
    return {
        "user_agent": _text(said.get("user_agent")),
        "agent_kind": agent.kind,
        "bot_reason": agent.reason,
        "browser": agent.browser,
        "browser_version": agent.browser_version,
        "operating_system": agent.system,
        "operating_system_version": agent.system_version,
        "device_type": agent.device_type,
        "device_brand": agent.brand,
        "device_model": agent.model,
    }


def _is_of_server(said: Mapping[str, Any]) -> bool:
    """A server of one's own, or of a network, sends no browser's agent and is no robot."""
    return said.get("class") == "conversion" or said.get("channel") in ("server", "srv")


def _consent(value: Any) -> str | None:
    """What is unknown is not granted, and not denied."""
    word = str(value).strip().lower() if value is not None else ""
    return "granted" if word in _GRANTED else "denied" if word in _DENIED else None


def _sample_rate(value: Any) -> float:
    """The part of the devices that is kept; 1 when it is not said, or said as no such part."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1:
        return float(value)
    return 1.0


def _text(value: Any) -> str | None:
    """Ids come as text and as numbers; what is neither is none."""
    if isinstance(value, str):
        return value[: _LONGEST_TEXT + 1].strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None
