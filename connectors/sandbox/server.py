"""Starting and stopping the sandbox: in this process, in a thread, or as a process of its own.

It listens on 127.0.0.1 and nowhere else.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, cast
from urllib.parse import urlencode

import uvicorn

from connectors.sandbox.app import create_app
from connectors.sandbox.business import Parameters
from connectors.sandbox.service import simulated
from connectors.sandbox.wire.transport import ResettableProtocol
from connectors.sandbox.world import World

HOST = "127.0.0.1"
_STOP_SECONDS = 5.0


def serve(
    port: int = 0,
    parameters: Parameters | None = None,
    *,
    announce: Callable[[str], None] = print,
    until_stdin_closes: bool = False,
) -> None:
    """Serves until stopped by a signal.

    Args:
        port: The port, 0 for one that the system chooses.
        parameters: The business; default size when None.
        announce: Called once with the URL, when requests will be answered.
        until_stdin_closes: Also stop when standard input ends, as it does with the parent process.

    Raises:
        OSError: The port is taken.
    """
    listening = _listen(port)
    server = _server(parameters or Parameters())
    if until_stdin_closes:
        threading.Thread(target=_watch_stdin, args=(server,), daemon=True).start()
    announce(_url(listening))
    # It ends in order at Ctrl-C, and reports that once more.
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


@contextmanager
def sandbox_thread(parameters: Parameters | None = None) -> Iterator[SandboxClient]:
    """Runs a sandbox in a thread of this process; yields a client of its controls."""
    listening = _listen(0)
    server = _server(parameters or Parameters())
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield SandboxClient(_url(listening))
    finally:
        server.should_exit = True
        thread.join(_STOP_SECONDS)


class SandboxClient:
    """The controls of a running sandbox, for tests and scripts.

    Attributes:
        url: Its address, e.g. `http://127.0.0.1:40123`.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def set_clock(self, now: datetime | str | None) -> None:
        """Freezes the clock at an instant; None lets it go."""
        text = now.isoformat() if isinstance(now, datetime) else now
        self._call("PUT", "/sandbox/clock", {"now": text})

    def set_faults(self, **plan: Any) -> None:
        """Takes a plan of faults (see `faults.FaultPlan`); without arguments all are off."""
        self._call("PUT", "/sandbox/faults", plan)

    def requests(self) -> dict[str, Any]:
        """Returns how many requests the platforms have had, and the last of them."""
        return cast(dict[str, Any], json.loads(self._call("GET", "/sandbox/requests")))

    def forget_requests(self) -> None:
        """Empties the log of requests."""
        self._call("DELETE", "/sandbox/requests")

    def connections_yaml(self, *, landed: bool = False) -> str:
        """Returns the file for `tributary connections apply`, on request with sources of events."""
        asked = f"?{urlencode({'landed': str(landed).lower()})}"
        return self._call("GET", f"/sandbox/connections.yaml{asked}").decode()

    def collect(self, landing: Path) -> int:
        """Has the sources of events write what they received until now; returns how many lines."""
        body = {"landing": str(landing.absolute())}
        return int(json.loads(self._call("PUT", "/sandbox/collected", body))["lines"])

    def truth(self, level: str, as_of: datetime | str | None = None, **more: str) -> list[Any]:
        """Returns the truth of a level as of a clock (default: the sandbox's now)."""
        asked = {"level": level, **more}
        if as_of is not None:
            asked["as_of"] = as_of.isoformat() if isinstance(as_of, datetime) else as_of
        lines = self._call("GET", f"/sandbox/truth?{urlencode(asked)}").splitlines()
        return [json.loads(line) for line in lines]

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=120) as answer:
            return cast(bytes, answer.read())


class SandboxProcess:
    """A sandbox in a process of its own, which ends with the `with` block or with this process.

    Args:
        *arguments: Of `python -m connectors.sandbox`, e.g. `"--days", "30"`.
        now: What TRIBUTARY_NOW is for it; None leaves the environment as it is.
    """

    def __init__(self, *arguments: str, now: str | None = None) -> None:
        self._arguments, self._now = arguments, now
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> SandboxClient:
        """Starts the process and waits for its URL."""
        environment = dict(os.environ)
        if self._now is not None:
            environment["TRIBUTARY_NOW"] = self._now
        root = str(Path(__file__).resolve().parents[2])
        environment["PYTHONPATH"] = os.pathsep.join(
            filter(None, [root, environment.get("PYTHONPATH")])
        )
        command = [sys.executable, "-m", "connectors.sandbox", "--until-stdin-closes"]
        self._process = subprocess.Popen(
            [*command, *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert self._process.stdout is not None
        url = self._process.stdout.readline().strip()
        if not url.startswith("http://"):
            self._stop()
            raise RuntimeError(f"the sandbox did not start: {url or 'no output'}")
        return SandboxClient(url)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Ends the process."""
        self._stop()

    def _stop(self) -> None:
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    # From here on connections are queued, so that the URL can be shown before the loop runs.
    listening.listen(128)
    return listening


def _url(listening: socket.socket) -> str:
    return f"http://{HOST}:{listening.getsockname()[1]}"


def _server(parameters: Parameters) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(World(simulated(parameters))),
        http=ResettableProtocol,
        ws="none",
        lifespan="off",
        log_level="critical",
        access_log=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


def _watch_stdin(server: uvicorn.Server) -> None:
    while sys.stdin.read(1):
        continue
    server.should_exit = True
