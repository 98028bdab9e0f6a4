"""``tributary dev``: the Dagster UI, with its schedules and sensors."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from orchestration.commands.output import console
from orchestration.sandboxes import demo_sandbox
from orchestration.settings import PROJECT_ROOT, home_path
from orchestration.workspace import open_workspace
from warehouse.home import Home
from warehouse.locks import BuildLock, LockTimeout, file_lock
from warehouse.sqlite_files import check_databases

LOCALHOST = "127.0.0.1"
GRACE_SECONDS = 30.0
"""How long the processes of the UI may take to end by themselves."""
_GLANCE_SECONDS = 0.2
_SUPERSEDED = "ignore:Function `dev_command` is superseded:FutureWarning"
"""Dagster's advice to developers of Dagster projects, and none to whoever opens the UI."""


def dev(
    port: Annotated[int, typer.Option(help="Port of the Dagster UI.")] = 3000,
) -> None:
    """Open the Dagster UI with schedules and sensors running, until Ctrl-C.

    On a home that `make run` made, the sandbox runs beside it, at the demo's last clock.

    Example: tributary dev --port 3001
    """
    from orchestration import dbt, dbt_manifest
    from orchestration.instance import configure

    home = Home.open(home_path())
    with _one_page(home) as lock, demo_sandbox(home):
        check_port(port)
        check_databases(home)
        space = open_workspace()
        configure(space.home)
        dbt.set_environment(space.home)
        dbt_manifest.parsed(space.home)
        space.prepare_lake()
        dagster = str(Path(sys.executable).with_name("dagster"))
        command = [dagster, "dev", "-w", "workspace.yaml", "-h", LOCALHOST, "-p", str(port)]
        given = os.environ.get("PYTHONWARNINGS")
        os.environ["PYTHONWARNINGS"] = f"{given},{_SUPERSEDED}" if given else _SUPERSEDED
        # The lock is held until Dagster itself has ended.
        code = serve(command, port, pass_fds=(lock.fd,))
    raise typer.Exit(code)


def check_port(port: int) -> None:
    """Makes sure that nothing listens on a port.

    Raises:
        RuntimeError: something does.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
        except OSError as error:
            raise RuntimeError(
                f"port {port} cannot be used ({error.strerror}): end what listens there, or choose "
                f"another one: tributary dev --port {port + 1}"
            ) from None


def serve(command: Sequence[str], port: int, pass_fds: Sequence[int] = ()) -> int:
    """Runs a server until it ends or this process is asked to; none of its processes stay.

    Says where it is once it answers.

    Returns:
        Its exit code; 0 when this process was asked to end.
    """
    with _interruptible():
        process = subprocess.Popen(
            command,
            cwd=PROJECT_ROOT,
            env=os.environ,
            pass_fds=pass_fds,
            start_new_session=True,  # so that all that it starts can be ended together
        )
        try:
            console.print("starting the Dagster UI")
            while process.poll() is None and not _answers(port):
                time.sleep(_GLANCE_SECONDS)
            if process.poll() is None:
                console.print(f"Dagster UI: http://{LOCALHOST}:{port} (Ctrl-C ends it)")
            return process.wait()
        except KeyboardInterrupt:
            console.print("ending the Dagster UI")
            return 0
        finally:
            _end(process)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Makes every request to end do what Ctrl-C does.

    Ctrl-C itself too: a shell starts background jobs so that they, and what they start, ignore it.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOCALHOST}:{port}/server_info", timeout=1):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends all processes of a session: asks twice, and no longer when this one is asked again."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            _signal(process, number)
            deadline = time.monotonic() + GRACE_SECONDS / 2
            while _signal(process, 0) and time.monotonic() < deadline:
                process.poll()
                time.sleep(_GLANCE_SECONDS)
    except KeyboardInterrupt:
        console.print("ending it at once")
    finally:
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> bool:
    """Sends a signal to all processes of a session; says whether there was any."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
        return True
    return False


@contextmanager
def _one_page(home: Home) -> Iterator[BuildLock]:
    """Holds the home's lock for the Dagster UI: two daemons would run each schedule twice.

    Raises:
        RuntimeError: it is open already.
    """
    try:
        with file_lock(home.dev_lock_file, "the Dagster UI", timeout_seconds=0) as lock:
            yield lock
    except LockTimeout as error:
        raise RuntimeError(
            f"the Dagster UI of {home.path} is open already ({error.holder}): use that one, or "
            "end that process first"
        ) from None
