"""Tokens, permissions, and the way to an account through a manager."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.sandbox.server import SandboxClient

BERLIN, NEW_YORK, AUCKLAND = "4100000037", "4101000040", "4200000337"
AGENCY, REGION = "9000000001", "9000000002"
QUERY = {"query": "SELECT customer.id FROM customer"}
DENIED = (403, {"authorizationError": "USER_PERMISSION_DENIED"})


def test_a_refresh_token_is_exchanged(acme: Any) -> None:
    status, _, body = acme.ask_for_token()
    assert status == 200
    token = json.loads(body)
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 3599
    assert "refresh_token" not in token


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"refresh_token": "1//wrong"}, 400, "invalid_grant"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_wrong_grants(acme: Any, changed: dict[str, str], status: int, error: str) -> None:
    received, _, body = acme.ask_for_token(**changed)
    assert received == status
    assert json.loads(body)["error"] == error


def test_a_call_needs_a_token_and_no_developer_token(acme: Any) -> None:
    status, _, answer = acme.post(BERLIN, QUERY, Authorization="")
    assert status == 401
    assert answer["error"]["details"][0]["reason"] == "CREDENTIALS_MISSING"
    assert acme.refusal(BERLIN, QUERY, Authorization="Bearer nonsense") == (
        401,
        {"authenticationError": "OAUTH_TOKEN_INVALID"},
    )
    assert acme.post(BERLIN, QUERY)[0] == 200
    assert acme.post(BERLIN, QUERY, **{"developer-token": "anything"})[0] == 200


def test_a_token_expires_by_the_clock(acme: Any, sandbox: SandboxClient) -> None:
    sandbox.set_clock("2026-11-15T06:59:58Z")
    assert acme.post(BERLIN, QUERY)[0] == 200
    sandbox.set_clock("2026-11-15T07:00:00Z")
    assert acme.refusal(BERLIN, QUERY) == (401, {"authenticationError": "OAUTH_TOKEN_EXPIRED"})
    acme.token = acme.refresh()
    assert acme.post(BERLIN, QUERY)[0] == 200


def listed(client: Any) -> list[str]:
    _, _, body = client.call(
        "GET",
        "/google_ads/v26/customers:listAccessibleCustomers",
        headers={"Authorization": f"Bearer {client.token}"},
    )
    return list(json.loads(body)["resourceNames"])


def test_each_credential_lists_what_it_reaches_directly(acme: Any, agency: Any) -> None:
    assert listed(acme) == [f"customers/{BERLIN}", f"customers/{NEW_YORK}"]
    assert listed(agency) == [f"customers/{AGENCY}"]


def test_an_organization_sees_only_its_own_accounts(acme: Any) -> None:
    assert acme.refusal(AUCKLAND, QUERY) == DENIED
    assert acme.refusal(AGENCY, QUERY) == DENIED


def test_the_agency_must_name_its_manager(agency: Any) -> None:
    assert agency.post(BERLIN, QUERY)[0] == 200
    agency.login = ""
    assert agency.refusal(BERLIN, QUERY) == DENIED
    assert agency.post(AGENCY, QUERY)[0] == 200
    assert agency.refusal(BERLIN, QUERY, **{"login-customer-id": REGION}) == DENIED
    assert agency.refusal(AUCKLAND, QUERY, **{"login-customer-id": AGENCY}) == (
        403,
        {"authorizationError": "INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION"},
    )


def test_ids_are_ten_digits_without_dashes(acme: Any) -> None:
    assert acme.refusal("410-000-0037", QUERY) == (400, {"requestError": "INVALID_CUSTOMER_ID"})
    assert acme.refusal(BERLIN, QUERY, **{"login-customer-id": "410-000-0037"}) == (
        400,
        {"headerError": "INVALID_LOGIN_CUSTOMER_ID"},
    )
    assert acme.refusal("1234567890", QUERY) == (
        401,
        {"authenticationError": "CUSTOMER_NOT_FOUND"},
    )


def test_a_revoked_account_is_refused_and_its_neighbour_is_not(
    acme: Any, sandbox: SandboxClient
) -> None:
    sandbox.set_faults(revoked_accounts=[BERLIN])
    assert acme.refusal(BERLIN, QUERY) == DENIED
    assert acme.post(NEW_YORK, QUERY)[0] == 200
