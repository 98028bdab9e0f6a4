"""A demo's sandbox: a home that was filled by one must never ask a real platform."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from connectors.core import addresses, clock
from connectors.core.platform import Platform
from warehouse.home import Home

MARK = "demo.json"
"""Lies in a demo's home: the sandbox's arguments and the last clock."""


def mark_as_demo(home: Home, arguments: list[str], now: str) -> None:
    """Remembers that a home belongs to a simulated business."""
    (home.path / MARK).write_text(json.dumps({"arguments": arguments, "now": now}))


def refuse_own_accounts(home: Home, platforms: Iterable[Platform]) -> None:
    """Keeps accounts of one's own out of a demo's home, whose sandbox they would be asked of.

    Files are welcome: no platform is asked for them.

    Raises:
        ValueError: the home is a demo's; the message says how to use another one.
    """
    asked = [one.display_name for one in platforms if not (one.intake.is_local or one.shared)]
    if asked and _is_simulated(home):
        raise ValueError(
            f"{home.path} is the demo's: its accounts and its clock are simulated, and an account "
            f"of {asked[0]} would be asked of the simulation. Use a folder of your own:\n"
            "  export TRIBUTARY_HOME=$HOME/tributary; unset TRIBUTARY_NOW"
        )


def _is_simulated(home: Home) -> bool:
    """Whether a home is asked of a sandbox that its user did not start."""
    return (home.path / MARK).exists() and not os.environ.get(addresses.VARIABLE)


@contextmanager
def demo_clock(home: Home) -> Iterator[None]:
    """Sets the clock of a demo's home while the block runs; nobody can be asked meanwhile.

    Does nothing on any other home.
    """
    if not _is_simulated(home):
        yield
        return
    with _environment({clock.VARIABLE: _clock_of(_demo(home))}):
        yield


@contextmanager
def demo_sandbox(home: Home) -> Iterator[None]:
    """Runs the sandbox of a demo's home, at its clock, while the block runs.

    Does nothing on any other home, and where the environment names a sandbox already.
    """
    if not _is_simulated(home):
        yield
        return
    from connectors.sandbox.server import SandboxProcess

    demo = _demo(home)
    now = _clock_of(demo)
    with (
        SandboxProcess(*demo["arguments"], now=now) as sandbox,
        _environment({clock.VARIABLE: now, addresses.VARIABLE: sandbox.url}),
    ):
        yield


def _demo(home: Home) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((home.path / MARK).read_text())
    return found


def _clock_of(demo: Mapping[str, Any]) -> str:
    return os.environ.get(clock.VARIABLE) or str(demo["now"])


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Sets variables while the block runs."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
