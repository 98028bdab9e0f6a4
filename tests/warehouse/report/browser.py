"""A headless Chromium that tests look at pages with, over its DevTools protocol."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.patience import PATIENCE_SECONDS

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
)


class Tab:
    """A tab with one page.

    Attributes:
        trouble: what the page complained of: errors of its console, exceptions, refused content.
        requests: addresses of all that it asked for.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self.trouble: list[str] = []
        self.requests: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Calls a method of the protocol, noting what happens meanwhile."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv(timeout=PATIENCE_SECONDS))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        method, found = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(found["request"]["url"])
        elif method in ("Runtime.exceptionThrown", "Log.entryAdded"):
            self.trouble.append(json.dumps(found))
        elif method == "Runtime.consoleAPICalled" and found["type"] in ("error", "warning"):
            self.trouble.append(json.dumps(found["args"]))

    def open(self, path: Path, width: int, **features: str) -> None:
        """Opens a page at a width, and waits until its charts are drawn.

        Args:
            path: its file.
            width: pixels of the window.
            features: media features, `_` for `-`, such as `prefers_color_scheme="dark"`.
        """
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=900, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        media = [{"name": n.replace("_", "-"), "value": value} for n, value in features.items()]
        self.call("Emulation.setEmulatedMedia", media="screen", features=media)
        self.call("Page.navigate", url=path.as_uri())
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.ask("document.documentElement?.dataset.drawn") != "true":
            assert time.monotonic() < deadline, f"charts are not drawn: {self.trouble}"
            time.sleep(0.05)

    def ask(self, expression: str) -> Any:
        """Returns what an expression is in the page."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def press(self, key: str) -> None:
        """Presses a key and lets it go."""
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=9
            )

    def pdf(self) -> bytes:
        """Prints the page."""
        found = self.call("Page.printToPDF", preferCSSPageSize=False, printBackground=True)
        return base64.b64decode(found["data"])

    def picture(self) -> bytes:
        """Returns the whole page as a PNG."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {**size, "scale": 1}
        found = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(found["data"])


@contextmanager
def browser(folder: Path) -> Iterator[Tab]:
    """Starts Chromium with one tab; skips the test where none is installed."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium is installed (apt-get install chromium)")
    process = subprocess.Popen(
        [found, *_OPTIONS, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with connect(_address(process, folder), max_size=None, proxy=None) as whole:
            target = Tab.__new__(Tab)
            target._socket, target._numbers = whole, itertools.count(1)
            found_id = target.call("Target.createTarget", url="about:blank")["targetId"]
            base = _address(process, folder).rpartition("/devtools/")[0]
            with connect(f"{base}/devtools/page/{found_id}", max_size=None, proxy=None) as socket:
                yield Tab(socket)
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _address(process: subprocess.Popen[bytes], folder: Path) -> str:
    """Returns the address of the browser, which it writes down once it listens."""
    note = folder / "DevToolsActivePort"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        lines = note.read_text().splitlines() if note.exists() else []
        if len(lines) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        assert process.poll() is None, "Chromium ended by itself"
        assert time.monotonic() < deadline, "Chromium does not listen"
        time.sleep(0.05)
