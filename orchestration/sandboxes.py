"""A demo's sandbox: a home that was filled by one must never ask a real platform."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.core import addresses, clock
from warehouse.home import Home

MARK = "demo.json"
"""Lies in a demo's home: the sandbox's arguments and the last clock."""


def mark_as_demo(home: Home, arguments: list[str], now: str) -> None:
    """Remembers that a home belongs to a simulated business."""
    (home.path / MARK).write_text(json.dumps({"arguments": arguments, "now": now}))


@contextmanager
def demo_sandbox(home: Home) -> Iterator[None]:
    """Runs the sandbox of a demo's home, at its clock, while the block runs.

    Does nothing on any other home, and where the environment names a sandbox already.
    """
    path = home.path / MARK
    if not path.exists() or os.environ.get(addresses.VARIABLE):
        yield
        return
    from connectors.sandbox.server import SandboxProcess

    demo = json.loads(path.read_text())
    os.environ.setdefault(clock.VARIABLE, demo["now"])
    with SandboxProcess(*demo["arguments"], now=os.environ[clock.VARIABLE]) as sandbox:
        os.environ[addresses.VARIABLE] = sandbox.url
        yield
