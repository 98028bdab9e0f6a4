"""Rows per second that the sandbox serves on one core, of a result new to it and of a known one."""

from __future__ import annotations

import http.client
import json
import time
from statistics import median
from urllib.parse import urlencode, urlsplit

import psutil
import yaml

from benchmarks.feeds import GOOGLE_QUERY, NOW
from benchmarks.report import Figure, Outcome
from connectors.sandbox.server import SandboxProcess

DAYS = "segments.date BETWEEN '2026-08-18' AND '2026-11-15'"
ORDER = "segments.date, campaign.id, ad_group.id, ad_group_ad.ad.id"
REPEATS = 3
GATE = 50_000.0


class Reader:
    """Fetches every page of the account's ads and looks into none, to cost the sandbox nothing."""

    def __init__(self, url: str, connections: str) -> None:
        declared = yaml.safe_load(connections)
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
        form = {"grant_type": "refresh_token", **declared["credentials"][0]["secrets"]}
        self._headers = {"Content-Type": "application/x-www-form-urlencoded"}
        token = json.loads(self._post("/google_ads/token", urlencode(form)))["access_token"]
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        account = declared["connections"][0]["account"]
        self._path = f"/google_ads/v26/customers/{account}/googleAds:search"

    def rows(self) -> int:
        """Reads all pages; returns how many rows they have."""
        query = f"{GOOGLE_QUERY} WHERE {DAYS} ORDER BY {ORDER}"
        count, token = 0, ""
        while True:
            body = {"query": query, **({"pageToken": token} if token else {})}
            page = self._post(self._path, json.dumps(body))
            count += page.count(b'"metrics":{')
            rest = json.loads(b"{" + page[page.rindex(b"}],") + 3 :])
            token = rest.get("nextPageToken", "")
            if not token:
                return count

    def _post(self, path: str, body: str) -> bytes:
        self._connection.request("POST", path, body, self._headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"HTTP {response.status}: {content[:300]!r}")
        return content


def measure(quick: bool) -> Outcome:
    """Asks a fresh sandbox once, and then for the same again."""
    ads = "2" if quick else "8"
    size = ["--campaigns", "50", "--ad-groups", "10", "--ads", ads, "--days", "90"]
    cold, warm, lean = [], [], []
    count = 0
    for _ in range(REPEATS):
        with SandboxProcess("--organizations", "1", "--accounts", "1", *size, now=NOW) as sandbox:
            reader = Reader(sandbox.url, sandbox.connections_yaml())
            [process] = psutil.Process().children()
            for speeds in (cold, warm):
                began, before = time.perf_counter(), _cpu_seconds(process)
                count = reader.rows()
                speeds.append(count / (time.perf_counter() - began))
            lean.append(count / (_cpu_seconds(process) - before))
    return Outcome(
        "sandbox",
        f"The sandbox serves {count:,} rows of ad_stats in pages of 10,000, sorted by date and "
        "ids, to one reader that parses nothing; its process has one busy thread. Cold: a fresh "
        "process, the business not yet computed. Warm: the same query again. Medians of three.",
        [
            Figure("cold", median(cold), "rows/s", GATE),
            Figure("warm", median(warm), "rows/s", GATE),
            Figure("warm, by its own processor time", median(lean), "rows/s"),
        ],
    )


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
