"""`tributary dev`: one Dagster UI a home."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration import cli, dbt_manifest
from tests.patience import PATIENCE_SECONDS
from warehouse.home import Home

OPEN = """
import sys
from warehouse.home import Home
from warehouse.locks import file_lock
with file_lock(Home.open(sys.argv[1]).dev_lock_file, "the Dagster UI"):
    print("open", flush=True)
    sys.stdin.readline()
"""


def test_a_second_page_of_one_home_says_so_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home.open(tmp_path / "home")
    monkeypatch.setenv("TRIBUTARY_HOME", str(home.path))
    monkeypatch.setattr("sys.argv", ["tributary", "dev"])
    monkeypatch.setattr(dbt_manifest, "parsed", lambda _: pytest.fail("it went on"))
    first = subprocess.Popen(
        [sys.executable, "-c", OPEN, str(home.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "open\n"
    with pytest.raises(SystemExit) as ended:
        cli.main()
    first.communicate("\n")
    assert ended.value.code == 1
    said = " ".join(capsys.readouterr().err.split())
    assert f"is open already (process {first.pid} on" in said


SERVER = """
import subprocess, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
child = subprocess.Popen([sys.executable, "-c", sys.argv[2]])
print(child.pid, flush=True)
HTTPServer(("127.0.0.1", int(sys.argv[1])), BaseHTTPRequestHandler).serve_forever()
"""
OBEDIENT = "import time; time.sleep(1000)"
STUBBORN = """
import signal, time
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(1000)
"""
SERVE = """
import sys
from orchestration.commands import dev
dev.GRACE_SECONDS = 0.5
sys.exit(dev.serve([sys.executable, *sys.argv[2:]], int(sys.argv[1])))
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_running(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("child", [OBEDIENT, STUBBORN], ids=["obedient", "stubborn"])
def test_no_process_stays_when_the_page_is_closed(number: signal.Signals, child: str) -> None:
    port = _free_port()
    command = [sys.executable, "-c", SERVE, str(port), "-c", SERVER, str(port), child]
    served = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert served.stdout is not None
    printed = ""
    while f"Dagster UI: http://127.0.0.1:{port}" not in printed or (
        child is STUBBORN and "deaf" not in printed
    ):
        line = served.stdout.readline()
        assert line, f"it ended: {printed}"
        printed += line
    (pid,) = (int(line) for line in printed.splitlines() if line.isdigit())
    assert _is_running(pid)
    served.send_signal(number)
    rest, _ = served.communicate(timeout=PATIENCE_SECONDS)
    assert "ending the Dagster UI" in rest
    assert served.returncode == 0
    assert not _is_running(pid)


def test_the_address_of_a_server_that_never_answers_is_not_printed() -> None:
    command = [sys.executable, "-c", SERVE, str(_free_port()), "-c", "raise SystemExit(7)"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 7
    assert "http://" not in done.stdout


def test_a_port_that_is_taken_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(dbt_manifest, "parsed", lambda _: pytest.fail("it went on"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr("sys.argv", ["tributary", "dev", "--port", str(port)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    assert ended.value.code == 1
    said = " ".join(capsys.readouterr().err.split())
    assert f"port {port} cannot be used (Address already in use)" in said
    assert f"tributary dev --port {port + 1}" in said
