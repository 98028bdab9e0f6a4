"""The mail of an organization: one door to its audiences, members, messages and mails.

Everything that will ever happen is drawn once; who asks as of a clock takes what lies before it.
The orders that mails bring are those of the shop whose last visit came from a mail: each has the
mail that brought it. A platform claims these, and orders of its readers that came otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from zoneinfo import ZoneInfo

from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.mail_entities import (
    BOUNCED,
    HARD,
    UNSUBSCRIBED,
    Claim,
    MailSystem,
    Member,
    Message,
    Send,
)
from connectors.sandbox.business.mail_messages import DAY, messages_of
from connectors.sandbox.business.mail_plans import Due, Plan, came_by_mail, plans
from connectors.sandbox.business.mail_reactions import Reactions, Reader, claim_of, reactions
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_entities import NEVER, Order

_PROXY_PART, _GONE_PART = 0.4, 0.03

_Drawn = list[tuple[Due, Reactions]]


class MailBook:
    """The mail of one organization.

    Attributes:
        system: What it mails with.
        account_id: Its account there.
        book: The shop whose goods it writes of; its currency and zone are the account's.
        messages: Newsletters and the mails of flows.
    """

    def __init__(self, parameters: Parameters, system: MailSystem, book: ShopBook) -> None:
        self.system, self.book = system, book
        self.account_id = system.account_id(book.shop.organization)
        self.messages = messages_of(parameters, system, ZoneInfo(book.shop.time_zone))
        self._seed = parameters.seed

    @property
    def account(self) -> Account:
        """The account on the platform: it has the shop's currency and zone."""
        shop = self.book.shop
        owner, platform = shop.organization, self.system.platform
        places = (shop.currency, shop.time_zone, shop.units_per_eur)
        return Account(self.account_id, shop.number, owner, shop.name, *places, platform)

    @property
    def members(self) -> tuple[Member, ...]:
        """Everybody who ever gets mail."""
        return self._drawn[0]

    def sends(self, message: Message) -> tuple[Send, ...]:
        """Returns the mails of a message, by their instants and members."""
        return self._drawn[1].get(message.number, ())

    @cached_property
    def _drawn(self) -> tuple[tuple[Member, ...], dict[int, tuple[Send, ...]]]:
        members, sends = [], defaultdict(list)
        for number, plan in enumerate(plans(self._seed, self.book, self.messages)):
            reader = _reader(plan)
            drawn = self._reactions(plan, reader)
            member = self._member(number, plan, reader, drawn)
            members.append(member)
            claims = self._claims(plan, drawn)
            for place, (due, came) in enumerate(drawn):
                sends[due.message.number].append(_send(member, due, came, claims[place]))
        by_instant = {
            number: tuple(sorted(found, key=lambda one: (one.at, one.member.number)))
            for number, found in sends.items()
        }
        return tuple(members), by_instant

    def _reactions(self, plan: Plan, reader: Reader) -> _Drawn:
        drawn: _Drawn = []
        left, site = NEVER, self.book.shop.organization.site
        for due in plan.due:
            if due.at >= left:
                break
            came = reactions(
                plan.random,
                reader,
                due.at,
                due.brought,
                site,
                may_leave=due.at > plan.needed_until,
            )
            left = min(left, came.left)
            drawn.append((due, came))
        return drawn

    def _member(self, number: int, plan: Plan, reader: Reader, drawn: _Drawn) -> Member:
        everybody, club = self.messages.audiences
        left = min((came.left for _, came in drawn), default=NEVER)
        bounced = any(came.bounce == HARD for _, came in drawn)
        if plan.customer is None:
            email, named = f"reader.{number}@example.net", ("Robin", f"Reader {number}")
            country = self.book.shop.country
        else:
            customer = self.book.customer(plan.customer)
            named = customer.first_name, customer.last_name
            email, country = customer.email, customer.country
        return Member(
            number=number,
            id=self.system.ids("member", number),
            customer=plan.customer,
            first_name=named[0],
            last_name=named[1],
            email=email,
            country=country,
            audiences=(everybody, club) if plan.is_in_club else (everybody,),
            joined=plan.joined,
            confirmed=plan.confirmed,
            left=left,
            reason=BOUNCED if bounced else UNSUBSCRIBED,
            has_proxy=reader.has_proxy,
        )

    def _claims(self, plan: Plan, drawn: _Drawn) -> dict[int, list[Claim]]:
        """Returns the orders that the platform counts as a mail's, by the mail's position."""
        found: dict[int, list[Claim]] = defaultdict(list)
        for order in plan.orders:
            if came_by_mail(order):
                place = next(at for at, (due, _) in enumerate(drawn) if order in due.brought)
                found[place].append(claim_of(order, is_caused=True))
            else:
                seen = self._last_seen(drawn, order)
                if seen is not None:
                    found[seen].append(claim_of(order, is_caused=False))
        return found

    def _last_seen(self, drawn: _Drawn, order: Order) -> int | None:
        """Returns the position of the mail that was last opened or clicked before an order."""
        last, seen = order.created - self.system.claim_days * DAY, None
        for place, (_, came) in enumerate(drawn):
            touched = [one.at for one in came.clicks]
            if self.system.claims_opens:
                touched += [one.at for one in came.openings]
            newest = max((at for at in touched if at <= order.created), default=0)
            if newest > last:
                last, seen = newest, place
        return seen


def _reader(plan: Plan) -> Reader:
    is_gone = not plan.needed_until and plan.random.random() < _GONE_PART
    has_proxy = plan.random.random() < _PROXY_PART
    return Reader(0.12 + 0.5 * plan.random.random(), has_proxy, is_gone)


def _send(member: Member, due: Due, came: Reactions, claims: list[Claim]) -> Send:
    return Send(
        message=due.message,
        member=member,
        at=due.at,
        bounce=came.bounce,
        bounced=came.bounced,
        openings=came.openings,
        clicks=came.clicks,
        unsubscribed=came.unsubscribed,
        complained=came.complained,
        claims=tuple(claims),
    )
