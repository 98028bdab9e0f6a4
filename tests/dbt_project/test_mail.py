"""Differences of cumulative reports in exact numbers: falls, gaps, two readings of a day."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from built_home import DbtHome, differences, named_in, twin_of
from fixture_lake import Account, FixtureLake
from scenarios import at, march

MODELS = named_in(__file__)
D = Decimal
MAIL = Account("letters", "f00d", "EUR", "Europe/Berlin", "mailchimp")
COLUMNS = "message_id, date_day, sent, opens, human_opens, machine_opens, orders, revenue"


def report(id_: str, opens: int, without: int | None, revenue: str, **more: Any) -> dict[str, Any]:
    """A row of the stream: a campaign of March 1 with ten mails."""
    return {
        "campaign_id": id_, "sent_at": at(1), "emails_sent": 10, "hard_bounces": 0,
        "soft_bounces": 0, "opens_total": opens, "proxy_excluded_opens": without,
        "clicks_total": 0, "unsubscribed": 0, "abuse_reports": 0, "orders": 1,
        "revenue": D(revenue), "currency_code": "EUR", **more,
    }  # fmt: skip


def test_what_a_report_gained_between_two_days(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    lake, home = FixtureLake(tmp_path / "home"), DbtHome(tmp_path / "home")
    lake.organization("letters", "EUR")
    lake.connection(MAIL)
    lake.pull(MAIL, "reports", at(2), [report("a", 5, None, "10"), report("gone", 1, 1, "0")])
    home.build(models=MODELS)
    with home.reading() as query:
        # Of what there was before the first reading nobody knows the day.
        assert (
            query(f"select {COLUMNS} from fact_email_performance where day_meaning = 'difference'")
            == []
        )
    # Two readings on one day: the later one counts. One campaign is new, one is deleted.
    lake.pull(MAIL, "reports", at(4, 6), [report("a", 99, 7, "99")])
    lake.pull(MAIL, "reports", at(4, 9), [report("a", 9, 6, "12.5"), report("new", 3, 2, "4")])
    # A count may fall, and what did not change has no row.
    complaints = report("a", 8, 6, "12.5", abuse_reports=2)
    lake.pull(MAIL, "reports", at(5), [complaints, report("new", 3, 2, "4")])
    opened = {"record_id": "r", "campaign_id": "a", "member_id": "p", "action": "open"}
    opened |= {"is_machine": False, "updated_at": at(1, 9)}
    lake.pull(MAIL, "email_activity", at(5), [opened], (march(1), march(5)), kind="changes")
    home.build(models=MODELS)
    with home.reading() as query:
        found = query(
            f"select {COLUMNS} from fact_email_performance where day_meaning = 'difference' "
            "order by message_id, date_day"
        )
        assert found == [
            # Opens of machines were not known before, so nobody knows how many came.
            ("a", march(4), 0, 4, None, None, 0, D("2.5")),
            ("a", march(5), 0, -1, 0, -1, 0, D(0)),
            ("new", march(4), 10, 3, 2, 1, 1, D(4)),
        ]
        # No event has a complaint: of what happened they are unknown, a difference dates them.
        by_day = query(
            "select day_meaning, date_day, complaints from fact_email_performance "
            "where message_id = 'a' order by 1, 2"
        )
        assert by_day == [
            ("difference", march(4), 0),
            ("difference", march(5), 2),
            ("happened", march(1), None),
            ("sent", march(1), 2),
        ]
        kept = query(
            "select message_id, opens, revenue from fact_email_performance "
            "where day_meaning = 'sent' order by message_id"
        )
        assert kept == [("a", 8, D("12.5")), ("gone", 1, D(0)), ("new", 3, D(4))]
    twin = twin_of(home, tmp_path / "twin")
    twin.build("--full-refresh", models=MODELS)
    assert differences(home, twin) == {}
