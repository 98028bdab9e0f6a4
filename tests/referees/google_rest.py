"""The sandbox's Google Ads by plain HTTP: the package `google-ads` speaks gRPC only."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

from connectors.sandbox.server import SandboxClient

BERLIN, AGENCY = "4100000037", "9000000001"


def post(sandbox: SandboxClient, path: str, body: dict[str, Any], who: str) -> tuple[int, Any]:
    """Signs in and posts; returns the status and the answer, whatever comes of it."""
    form = {
        "grant_type": "refresh_token",
        "client_id": "sandbox.apps.googleusercontent.com",
        "client_secret": f"sandbox-secret-{who}",
        "refresh_token": f"1//sandbox-{who}",
    }
    url = f"{sandbox.url}/google_ads"
    with urllib.request.urlopen(f"{url}/token", urlencode(form).encode()) as answer:
        token = json.load(answer)["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    if who == "agency":
        headers["login-customer-id"] = AGENCY
    request = urllib.request.Request(f"{url}/{path}", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)
