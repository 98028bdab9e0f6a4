"""A small Graph API client that does what a correct client does, and no more."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.patience import PATIENCE_SECONDS

ACME, KIWI, CHAI = "990000000000037", "990000007000056", "990000014000075"
TOKENS = {
    ACME: "EAAZsandboxAcmeoutdoor",
    KIWI: "EAAZsandboxKiwikitchen",
    CHAI: "EAAZsandboxChaihouse",
}
AGENCY = "EAAZsandboxAgency"
HOURLY = "hourly_stats_aggregated_by_advertiser_time_zone"
THROTTLED = {4, 17, 80000, 80004}

Answer = tuple[int, dict[str, str], Any]


class MetaClient:
    """Plain HTTP, one connection a call; retries what is worth retrying, restarts failed jobs."""

    def __init__(self, url: str, token: str = TOKENS[ACME]) -> None:
        self.address = urlsplit(url)
        self.token = token

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection(
            self.address.hostname or "", self.address.port, timeout=PATIENCE_SECONDS
        )
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told, json.loads(answer.read())
        finally:
            connection.close()

    def get(self, path: str, **params: Any) -> Answer:
        """One call, whatever comes of it."""
        query = urlencode({"access_token": self.token, **_texts(params)})
        return self.send("GET", f"/meta_ads/{_versioned(path)}?{query}")

    def post(self, path: str, **params: Any) -> Answer:
        form = urlencode({"access_token": self.token, **_texts(params)})
        return self.send("POST", f"/meta_ads/{_versioned(path)}", form)

    def refusal(self, path: str, **params: Any) -> tuple[int, int, int | None]:
        """The status, the code and the subcode of a call that is refused."""
        status, _, answer = self.get(path, **params)
        error = answer["error"]
        assert error["message"]
        assert error["fbtrace_id"]
        return status, error["code"], error.get("error_subcode")

    def persist(self, method: str, path: str, body: str | None = None) -> dict[str, Any]:
        """One call with at most five retries."""
        for _ in range(6):
            try:
                status, _, answer = self.send(method, path, body)
            except (OSError, http.client.HTTPException, ValueError):
                continue
            if status == 200:
                return dict(answer)
            error = answer["error"]
            if not (status >= 500 or error["code"] in THROTTLED or error["is_transient"]):
                raise AssertionError(answer)
        raise AssertionError("five retries were not enough")

    def pages(self, path: str, **params: Any) -> Iterator[list[dict[str, Any]]]:
        """All pages, by `paging.next`, with retries."""
        query = urlencode({"access_token": self.token, **_texts(params)})
        target = f"/meta_ads/{_versioned(path)}?{query}"
        while True:
            page = self.persist("GET", target)
            yield page["data"]
            following = page.get("paging", {}).get("next")
            if following is None:
                return
            assert following.startswith(f"http://{self.address.netloc}/meta_ads/v")
            assert f"access_token={self.token}" in following
            parts = urlsplit(following)
            assert f"{parts.path}?{parts.query}" != target, "the same page would never end"
            target = f"{parts.path}?{parts.query}"

    def rows(self, path: str, **params: Any) -> list[dict[str, Any]]:
        return [row for page in self.pages(path, **params) for row in page]

    def report(self, path: str, limit: int = 500, **params: Any) -> list[dict[str, Any]]:
        """All rows of an asynchronous report, which is started again when it fails."""
        form = urlencode({"access_token": self.token, **_texts(params)})
        for _ in range(6):
            started = self.persist("POST", f"/meta_ads/{_versioned(path)}", form)
            run = started["report_run_id"]
            for _ in range(8):
                state = self.persist("GET", f"/meta_ads/v26.0/{run}?access_token={self.token}")
                status = (state["async_status"], state["async_percent_completion"])
                if status == ("Job Completed", 100):
                    return self.rows(f"{run}/insights", limit=limit)
                if status[0] in ("Job Failed", "Job Skipped"):
                    break
        raise AssertionError("six jobs were not enough")


def _versioned(path: str) -> str:
    return path if path.startswith("v") else f"v26.0/{path}"


def _texts(params: dict[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in params.items()
    }


def days(since: str, until: str) -> dict[str, str]:
    return {"since": since, "until": until}
