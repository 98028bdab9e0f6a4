"""The receiver as senders meet it: over a socket, with signed, forged, repeated requests."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from receiving import Endpoint, add, receiving

from connectors.sandbox.posting import signing
from connectors.sandbox.posting.signing import Sent
from orchestration.webhooks import server
from orchestration.workspace import Workspace
from warehouse import delivery_journal

Served = Callable[..., Endpoint]


def test_a_signed_order_is_stored_before_it_is_answered(endpoint: Served) -> None:
    shop = endpoint("shopify", pulls="shopify/acme")
    body = json.dumps({"id": 7, "updated_at": "2026-11-01T01:00:00+02:00", "n": "Zoë"}).encode()
    assert shop.status(signing.shopify(body)) == 200
    (stored,) = shop.stored()
    assert stored["topic"] == "orders/create"
    assert stored["object_id"] == "7"
    assert stored["happened_at"] == "2026-11-01T00:00:00+00:00"
    assert stored["payload"]["n"] == "Zoë"
    (file,) = shop.folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0, "nobody else reads what customers have written"


def test_a_repetition_is_answered_and_not_stored_again(endpoint: Served, space: Workspace) -> None:
    shop = endpoint("shopify")
    for _ in range(3):
        assert shop.status(signing.shopify(b'{"id":1}')) == 200
    assert shop.status(signing.shopify(b'{"id":1}', number=2)) == 200
    assert len(shop.stored()) == 2
    with receiving(space) as address:
        again = replace(shop, address=address)
        assert again.status(signing.shopify(b'{"id":1}')) == 200
        assert again.status(signing.shopify(b'{"id":1}', number=3)) == 200
    assert len(shop.stored()) == 3, "what is on the disk is known to the next process"


def test_forgeries_are_refused_and_leave_nothing(endpoint: Served) -> None:
    shop = endpoint("shopify")
    good = signing.shopify(b'{"id":1}')
    assert shop.status(signing.shopify(b'{"id":1}', secret="other")) == 401
    assert shop.status(replace(good, body=b'{"id":2}')) == 401
    assert shop.status(Sent(body=b'{"id":1}')) == 401
    assert shop.status(replace(good, method="PUT")) == 405
    assert shop.status(signing.shopify(b"[1,")) == 400
    assert shop.status(replace(good, headers={**good.headers, "Content-Encoding": "gzip"})) == 415
    elsewhere = Endpoint(shop.space, replace(shop.connection, connection_id="x"), shop.address)
    assert elsewhere.status(good) == 404
    assert shop.stored() == []
    health = _health(shop)
    assert health["refused"] == 7
    assert health["stored"] == 0
    assert health["refused_because"]["wrong signature"] == 2


def test_an_old_time_is_refused(endpoint: Served) -> None:
    hook = endpoint("standard", secret=signing.STANDARD_SECRET)
    for seconds, status in ((-301, 401), (-299, 200), (299, 200), (301, 401)):
        sent = signing.standard(b'{"type":"a"}', at=signing.NOW + seconds, number=seconds + 400)
        assert hook.status(sent) == status, seconds
    assert len(hook.stored()) == 2


def test_hubspot_signs_the_public_address(endpoint: Served) -> None:
    hook = endpoint("hubspot")
    event = {"portalId": 1, "subscriptionType": "contact.creation", "objectId": 5, "eventId": 9}
    body = json.dumps([{**event, "occurredAt": 1793491200000}, {**event, "objectId": 6}]).encode()
    assert hook.status(signing.hubspot(body, path=hook.path)) == 200
    assert [one["object_id"] for one in hook.stored()] == ["5", "6"]
    retried = json.dumps([{**event, "occurredAt": 1793491200000, "attemptNumber": 1}]).encode()
    assert hook.status(signing.hubspot(retried, path=hook.path)) == 200
    assert len(hook.stored()) == 2, "the attempt's number makes no other event"
    assert hook.status(signing.hubspot(body, path="/hooks/other")) == 401
    assert hook.status(signing.hubspot(b"[]", path=hook.path)) == 200


def test_of_two_secrets_the_old_one_ends(endpoint: Served) -> None:
    shop = endpoint(
        "shopify", secret="new", previous_secret="old", previous_until="2026-11-01T00:00:01Z"
    )
    assert shop.status(signing.shopify(b"{}", secret="new", number=1)) == 200
    assert shop.status(signing.shopify(b"{}", secret="old", number=2)) == 200
    os.environ["TRIBUTARY_NOW"] = "2026-11-01T00:00:02Z"
    assert shop.status(signing.shopify(b"{}", secret="old", number=3)) == 401
    assert shop.status(signing.shopify(b"{}", secret="new", number=4)) == 200


def test_a_rotated_secret_is_read_without_a_restart(
    endpoint: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LOOK_SECONDS", 0.05)
    shop = endpoint("shopify")
    shop.space.registry.add_credential(
        "acme.webhooks.shopify", "webhooks", {"secret": "new"}, "acme"
    )
    statuses = (shop.status(signing.shopify(b"{}", secret="new", number=n)) for n in range(10_000))
    assert 200 in statuses
    assert shop.status(signing.shopify(b"{}", number=1)) == 401


def test_handshakes(endpoint: Served, space: Workspace) -> None:
    meta = endpoint("meta", verify_token="abc")
    asked = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
    answer = meta.send(Sent("GET", query=f"{asked}abc"))
    assert (answer.status, answer.text) == (200, b"1158201444")  # type: ignore[attr-defined]
    assert meta.status(Sent("GET", query=f"{asked}abd")) == 403
    assert meta.status(Sent("GET", query=asked)) == 403
    linkedin = endpoint("linkedin", secret="test_secret")
    code = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
    answer = linkedin.send(Sent("GET", query=f"challengeCode={code}"))
    assert json.loads(answer.text) == {  # type: ignore[attr-defined]
        "challengeCode": code,
        "challengeResponse": "04b5de40af7498d41d935649ce4291e987cd2176db46865dbaaeac596442af64",
    }
    # The answer to any other text would be the signature of a body.
    assert linkedin.status(Sent("GET", query="challengeCode=hmacsha256%3D%7B%7D")) == 400
    woo = endpoint("woocommerce")
    assert woo.status(Sent(body=b"webhook_id=12")) == 200
    assert woo.status(Sent(body=b"webhook_id=12&x=1")) == 401
    assert [one.stored() for one in (meta, linkedin, woo)] == [[], [], []]


def test_a_meta_post_is_as_many_events_as_it_has_changes(endpoint: Served) -> None:
    meta = endpoint("meta")
    lead = {"leadgen_id": "444", "form_id": "222", "created_time": 1793491190}
    change = {"field": "leadgen", "value": lead}
    other = {"field": "leadgen", "value": {**lead, "leadgen_id": "445"}}
    entry = {"id": "111", "time": 1793491200, "changes": [change, other]}
    body = json.dumps({"object": "page", "entry": [entry]}).encode()
    assert meta.status(signing.meta(body)) == 200
    again = json.dumps({"object": "page", "entry": [{**entry, "time": 1793491300}]}).encode()
    assert meta.status(signing.meta(again)) == 200
    assert [one["object_id"] for one in meta.stored()] == ["444", "445"]


def test_a_lead_form_is_stored_without_its_key(endpoint: Served) -> None:
    form = endpoint("google_lead_form")
    sent = signing.google(b'{"lead_id":"L1","form_id":40000000000,"is_test":true}')
    assert form.status(sent) == 200
    (stored,) = form.stored()
    assert stored["payload"] == {"lead_id": "L1", "form_id": 40000000000, "is_test": True}
    (file,) = form.folder.iterdir()
    assert signing.SECRET.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("sender", "token"),
    [("everflow", "verification_token"), ("tune", "security_token"), ("trackier", "token")],
)
def test_a_postbacks_status_is_an_observation(endpoint: Served, sender: str, token: str) -> None:
    network = endpoint(sender)
    said = {"transaction_id": "a" * 32, "payout": "{payout}", "sub1": "", "status": "pending"}
    assert network.status(signing.postback(said, token)) == 200
    assert network.status(signing.postback(said, token)) == 200
    assert network.status(signing.postback({**said, "status": "approved"}, token)) == 200
    head = replace(signing.postback({**said, "status": "rejected"}, token), method="HEAD")
    assert network.status(head) == 200
    assert network.status(signing.postback(said, token, secret="wrong")) == 401
    stored = network.stored()
    assert [one["topic"] for one in stored] == ["pending", "approved"]
    assert stored[0]["payload"] == {"transaction_id": "a" * 32, "status": "pending"}
    pixel = signing.postback({**said, "status": "x"}, token)
    answer = network.send(replace(pixel, headers={"Accept": "image/*"}))
    assert answer.text.startswith(b"GIF89a")  # type: ignore[attr-defined]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_body_that_is_too_large_is_refused(endpoint: Served) -> None:
    network = endpoint("google_lead_form")
    large = signing.google(json.dumps({"lead_id": "1", "x": "y" * 300_000}).encode())
    assert network.status(large) == 413
    body = (part for part in [large.body])
    chunked = replace(large, body=body)  # type: ignore[arg-type]
    assert network.status(chunked) == 413
    assert network.stored() == []


def test_too_many_requests_are_asked_to_come_again(endpoint: Served) -> None:
    shop = endpoint("shopify", requests_per_second="0.001")
    assert shop.status(signing.shopify(b"{}")) == 200
    answer = shop.send(signing.shopify(b"{}", number=2))
    assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    assert len(shop.stored()) == 1


def test_a_full_disk_asks_to_come_again_and_recovers(
    endpoint: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = endpoint("shopify")
    assert shop.status(signing.shopify(b"{}", number=1)) == 200
    write = os.write

    def full(descriptor: int, content: bytes) -> int:
        write(descriptor, bytes(content)[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(delivery_journal.os, "write", full)
    answer = shop.send(signing.shopify(b"{}", number=2))
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert _health(shop, expected=503)["status"] == "failing to store"
    monkeypatch.setattr(delivery_journal.os, "write", write)
    assert shop.status(signing.shopify(b"{}", number=2)) == 200
    assert len(shop.stored()) == 2, "half of a line is not left behind"
    assert _health(shop)["status"] == "ok"


def test_a_paused_endpoint_takes_and_a_removed_one_does_not(
    space: Workspace, endpoint: Served
) -> None:
    paused = add(space, "shopify", "paused")
    removed = add(space, "shopify", "removed")
    space.registry.pause(paused.connection_id)
    space.registry.remove(removed.connection_id)
    shop = endpoint("shopify")
    good = signing.shopify(b"{}")
    assert replace(shop, connection=paused).status(good) == 200
    assert replace(shop, connection=removed).status(good) == 404


def test_the_log_holds_nothing_of_a_request(
    endpoint: Served, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    form, network = endpoint("google_lead_form"), endpoint("everflow")
    form.status(signing.google(b'{"lead_id":"ada@example.com","google_key":"x"}'))
    form.status(Sent(body=b"ada@example.com"))
    network.status(signing.postback({"sub1": "ada@example.com"}, "verification_token", "no"))
    network.status(signing.postback({"sub1": "ada@example.com"}, "verification_token"))
    said = caplog.text + "".join(capfd.readouterr())
    assert "ada@example.com" not in said
    assert signing.SECRET not in said
    assert form.path not in said


def _health(shop: Endpoint, expected: int = 200) -> dict[str, object]:
    import http.client

    connection = http.client.HTTPConnection(*shop.address)
    connection.request("GET", "/health")
    answer = connection.getresponse()
    assert answer.status == expected
    found: dict[str, object] = json.loads(answer.read())
    connection.close()
    return found
