"""Events of senders in exact rows: each once, of whatever kind, and nothing of a person."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from built_home import DbtHome, named_in
from fixture_lake import Account, FixtureLake
from scenarios import at

MODELS = named_in(__file__)
FACT = "fact_webhook_deliveries"


def event(record: str, sender: str, **more: Any) -> dict[str, Any]:
    every = {"record_id": record, "sender": sender, "topic": None, "updated_at": at(2)}
    return {**every, **more}


def test_events_are_there_once(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    lake, home = FixtureLake(tmp_path / "home"), DbtHome(tmp_path / "home")
    lake.organization("acme", "EUR")
    accounts = {}
    for name in ("shop", "forms", "network"):
        accounts[name] = Account("acme", name, "EUR", "UTC", "webhooks")
        lake.connection(accounts[name])
    order = event("a", "shopify", topic="orders/create", object_id="7", happened_at=at(1))
    lake.pull(accounts["shop"], "deliveries", at(2, 12), [order], kind="changes")
    # The disk of a killed receiver may have an event in two of its files.
    later = event("b", "shopify", topic="orders/create", object_id="8", happened_at=at(1))
    lake.pull(accounts["shop"], "deliveries", at(3, 12), [order, later], kind="changes")
    lead = {"lead_id": "L", "form_id": "4", "email": "token", "gcl_id": "g", "is_test": True}
    lake.pull(
        accounts["forms"],
        "lead_forms",
        at(2, 12),
        [event("a", "google_lead_form", **lead)],
        kind="changes",
    )
    said = {"transaction_id": "t", "currency": "usd", "sale_amount": Decimal("-9.99")}
    for number, status in enumerate(("pending", "approved")):
        row = event(f"p{number}", "tune", status=status, payout=Decimal("2.5"), **said)
        lake.pull(accounts["network"], "postbacks", at(2 + number, 12), [row], kind="changes")
    home.build(models=MODELS)
    built = home.query
    columns = "account_id, record_id, topic, object_id, lead_id, click_id, status, currency_code, sale_amount, payout_amount, is_test"  # noqa: E501
    assert built(f"select {columns} from {FACT} order by all") == [
        ("forms", "a", None, None, "L", "g", None, None, None, None, True),
        *(
            ("network", f"p{n}", None, None, None, None, status, "USD", Decimal("-9.99"), Decimal("2.5"), False)  # noqa: E501
            for n, status in enumerate(("pending", "approved"))
        ),
        ("shop", "a", "orders/create", "7", None, None, None, None, None, None, False),
        ("shop", "b", "orders/create", "8", None, None, None, None, None, None, False),
    ]  # fmt: skip
    assert built("select count(*), count(email_token) from build.stg_webhooks__lead_forms") == [
        (1, 1)
    ]
