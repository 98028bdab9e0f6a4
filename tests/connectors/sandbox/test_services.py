"""The platforms of the sandbox are found by their folders, and tell one truth together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox import platforms as package
from connectors.sandbox.answers import answer, levels
from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.server import SandboxClient
from connectors.sandbox.service import services
from connectors.sandbox.truth.question import Question


def test_every_folder_with_a_service_is_found_below_its_name(acme: Any) -> None:
    root = Path(package.__file__).parent
    folders = {one.parent.name for one in root.glob("*/__init__.py")}
    assert {one.name for one in services()} == folders >= {"google_ads", "meta_ads"}
    status, _, _ = acme.call("GET", "/exchange_rates/stats/eurofxref/eurofxref-hist.zip")
    assert status == 200


def test_platforms_that_answer_one_level_answer_one_after_the_other(
    sandbox: SandboxClient,
) -> None:
    every = sandbox.truth("accounts")
    platforms = [one["platform"] for one in every]
    assert platforms == sorted(platforms)
    assert platforms.count("google_ads") == 5
    assert platforms.count("meta_ads") == 3
    assert sandbox.truth("accounts", platform="meta_ads") == [
        one for one in every if one["platform"] == "meta_ads"
    ]
    assert sandbox.truth("rates", platform="meta_ads") == []


def test_what_nobody_answers_is_refused_with_what_is_answered(
    acme: Any, business: Business
) -> None:
    for asked in ("level=tea", "level=accounts&platform=tea"):
        status, _, body = acme.call("GET", f"/sandbox/truth?{asked}")
        assert status == 400
        assert "tea" in json.loads(body)["error"]
    now = midnight("UTC", business.parameters.end)
    with pytest.raises(ValueError, match="demographics_day"):
        answer(business, Question("tea", now))
    assert {"organizations", "rates", "campaign_reach"} <= set(levels())


def test_the_connections_file_names_every_platform_once_an_account(business: Business) -> None:
    found = set()
    for service in services():
        part = service.connections(business)
        known = {one["id"]: one for one in part.credentials}
        assert len(known) == len(part.credentials)
        for one in part.connections:
            assert one["platform"] == service.name
            assert known[one["credential"]]["platform"] == service.name
            key = (one["platform"], one["account"])
            assert key not in found
            found.add(key)
    assert {platform for platform, _ in found} >= {"google_ads", "meta_ads"}
