"""The mail of the business: who gets it, what comes of it, which orders of the shop it brings."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.mail import MailBook
from connectors.sandbox.business.mail_entities import MailSystem, Message, Send
from connectors.sandbox.business.mail_events import MailEvents, between
from connectors.sandbox.business.shop_entities import NEVER
from connectors.sandbox.service import services
from connectors.sandbox.truth.mail import levels_of
from connectors.sandbox.truth.question import Question, Row

SYSTEM = MailSystem(
    platform="letters",
    organizations=("kiwi_kitchen",),
    account_id=lambda one: f"letters-{one.number}",
    ids=lambda kind, number: f"{kind}-{number}",
)
END = datetime(2026, 11, 15, 6, tzinfo=UTC)
ADDITIVE = ("sent", "delivered", "opens", "human_opens", "machine_opens", "clicks", "unsubscribes",
            "hard_bounces", "soft_bounces", "complaints", "orders", "caused_orders", "revenue",
            "caused_revenue", "spent")  # fmt: skip


def made(system: MailSystem = SYSTEM, parameters: Parameters | None = None) -> Business:
    networks = [one.network for one in services() if one.network is not None]
    return Business(parameters or Parameters(), networks, [system])


@pytest.fixture(scope="module")
def with_mail() -> Business:
    return made()


@pytest.fixture(scope="module")
def mail(with_mail: Business) -> MailBook:
    (book,) = with_mail.mail(SYSTEM)
    return book


def messages(book: MailBook) -> list[Message]:
    return [*book.messages.newsletters, *book.messages.flows]


def mails(book: MailBook) -> list[Send]:
    return [send for message in messages(book) for send in book.sends(message)]


def truth(business: Business, level: str, clock: datetime) -> list[Row]:
    return list(levels_of(SYSTEM)[level](business, Question(level, clock)))


def test_each_order_that_came_by_mail_has_the_mail_that_brought_it(mail: MailBook) -> None:
    by_mail = {
        order.row: order
        for offset in range(mail.book.days)
        for order in mail.book.day(offset)
        if order.visit is not None and order.visit.source == "email"
        if order.customer >= 0 and not order.test
    }
    caused = [(send, claim) for send in mails(mail) for claim in send.claims if claim.is_caused]
    assert len(by_mail) > 200
    assert Counter(claim.row for _, claim in caused) == Counter(by_mail.keys())
    for send, claim in caused:
        visit = by_mail[claim.row].visit
        assert visit is not None
        assert send.at < visit.at <= claim.at
        assert any((one.at, one.url) == (visit.at, visit.landing_page) for one in send.clicks)
        assert "utm_source=letters&utm_medium=email" in visit.landing_page
        assert send.member.customer == by_mail[claim.row].customer


def test_the_platform_claims_orders_that_no_mail_brought(mail: MailBook) -> None:
    claims = [(send, claim) for send in mails(mail) for claim in send.claims]
    more = [(send, claim) for send, claim in claims if not claim.is_caused]
    assert len({claim.row for _, claim in claims}) == len(claims)
    assert 40 < len(more) < len(claims) / 2
    for send, claim in more:
        touched = [one.at for one in (*send.openings, *send.clicks) if one.at <= claim.at]
        assert claim.at - max(touched) < SYSTEM.claim_days * 86_400


def test_nobody_gets_mail_before_asking_for_it_nor_after_leaving(mail: MailBook) -> None:
    for send in mails(mail):
        member = send.member
        assert member.joined < member.confirmed < send.at < member.left
        assert send.message.audience in member.audiences
        happened = [one.at for one in (*send.openings, *send.clicks, *send.claims)]
        assert all(at > send.at for at in happened)
        assert send.bounce is None or not happened
    assert {one.reason for one in mail.members if one.left < NEVER} == {"unsubscribed", "bounced"}
    assert any(one.confirmed == NEVER for one in mail.members)


def test_a_newsletter_goes_to_all_of_its_audience_at_once(mail: MailBook) -> None:
    everybody = mail.messages.audiences[0]
    for letter in mail.messages.newsletters:
        if letter.sent == NEVER:
            assert mail.sends(letter) == ()
            continue
        sent = {send.member.number for send in mail.sends(letter)}
        assert {send.at for send in mail.sends(letter)} == {letter.sent}
        if letter.audience is everybody:
            asked = {one.number for one in mail.members if one.confirmed < letter.sent < one.left}
            assert sent == asked


def test_every_status_and_every_flow_is_there(mail: MailBook) -> None:
    clock = int(END.timestamp())
    statuses = Counter(one.status(clock) for one in mail.messages.newsletters)
    assert set(statuses) == {"sent", "scheduled", "cancelled", "draft"}
    assert all(mail.sends(one) for one in mail.messages.flows)
    assert len([one for one in mail.messages.newsletters if one.removed < clock]) == 1
    assert len([one for one in mail.messages.newsletters if len(one.name.changes) > 1]) == 1


def test_the_days_of_a_message_add_up_to_the_message(with_mail: Business) -> None:
    for clock in (END, END - timedelta(days=20, hours=5)):
        sums: dict[str, Counter[str]] = {}
        for row in truth(with_mail, "mail_message_day", clock):
            added = sums.setdefault(row["message_id"], Counter())
            for name in ADDITIVE:
                added[name] += Decimal(row[name])  # type: ignore[assignment]
        found = truth(with_mail, "mail_message", clock)
        assert len(found) > 20
        for row in found:
            assert {name: Decimal(row[name]) for name in ADDITIVE} == {
                name: Decimal(sums.get(row["message_id"], Counter())[name]) for name in ADDITIVE
            }


def test_the_truth_counts_what_happened(with_mail: Business, mail: MailBook) -> None:
    latest = datetime(2028, 1, 1, tzinfo=UTC)
    rows = truth(with_mail, "mail_message_day", latest)
    counted = Counter({name: sum(Decimal(row[name]) for row in rows) for name in ADDITIVE})
    found = mails(mail)
    claims = [claim for send in found for claim in send.claims]
    cents = sum(claim.revenue_cents for claim in claims)
    assert counted["sent"] == len(found)
    assert counted["unsubscribes"] == sum(send.unsubscribed < NEVER for send in found) > 0
    assert counted["complaints"] == sum(send.complained < NEVER for send in found) > 0
    assert counted["hard_bounces"] == sum(send.bounce == "hard" for send in found) > 0
    assert counted["soft_bounces"] == sum(send.bounce == "soft" for send in found) > 0
    machines = sum(one.is_machine for send in found for one in send.openings)
    assert (counted["machine_opens"], counted["clicks"]) == (
        machines,
        sum(len(send.clicks) for send in found),
    )
    assert (counted["orders"], counted["revenue"]) == (len(claims), Decimal(cents) / 100)
    assert counted["spent"] > counted["revenue"] > counted["caused_revenue"] > 0


def test_the_truth_is_as_of_the_clock(with_mail: Business, mail: MailBook) -> None:
    letter = next(one for one in mail.messages.newsletters if one.sent < NEVER)
    before = datetime.fromtimestamp(letter.sent - 1, UTC)
    (unsent,) = [
        row for row in truth(with_mail, "mail_message", before) if row["message_id"] == letter.id
    ]
    assert (unsent["sent"], unsent["status"], unsent["date"]) == (0, "scheduled", None)
    at = before + timedelta(seconds=1)
    (sent,) = [
        row for row in truth(with_mail, "mail_message", at) if row["message_id"] == letter.id
    ]
    assert sent["sent"] == sent["delivered"] == len(mail.sends(letter))
    assert (sent["opens"], sent["status"]) == (0, "sent")
    local = at.astimezone(ZoneInfo(mail.book.shop.time_zone))
    assert (sent["date"], local.hour) == (str(local.date()), 9)


def test_the_same_seed_gives_the_same_mail(mail: MailBook) -> None:
    (again,) = made().mail(SYSTEM)
    assert mails(again) == mails(mail)
    (other,) = made(parameters=Parameters(seed=8)).mail(SYSTEM)
    assert mails(other) != mails(mail)


def test_what_claims_by_clicks_alone_claims_less(mail: MailBook) -> None:
    strict = MailSystem(
        platform=SYSTEM.platform,
        organizations=SYSTEM.organizations,
        account_id=SYSTEM.account_id,
        ids=SYSTEM.ids,
        claims_opens=False,
    )
    (book,) = made(strict).mail(strict)
    claims = Counter(claim.is_caused for send in mails(book) for claim in send.claims)
    usual = Counter(claim.is_caused for send in mails(mail) for claim in send.claims)
    assert claims[True] == usual[True]
    assert claims[False] < usual[False]


@pytest.mark.parametrize("days", [1, 20])
def test_a_short_business_has_mail_too(days: int) -> None:
    (book,) = made(parameters=Parameters(days=days)).mail(SYSTEM)
    assert mails(book)


def test_events_are_those_of_the_mails_and_all_other_orders_of_known_customers(
    mail: MailBook,
) -> None:
    events = MailEvents(mail)
    counted, sends = Counter(one.kind for one in events.all), mails(mail)
    assert counted["received"] + counted["bounced"] == len(sends)
    assert counted["opened"] == sum(len(one.openings) for one in sends)
    assert counted["unsubscribed"] == sum(one.unsubscribed < NEVER for one in sends)
    assert [one.at for one in events.all] == sorted(one.at for one in events.all)
    orders = events.of_kind["ordered"]
    credited = [one for one in orders if one.message is not None]
    assert len(credited) == sum(len(one.claims) for one in sends)
    known = [
        order
        for offset in range(mail.book.days)
        for order in mail.book.day(offset)
        if order.customer >= 0 and not order.test
    ]
    assert sorted(one.order for one in orders) == sorted(str(one.id) for one in known)
    last = events.all[-1]
    assert events.last_of(last.person, last.at) == last.at
    assert events.last_of(last.person, 0) is None
    assert between(events.all, last.at, last.at + 1)[-1] == last
    assert last not in between(events.all, 0, last.at)
