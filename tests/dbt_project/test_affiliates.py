"""What was reported of a conversion at each time: approved, rejected, approved again, invoiced."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from built_home import DbtHome, differences, named_in, twin_of
from fixture_lake import Account, FixtureLake
from scenarios import at, march

MODELS = named_in(__file__)
D = Decimal
NETWORK = Account("partners", "7100", "EUR", "Europe/Berlin", "everflow")
AS_REPORTED = Path(__file__).parents[2] / "docs" / "questions.md"


def conversion(status: str, payout: str = "10", id_: str = "c1") -> dict[str, Any]:
    """A row of the stream: an order of March 2."""
    return {
        "date": march(2), "conversion_id": id_, "status": status, "payout": D(payout),
        "revenue": D("12"), "sale_amount": D("100"), "affiliate_id": "3", "offer_id": "42",
        "converted_at": at(2), "is_event": False,
    }  # fmt: skip


def invoice(status: str) -> dict[str, Any]:
    return {
        "invoice_id": "i1", "affiliate_id": "3", "first_day": march(1), "last_day": march(7),
        "status": status, "amount": D("10"), "stated_currency": "EUR", "created_at": at(9),
    }  # fmt: skip


def as_reported(instant: Any) -> str:
    """The query of the handbook, at an instant."""
    text = AS_REPORTED.read_text("utf-8")
    _, _, section = text.partition("<!-- partners as reported -->")
    sql = section.partition("```sql\n")[2].partition("```")[0]
    assert sql.count("timestamptz '2026-11-01 06:00:00+00'") == 1
    return sql.replace("2026-11-01 06:00:00+00", instant.isoformat(sep=" "))


@pytest.mark.long
def test_what_each_date_s_report_said_is_a_query(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    lake, home = FixtureLake(tmp_path / "home"), DbtHome(tmp_path / "home")
    lake.organization("partners", "EUR")
    lake.connection(NETWORK)
    days = (march(2), march(3))
    story = {3: "pending", 5: "approved", 6: "rejected", 8: "approved"}
    for day, status in story.items():
        lake.pull(NETWORK, "conversions", at(day), [conversion(status)], days)
    lake.pull(NETWORK, "invoices", at(9), [invoice("unpaid")])
    lake.pull(NETWORK, "invoices", at(10), [invoice("paid")])
    home.build(models=MODELS)
    expected = {
        3: ("PENDING", False, False), 4: ("PENDING", False, False), 5: ("APPROVED", False, False),
        6: ("REJECTED", False, False), 7: ("REJECTED", False, False),
        8: ("APPROVED", False, False), 9: ("APPROVED", True, False), 10: ("APPROVED", True, True),
    }  # fmt: skip
    with home.reading() as query:
        for day, (status, invoiced, paid) in expected.items():
            rows = query(as_reported(at(day, 23)))
            assert rows == [("c1", march(2), status, D(10), invoiced, paid)], day
        assert query(as_reported(at(2))) == []
        (states,) = query("select count(*) from fact_affiliate_conversion_states")[0]
        assert states == 4
    # A sync that finds nothing new adds no state; one that lacks the conversion marks it.
    lake.pull(NETWORK, "conversions", at(11), [conversion("approved")], days)
    lake.pull(NETWORK, "conversions", at(12), [conversion("approved", id_="c2")], days)
    home.build(models=MODELS)
    with home.reading() as query:
        rows = query(
            "select conversion_id, status, is_missing, is_counted from fact_affiliate_conversions "
            "order by 1"
        )
        assert rows == [("c1", "APPROVED", True, False), ("c2", "APPROVED", False, True)]
        assert query("select sum(spend), sum(paid_payout) from mart_affiliate_performance") == [
            (D(10), D(10))
        ]
    # It comes back: it is known again as it was.
    lake.pull(
        NETWORK,
        "conversions",
        at(13),
        [conversion("approved"), conversion("approved", id_="c2")],
        days,
    )
    home.build(models=MODELS)
    twin = twin_of(home, tmp_path / "twin")
    twin.build("--full-refresh", models=MODELS)
    assert differences(home, twin) == {}


def test_what_was_overtaken_before_it_was_committed_was_never_reported(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    lake, home = FixtureLake(tmp_path / "home"), DbtHome(tmp_path / "home")
    lake.organization("partners", "EUR")
    lake.connection(NETWORK)
    days = (march(2), march(3))
    lake.pull(NETWORK, "conversions", at(5), [conversion("rejected")], days, committed_at=at(7))
    lake.pull(NETWORK, "conversions", at(6), [conversion("approved")], days)
    home.build(models=MODELS)
    with home.reading() as query:
        assert query("select status from fact_affiliate_conversion_states") == [("APPROVED",)]
        assert query("select status from fact_affiliate_conversions") == [("APPROVED",)]


def test_a_network_s_sums_are_reconciled(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    lake, home = FixtureLake(tmp_path / "home"), DbtHome(tmp_path / "home")
    lake.organization("partners", "USD")
    lake.connection(NETWORK)

    def row(partner: str, clicks: int, conversions: int, payout: str | None) -> dict[str, Any]:
        said = {"affiliate_id": partner, "offer_id": "42", "unique_clicks": clicks}
        numbers = {"clicks": clicks, "conversions": conversions, "payout": payout and D(payout)}
        return {"date": march(2), "stated_currency": "EUR", **said, **numbers}

    sides = "select metric, raw_value, fact_value, mart_value, is_reconciled "
    of_day = f"{sides} from mart_reconciliation order by metric"
    lake.pull(NETWORK, "daily", at(3), [row("3", 9, 1, "1.5")], (march(2), march(3)))
    home.build(models=["mart_reconciliation"])
    assert [row[:2] for row in home.query(of_day)] == [
        ("partner_clicks", 9),
        ("partner_conversions", 1),
        ("partner_payout", D("1.5")),
    ]
    # The network says it again, with a partner more.
    rows = [row("3", 10, 2, "2.5"), row("4", 5, 0, None)]
    lake.pull(NETWORK, "daily", at(4), rows, (march(2), march(3)))
    home.build(models=["mart_reconciliation"])
    assert home.query(of_day) == [
        ("partner_clicks", 15, 15, 15, True),
        ("partner_conversions", 2, 2, 2, True),
        ("partner_payout", D("2.5"), D("2.5"), D("2.5"), True),
    ]
    home.execute("update serve.fact_affiliate_performance set clicks = 6 where affiliate_id = '4'")
    home.execute("update serve.mart_affiliate_performance set network_payout = 0")
    home.build("--full-refresh", "--select", "mart_reconciliation")
    assert home.query(of_day) == [
        ("partner_clicks", 15, 16, 15, False),
        ("partner_conversions", 2, 2, 2, True),
        ("partner_payout", D("2.5"), D("2.5"), D(0), False),
    ]
