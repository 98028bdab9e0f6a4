"""Where an organization is: My Domain, tokens that name an address, and hosts that get no token."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.core.errors import AuthRejected, ShapeChanged

USERS = "https://acme.my.salesforce.com/services/data/v67.0/sobjects/User/describe"


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("acme.my.salesforce.com", "acme.my.salesforce.com"),
        ("https://Acme.lightning.force.com/one/one.app", "acme.my.salesforce.com"),
        ("acme.my.salesforce-setup.com", "acme.my.salesforce.com"),
        ("acme", "acme.my.salesforce.com"),
        ("acme--uat.sandbox.my.salesforce.com", "acme--uat.sandbox.my.salesforce.com"),
        ("acme-dev.develop.my.salesforce.com", "acme-dev.develop.my.salesforce.com"),
    ],
)
def test_a_token_is_asked_for_at_my_domain(api: Any, given: str, host: str) -> None:
    api.credential = {**api.credential, "my_domain": given}
    api.answers["/services/oauth2/token"]["instance_url"] = f"https://{host}"
    api.rows("users")
    asked = api.asked[0]
    assert asked.url == f"https://{host}/services/oauth2/token"
    assert asked.form == {
        "grant_type": "client_credentials",
        "client_id": "3MVG9",
        "client_secret": "secret-0123456789",
    }


@pytest.mark.parametrize("given", ["", "acme.example", "acme.my.salesforce.com.evil.example"])
def test_another_host_is_refused(api: Any, given: str) -> None:
    api.credential = {**api.credential, "my_domain": given}
    with pytest.raises(AuthRejected, match="no host of Salesforce"):
        api.rows("users")
    assert api.asked == []


def test_requests_follow_the_newest_token(api: Any, kit: Any, made: Any) -> None:
    """The organization moves in the middle of a pull; the old address knows the token no more."""
    tokens = iter([("old-0123456789", "acme-1.my"), ("new-0123456789", "acme-2.my")])

    def token(_: Any) -> Any:
        access, host = next(tokens)
        return {"access_token": access, "instance_url": f"https://{host}.salesforce.com"}

    def described(asked: Any) -> Any:
        if "acme-2" not in asked.url:
            return kit.answer([{"errorCode": "INVALID_SESSION_ID", "message": "…"}], status=401)
        return made.described("users")

    api.credential = {**api.credential, "refresh_token": "5Aep861-0123456789"}
    api.answers["/services/oauth2/token"] = token
    api.answers[f"{made.api}/sobjects/User/describe"] = described
    api.rows("users")
    hosts = [one.url.split("/")[2] for one in api.asked]
    stated, old, new = (f"{one}.my.salesforce.com" for one in ("acme", "acme-1", "acme-2"))
    # Tokens come from My Domain as it was stated, whatever they name.
    assert hosts == [stated, old, stated, new, new]
    assert api.asked[0].form["grant_type"] == "refresh_token"
    assert api.asked[-1].headers["Authorization"] == "Bearer new-0123456789"


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example",
        "https://evilsalesforce.com",
        "http://acme.my.salesforce.com",
        "https://acme.my.salesforce.com:8443",
        "https://me@acme.my.salesforce.com",
        "https://salesforce.com.evil.example/.salesforce.com",
    ],
)
def test_a_token_that_names_another_host_is_not_sent_there(api: Any, place: str) -> None:
    api.answers["/services/oauth2/token"]["instance_url"] = place
    with pytest.raises(ShapeChanged, match="another host"):
        api.rows("users")
    assert len(api.asked) == 1


def test_a_token_that_states_no_end_is_renewed_after_half_an_hour(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {"platform": api.platform, "account": api.account, "credential": api.credential}
    client = api.kit.client(api.kit.server(api), **named)
    for minute in ("00", "20", "35"):
        monkeypatch.setenv("TRIBUTARY_NOW", f"2026-11-15T06:{minute}:00Z")
        client.get("/services/data")
    assert [one.method for one in api.asked] == ["POST", "GET", "GET", "POST", "GET"]


def test_an_id_of_15_characters_is_the_same_organization(api: Any) -> None:
    assert api.platform.account_id(" 00DRO0000001abc ") == "00DRO0000001abc2AA"
    assert api.platform.account_id("00DRO0000001abc2AA") == "00DRO0000001abc2AA"
    with pytest.raises(ValueError, match="no account id"):
        api.platform.account_id("001RO0000001abcEAA")
