"""What was stored becomes rows: each event once, what identifies a person as a token."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow.parquet as pq
from receiving import Endpoint

from connectors import platforms
from connectors.sandbox.posting import signing
from orchestration.arrivals import waiting
from orchestration.pull import Pull, Receipt, pull
from orchestration.sources import select_sources
from orchestration.workspace import Workspace
from tests.patience import PATIENCE_SECONDS
from warehouse import delivery_journal

Served = Callable[..., Endpoint]
LEAD = {
    "lead_id": "L1",
    "form_id": 40000000000,
    "campaign_id": 12345678901,
    "gcl_id": "g1",
    "user_column_data": [
        {"column_id": "EMAIL", "string_value": "Ada@Example.com"},
        {"column_id": "PHONE_NUMBER", "string_value": "+49 30 1234567"},
        {"column_id": "FULL_NAME", "string_value": "Ada Lovelace"},
        {"column_id": "CITY", "string_value": "London"},
        {"column_id": "what_do_you_need", "string_value": "call Ada Lovelace"},
    ],
}


def pull_stream(space: Workspace, stream: str) -> Receipt:
    platform = platforms.get("webhooks")
    sources = select_sources(space, platform, stream, run_id=uuid.uuid4().hex)
    return pull(Pull(space.home, platform, platform.stream(stream), "run"), sources)


def rows(space: Workspace, stream: str) -> list[dict[str, Any]]:
    return [
        row
        for path in sorted(space.home.raw_dir("webhooks", stream).rglob("*.parquet"))
        for row in pq.read_table(path).to_pylist()
    ]


def closed(endpoint: Endpoint, files: int = 1) -> None:
    """Waits until nothing more is added to the files of an endpoint."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(list(endpoint.folder.glob("*.ndjson"))) < files:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_lead_form_is_data_and_who_sent_it_is_a_token(
    endpoint: Served, space: Workspace, monkeypatch: Any
) -> None:
    monkeypatch.setattr(delivery_journal.Journal.__init__, "__defaults__", (0.1, 2**20))
    form = endpoint("google_lead_form")
    assert form.status(signing.google(json.dumps(LEAD).encode())) == 200
    closed(form)
    assert len(waiting(space)) == 1
    receipt = pull_stream(space, "lead_forms")
    assert [row.status for row in receipt.rows] == ["succeeded"]
    (row,) = rows(space, "lead_forms")
    assert (row["lead_id"], row["form_id"], row["campaign_id"]) == (
        "L1",
        "40000000000",
        "12345678901",
    )
    assert (row["city"], row["sender"]) == ("London", "google_lead_form")
    (source,) = select_sources(space, platforms.get("webhooks"), "lead_forms", run_id="x")
    assert source.hash_pii is not None
    assert row["email"] == source.hash_pii("ada@example.com")
    assert row["gcl_id"] == source.hash_pii("g1"), "the token that its click has"
    assert len(row["email"]) == 64
    assert len(row["phone_number"]) == 64
    assert not {"ada", "lovelace", signing.SECRET} & set(json.dumps(row, default=str).split())
    assert "Ada" not in json.dumps(row, default=str)
    assert waiting(space) == []


def test_a_postback_is_data(endpoint: Served, space: Workspace, monkeypatch: Any) -> None:
    monkeypatch.setattr(delivery_journal.Journal.__init__, "__defaults__", (0.1, 2**20))
    tune = endpoint("tune")
    said = {
        "transaction_id": "t1",
        "offer_id": "7",
        "amount": "-12.345678",
        "payout": "3.20",
        "currency": "eur",
        "status": "approved",
        "aff_sub": "blog",
        "aff_sub2": "ada@example.com",
        "security_token": signing.SECRET,
    }
    assert tune.status(signing.postback(said, "security_token")) == 200
    assert tune.status(signing.postback({**said, "amount": "much"}, "security_token")) == 200
    closed(tune)
    receipt = pull_stream(space, "postbacks")
    (row,) = rows(space, "postbacks")
    assert (row["sale_amount"], row["payout"]) == (Decimal("-12.345678"), Decimal("3.2"))
    assert (row["transaction_id"], row["offer_id"], row["sub1"]) == ("t1", "7", "blog")
    assert receipt.total("rejected_rows") == 1
    assert len(row["sub2"]) == 64, "an address is a token wherever it stands"
    assert signing.SECRET not in str(row)


def test_of_a_signal_only_that_it_came_is_kept(
    endpoint: Served, space: Workspace, monkeypatch: Any
) -> None:
    monkeypatch.setattr(delivery_journal.Journal.__init__, "__defaults__", (0.1, 2**20))
    shop = endpoint("shopify")
    shop.status(signing.shopify(b'{"id":1,"email":"ada@example.com"}'))
    closed(shop)
    pull_stream(space, "deliveries")
    (row,) = rows(space, "deliveries")
    assert (row["topic"], row["object_id"], row["_extra"]) == ("orders/create", "1", None)
    assert "ada" not in str(row)
    shop.status(signing.shopify(b'{"id":2}', number=2))
    closed(shop, files=2)
    assert len(pull_stream(space, "deliveries").rows) == 1, "a file is loaded once"
