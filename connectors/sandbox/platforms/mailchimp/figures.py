"""What a campaign came to as of a clock, counted from its mails for the wire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.sandbox.business.mail_entities import HARD, SOFT, Send


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts to date; instants are 0 where nothing has happened."""

    sent: int
    hard: int
    soft: int
    opens: int
    openers: int
    read: int
    readers: int
    last_open: int
    clicks: int
    links_clicked: int
    clickers: int
    last_click: int
    unsubscribed: int
    complained: int
    orders: int
    total_cents: int
    revenue_cents: int


def figures(sends: Iterable[Send], clock: int) -> Figures:
    """Adds up what came of mails by a clock."""
    sent = [one for one in sends if one.at <= clock]
    opens = [(one, each) for one in sent for each in one.openings if each.at <= clock]
    read = [(one, each) for one, each in opens if not each.is_machine]
    clicks = [(one, each) for one in sent for each in one.clicks if each.at <= clock]
    claims = [each for one in sent for each in one.claims if each.at <= clock]
    bounced = [one.bounce for one in sent if one.bounced <= clock]
    return Figures(
        sent=len(sent),
        hard=bounced.count(HARD),
        soft=bounced.count(SOFT),
        opens=len(opens),
        openers=len({one.member.number for one, _ in opens}),
        read=len(read),
        readers=len({one.member.number for one, _ in read}),
        last_open=max((each.at for _, each in opens), default=0),
        clicks=len(clicks),
        links_clicked=len({(one.member.number, each.url) for one, each in clicks}),
        clickers=len({one.member.number for one, _ in clicks}),
        last_click=max((each.at for _, each in clicks), default=0),
        unsubscribed=sum(one.unsubscribed <= clock for one in sent),
        complained=sum(one.complained <= clock for one in sent),
        orders=len(claims),
        total_cents=sum(one.total_cents for one in claims),
        revenue_cents=sum(one.revenue_cents for one in claims),
    )
