"""Signed deliveries a second that one core receives, verifies and puts on the disk.

The receiver is a process of its own on one core; what posts is another process on another core. The
figure is what the receiver's own processor time allows, for what posts shares the machine.

    python -m benchmarks webhooks
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from benchmarks import processes
from benchmarks.report import Figure, Outcome
from connectors.sandbox.posting import signing

TRIBUTARY = str(Path(sys.executable).with_name("tributary"))
SECRET = "benchmark-secret"
BODY_BYTES = 2_048
CONNECTIONS = 64
DECLARED = f"""
organizations: [{{id: acme, name: Acme, reporting_currency: EUR, time_zone: UTC}}]
credentials:
  - id: acme.webhooks.shop
    platform: webhooks
    organization: acme
    secrets: {{secret: {SECRET}}}
connections:
  - organization: acme
    platform: webhooks
    account: shop
    credential: acme.webhooks.shop
    settings: {{sender: shopify, requests_per_second: 100000}}
"""


def measure(quick: bool) -> Outcome:
    """Posts signed bodies of 2 KB to a receiver on one core."""
    count = 5_000 if quick else 40_000
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        environment = processes.clean_environment(
            TRIBUTARY_HOME=str(place / "home"), TRIBUTARY_KEY_FILE=str(place / "key")
        )
        file = place / "connections.yaml"
        file.write_text(DECLARED)
        applied = [TRIBUTARY, "connections", "apply", str(file)]
        subprocess.run(applied, env=environment, check=True, capture_output=True)
        listed = [TRIBUTARY, "webhooks", "--list", "--json"]
        found = json.loads(
            subprocess.run(listed, env=environment, check=True, capture_output=True).stdout
        )
        path = "/hooks/" + found[0]["address"].rsplit("/", 1)[1]
        taken, seconds, cpu, stored = _run(environment, place / "home", path, count)
    return Outcome(
        "webhooks",
        f"{count:,} signed bodies of {BODY_BYTES:,} bytes from {CONNECTIONS} connections; the "
        "receiver has one core, verifies each, and answers when it is on the disk.",
        [
            Figure("a second of its processor time", count / cpu, "deliveries", 2_000, "at least"),
            Figure("a second", count / seconds, "deliveries"),
            Figure("answered with 200", taken, ""),
            Figure("on the disk", stored, ""),
        ],
    )


def _run(
    environment: dict[str, str], home: Path, path: str, count: int
) -> tuple[int, float, float, int]:
    cores = sorted(os.sched_getaffinity(0))
    command = [TRIBUTARY, "webhooks", "--port", "0"]
    receiver = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert receiver.stdout is not None
    try:
        port = int(receiver.stdout.readline().rsplit(":", 1)[1])
        os.sched_setaffinity(receiver.pid, {cores[0]})
        requests = [_request(path, number) for number in range(count)]
        _posted(port, [_request(path, -number) for number in range(1, 200)], cores[-1])
        process = psutil.Process(receiver.pid)
        before, began = process.cpu_times(), time.monotonic()
        taken = _posted(port, requests, cores[-1])
        seconds, after = time.monotonic() - began, process.cpu_times()
        cpu = after.user + after.system - before.user - before.system
    finally:
        receiver.terminate()
        receiver.wait(60)
    files = (home / "lake" / "landing" / "acme" / "shop").glob("*.ndjson")
    stored = sum(path.read_bytes().count(b"\n") for path in files) - 199
    return taken, seconds, cpu, stored


def _request(path: str, number: int) -> bytes:
    body = json.dumps({"id": number, "note": ""}).encode()
    body = body.replace(b'""', b'"' + b"x" * (BODY_BYTES - len(body)) + b'"')
    sent = signing.shopify(body, SECRET, number)
    headers = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **sent.headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _posted(port: int, requests: Sequence[bytes], core: int) -> int:
    """Posts requests from a process on another core; returns how many were answered with 200."""
    with multiprocessing.get_context("fork").Pool(1, os.sched_setaffinity, (0, {core})) as pool:
        return pool.apply(_post_all, (port, requests))


def _post_all(port: int, requests: Sequence[bytes]) -> int:
    return asyncio.run(_all(port, requests))


async def _all(port: int, requests: Sequence[bytes]) -> int:
    found = await asyncio.gather(
        *(_one(port, requests[n::CONNECTIONS]) for n in range(CONNECTIONS))
    )
    return sum(found)


async def _one(port: int, requests: Sequence[bytes]) -> int:
    """Posts one request after the other over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    taken = 0
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
        await reader.readexactly(length)
        taken += head.startswith(b"HTTP/1.1 200")
    writer.close()
    return taken
