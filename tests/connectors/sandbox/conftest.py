"""A running sandbox, and a small Google Ads client that does what a correct client does."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.server import SandboxClient, SandboxProcess
from connectors.sandbox.service import simulated
from tests.connectors.sandbox.meta_client import MetaClient
from tests.connectors.sandbox.shop_client import ShopClient
from tests.patience import PATIENCE_SECONDS

NOW = "2026-11-15T06:00:00Z"
BERLIN, NEW_YORK, AUCKLAND = "4100000037", "4101000040", "4200000337"
AGENCY, REGION = "9000000001", "9000000002"


class GoogleClient:
    """Plain HTTP, one connection a call; retries what is worth retrying, refreshes once."""

    def __init__(self, url: str, organization: str = "acme_outdoor", login: str = "") -> None:
        self.address = urlsplit(url)
        self.organization, self.login = organization, login
        self.token = self.refresh()
        self.calls = 0

    def call(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(
            self.address.hostname or "", self.address.port, timeout=PATIENCE_SECONDS
        )
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def refresh(self, **changed: str) -> str:
        status, _, body = self.ask_for_token(**changed)
        assert status == 200, body
        return str(json.loads(body)["access_token"])

    def ask_for_token(self, **changed: str) -> tuple[int, dict[str, str], bytes]:
        form = {
            "grant_type": "refresh_token",
            "client_id": "sandbox.apps.googleusercontent.com",
            "client_secret": f"sandbox-secret-{self.organization}",
            "refresh_token": f"1//sandbox-{self.organization}",
            **changed,
        }
        return self.call("POST", "/google_ads/token", urlencode(form))

    def post(
        self,
        customer: str,
        body: dict[str, Any],
        *,
        method: str = "search",
        version: str = "v26",
        **headers: str,
    ) -> tuple[int, dict[str, str], Any]:
        """One call, whatever comes of it."""
        sent = {"Authorization": f"Bearer {self.token}", **headers}
        if self.login:
            sent.setdefault("login-customer-id", self.login)
        path = f"/google_ads/{version}/customers/{customer}/googleAds:{method}"
        status, received, answer = self.call("POST", path, json.dumps(body), sent)
        return status, received, json.loads(answer)

    def refusal(
        self, customer: str, body: dict[str, Any], **more: str
    ) -> tuple[int, dict[str, str]]:
        """The status and the error code of a call that is refused."""
        status, _, answer = self.post(customer, body, **more)
        failure = (answer[0] if isinstance(answer, list) else answer)["error"]
        assert failure["code"] == status
        return status, failure["details"][0]["errors"][0]["errorCode"]

    def persist(self, customer: str, body: dict[str, Any]) -> dict[str, Any]:
        """One call with at most five retries."""
        for _ in range(6):
            self.calls += 1
            try:
                status, _, answer = self.post(customer, body)
            except (OSError, http.client.HTTPException, ValueError):
                continue
            if status == 200:
                return dict(answer)
            if status == 401:
                self.token = self.refresh()
            elif status not in (429, 500, 503):
                raise AssertionError(answer)
        raise AssertionError("five retries were not enough")

    def pages(self, customer: str, query: str) -> Iterator[dict[str, Any]]:
        """All pages of a query, with retries."""
        token = ""
        while True:
            page = self.persist(customer, {"query": query, "pageToken": token})
            yield page
            if "nextPageToken" not in page:
                return
            assert page["nextPageToken"] != token, "the same token again would never end"
            token = page["nextPageToken"]

    def rows(self, customer: str, query: str) -> list[dict[str, Any]]:
        """All rows of a query, as they come."""
        return [row for page in self.pages(customer, query) for row in page.get("results", [])]


@pytest.fixture(scope="session")
def running() -> Iterator[SandboxClient]:
    with SandboxProcess(now=NOW) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: SandboxClient) -> Iterator[SandboxClient]:
    """The running sandbox, with its clock let go and its faults off."""
    running.set_clock(None)
    running.set_faults()
    running.forget_requests()
    yield running
    running.set_clock(None)
    running.set_faults()


@pytest.fixture
def acme(sandbox: SandboxClient) -> GoogleClient:
    return GoogleClient(sandbox.url)


@pytest.fixture
def agency(sandbox: SandboxClient) -> GoogleClient:
    return GoogleClient(sandbox.url, "agency", AGENCY)


@pytest.fixture
def google(sandbox: SandboxClient) -> type[GoogleClient]:
    return GoogleClient


@pytest.fixture
def meta(sandbox: SandboxClient) -> MetaClient:
    return MetaClient(sandbox.url)


@pytest.fixture(scope="session")
def business() -> Business:
    return simulated(Parameters())


@pytest.fixture
def shop(sandbox: SandboxClient) -> ShopClient:
    return ShopClient(sandbox.url)
