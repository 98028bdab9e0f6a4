"""Klaviyo's mail in exact numbers: two meanings of a day, what is unknown, gone, or no mail."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from built_home import DbtHome, named_in
from fixture_lake import FixtureLake
from scenarios import at, march, window
from tenants import Tenant

MODELS = named_in(__file__)
D = Decimal
ACCOUNT = ("AbC123", "USD", "America/New_York", "klaviyo")
FACT = "fact_email_performance"
HAPPENED = "sent, delivered, opens, clicks, unique_clicks, bounces, hard_bounces, orders, revenue"


def counted(name: str, events: int, detail: str = "", value: str = "0", people: int = 1) -> Any:
    """A row of the aggregates of March 2, of the message X."""
    row = {"date": march(2), "metric_id": name, "metric_name": name, "message_id": "X"}
    return {**row, "detail": detail, "events": events, "value": D(value), "people": people}


def sent(message: str, opens: int, day: int = 2, channel: str = "email") -> Any:
    """A row of the report of campaigns."""
    row = {"date": march(day), "campaign_id": "C", "campaign_message_id": message}
    numbers = {"recipients": 10, "delivered": 9, "opens": opens, "unique_opens": 3}
    return {**row, "send_channel": channel, **numbers, "conversion_value": D("19.90")}


class Mail(Tenant):
    """An organization that mails."""

    def pull(self, stream: str, day: int, rows: Sequence[Any], days: Any = None) -> None:
        self.lake.pull(self.account, stream, at(day, 12), rows, *([days] if days else []))


def test_mail_in_exact_numbers(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    lake, home = FixtureLake(tmp_path / "home"), DbtHome(tmp_path / "home")
    shop, none = (Mail(lake, one, *ACCOUNT) for one in ("with_shop", "without_shop"))
    mail = [
        counted("Received Email", 8),
        counted("Bounced Email", 1, "Hard"),
        counted("Bounced Email", 2, "Soft"),
        counted("Clicked Email", 4, "False", people=3),
        counted("Clicked Email", 5, "True", people=2),
        counted("Dropped Email", 7),
    ]
    orders = counted("Placed Order", 2, value="39.80")
    other = {**orders, "message_id": ""}
    by_text = {**orders, "message_id": "T"}
    shop.pull("metric_aggregates", 3, [*mail, orders, other, by_text], window(2, 2))
    none.pull("metric_aggregates", 3, mail[3:4], window(2, 2))
    two_ways = [sent("Y", 1), sent("Y", 2, channel="sms")]
    before = [sent("X", 5, 1), sent("W", 5, 1)]
    shop.pull("campaign_values", 3, [sent("X", 5), *two_ways, *before], window(1, 2))
    # The first day is reported anew, and one campaign is gone from the list.
    shop.pull("campaign_values", 4, [sent("X", 6, 1)], window(1, 1))
    audiences = {"included_audiences": '["S"]', "excluded_audiences": "[]"}
    message = {"messages": json.dumps([{"id": "X", "subject": "Boots"}]), "channel": "email"}
    named = {"name": "Spring", "created_at": at(1), "sent_at": at(2), **audiences}
    campaign = {"campaign_id": "C", "status": "Sent", **named, **message}
    draft = {
        **campaign,
        "campaign_id": "D",
        "status": "Draft",
        "included_audiences": '["L"]',
        "messages": '[{"id": "Z"}]',
    }
    shop.pull("lists", 3, [{"list_id": "L", "name": "Newsletter"}])
    shop.pull("segments", 3, [{"segment_id": "S", "name": "Engaged"}])
    text = {**campaign, "campaign_id": "S", "channel": "sms", "messages": '[{"id": "T"}]'}
    shop.pull("campaigns", 3, [campaign, draft])
    shop.pull("campaigns", 4, [campaign, text])
    for day, person in ((3, "P1"), (4, "P2")):
        seen = [{"date": march(2), "event_id": "E", "profile_id": one} for one in (person, "P3")]
        shop.pull("events", day, [seen[0], {**seen[1], "event_id": "F"}], window(2, 2))
    home.build(models=MODELS)
    with home.reading() as built:
        # What was sent is what was received or bounced. Who clicked in two ways is not counted, and
        # neither is what a text message brought.
        happened = (11, 8, 0, 9, None, 3, 1, 2, D("39.80"))
        assert shop.rows(built, FACT, HAPPENED, day_meaning="happened") == [happened]
        # An account without a shop has no orders, rather than 0.
        unknown = (0, 0, 0, 4, 3, 0, 0, None, None)
        assert none.rows(built, FACT, HAPPENED, day_meaning="happened") == [unknown]
        columns = "message_id, date_day, sent, opens, unique_opens, revenue, human_opens"
        assert shop.rows(built, FACT, columns, day_meaning="sent") == [
            ("X", march(1), 10, 6, 3, D("19.90"), None),
            ("X", march(2), 10, 5, 3, D("19.90"), None),
            ("Y", march(2), 10, 1, 3, D("19.90"), None),
        ]
        # An event that stands under another profile later: the two were merged.
        merged = "member_id, present_member_id, date_day"
        found = shop.rows(built, "build.stg_klaviyo__merged_profiles", merged)
        assert found == [("P1", "P2", march(2))]
        columns = "message_id, channel, status, audience_name, sent_at is null, is_deleted"
        assert shop.rows(built, "dim_email_messages", columns, is_inferred="false") == [
            ("T", "sms", "SENT", "Engaged", False, False),
            ("X", "email", "SENT", "Engaged", False, False),
            ("Z", "email", "DELETED", "Newsletter", True, True),
        ]
