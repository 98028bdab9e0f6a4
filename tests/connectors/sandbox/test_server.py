"""The process: where it listens, how it starts and stops, its controls, and how fast it is."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from connectors.sandbox.business import Parameters
from connectors.sandbox.server import SandboxClient, SandboxProcess, sandbox_thread
from tests.patience import PATIENCE_SECONDS

BERLIN = "4100000037"
QUERY = (
    "SELECT segments.date, segments.hour, segments.device, campaign.id, campaign.name, "
    "metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value "
    "FROM campaign WHERE segments.date BETWEEN '2026-10-01' AND '2026-10-20'"
)


def test_it_listens_on_loopback_only(sandbox: SandboxClient) -> None:
    port = urlsplit(sandbox.url).port
    assert urlsplit(sandbox.url).hostname == "127.0.0.1"
    listening = [
        line.split()[1]
        for name in ("tcp", "tcp6")
        for line in open_table(name)
        if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
    ]
    assert listening == [f"0100007F:{port:04X}"]


def open_table(name: str) -> list[str]:
    try:
        with open(f"/proc/net/{name}") as table:
            return table.read().splitlines()[1:]
    except OSError:
        pytest.skip("needs /proc/net to see who listens where")


def test_another_host_name_is_refused(sandbox: SandboxClient) -> None:
    address = urlsplit(sandbox.url)
    for name, status in (("evil.example", 421), ("localhost:1", 200), ("127.0.0.1", 200)):
        connection = http.client.HTTPConnection(address.hostname or "", address.port)
        connection.request("GET", "/sandbox/health", headers={"Host": name})
        assert connection.getresponse().status == status
        connection.close()


def test_two_processes_say_the_same_to_the_byte(google: Any) -> None:
    answers = []
    for _ in range(2):
        with SandboxProcess("--days", "60", now="2026-11-15T06:00:00Z") as one:
            client = google(one.url)
            body = client.post(BERLIN, {"query": QUERY})[2]
            rates = client.call("GET", "/exchange_rates/stats/eurofxref/eurofxref-hist.zip")[2]
            # A refresh token that rotates is a grant of its own for each who asks.
            connections = re.sub(r"shprt_[\w-]+", "rotating", one.connections_yaml())
            answers.append((body, rates, one.truth("campaign_day"), connections))
    assert answers[0] == answers[1]
    assert len(answers[0][0]["results"]) > 1000


@pytest.mark.parametrize("is_interrupted", [False, True])
def test_it_says_its_address_and_ends_with_its_parent(is_interrupted: bool) -> None:
    """Or at Ctrl-C, without a traceback."""
    process = subprocess.Popen(
        [sys.executable, "-m", "connectors.sandbox", "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    url = process.stdout.readline().strip()
    with urllib.request.urlopen(f"{url}/sandbox/connections.yaml") as answer:
        assert answer.status == 200
    if is_interrupted:
        process.send_signal(signal.SIGINT)
    else:
        process.stdin.close()
    assert process.wait(PATIENCE_SECONDS) == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()


def test_a_port_that_is_taken_is_said_plainly() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "connectors.sandbox", "--port", port],
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    assert done.returncode == 1
    assert port in done.stderr


def test_sizes_that_make_no_sense_are_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "connectors.sandbox", "--days", "0"],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 2
    assert "days must be between" in done.stderr


def test_it_runs_in_a_thread() -> None:
    with sandbox_thread(Parameters(days=20)) as one:
        one.set_clock("2026-11-10T00:00:00Z")
        assert len(one.truth("accounts", platform="google_ads")) == 5
    with pytest.raises(urllib.error.URLError):
        one.truth("accounts")


def test_the_clock_is_set_and_let_go(acme: Any, sandbox: SandboxClient) -> None:
    def now() -> str:
        return str(json.loads(acme.call("GET", "/sandbox/clock")[2])["now"])

    assert now() == "2026-11-15T06:00:00Z", "TRIBUTARY_NOW"
    sandbox.set_clock("2026-10-18T08:00:00+02:00")
    assert now() == "2026-10-18T06:00:00Z"
    sandbox.set_clock(None)
    assert now() == "2026-11-15T06:00:00Z"
    for wrong in ("2026-10-18T08:00:00", "noon"):
        status, _, body = acme.call("PUT", "/sandbox/clock", json.dumps({"now": wrong}))
        assert status == 400
        assert json.loads(body)["error"]


def test_connections_can_be_applied_and_used(sandbox: SandboxClient, google: Any) -> None:
    document = yaml.safe_load(sandbox.connections_yaml())
    assert [one["id"] for one in document["organizations"]] == [
        "acme_outdoor",
        "kiwi_kitchen",
        "chai_house",
    ]
    assert all(one["start_date"] == date(2026, 7, 19) for one in document["connections"])
    credentials = {one["id"]: one for one in document["credentials"]}
    for one in document["connections"]:
        credential = credentials[one["credential"]]
        assert credential["organization"] == one["organization"]
        assert credential["platform"] == one["platform"]
    for one in [one for one in document["connections"] if one["platform"] == "google_ads"]:
        credential = credentials[one["credential"]]
        client = google(sandbox.url, one["organization"])
        assert client.ask_for_token(**credential["secrets"])[0] == 200
        assert client.post(one["account"], {"query": "SELECT customer.id FROM customer"})[0] == 200
    agency = credentials["agency_google"]
    assert "organization" not in agency
    assert agency["secrets"]["login_customer_id"] == "9000000001"


def test_requests_are_counted_with_their_windows(acme: Any, sandbox: SandboxClient) -> None:
    sandbox.forget_requests()
    acme.rows(BERLIN, QUERY)
    told = sandbox.requests()
    assert told["count"] == 1
    entry = told["requests"][0]
    assert entry["platform"] == "google_ads"
    assert (entry["account"], entry["status"]) == (BERLIN, 200)
    assert (entry["first_date"], entry["last_date"]) == ("2026-10-01", "2026-10-20")
    sandbox.forget_requests()
    assert sandbox.requests()["count"] == 0


def test_a_body_beyond_reason_is_refused(acme: Any) -> None:
    status, _, _ = acme.call(
        "POST",
        f"/google_ads/v26/customers/{BERLIN}/googleAds:search",
        "x" * (5 * 1024 * 1024),
        {"Authorization": f"Bearer {acme.token}"},
    )
    assert status == 413
