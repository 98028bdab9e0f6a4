"""What may be sold: deals that close weeks after somebody came, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from connectors.sandbox.business.crm_entities import (
    IMPORT,
    LOST,
    SHOP,
    WON,
    Deal,
    Owner,
    Person,
    Pipeline,
    Stage,
)
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.shop_entities import NEVER, Shop

DAY = 86_400
SALES = Pipeline(
    1,
    "Sales",
    (
        Stage(1, "First meeting", 0, 200),
        Stage(2, "Qualified", 1, 400),
        Stage(3, "Tasting", 2, 600),
        Stage(4, "Offer", 3, 900),
        Stage(5, "Won", 4, 1_000, WON),
        Stage(6, "Lost", 5, 0, LOST),
    ),
)
RENEWALS = Pipeline(
    2,
    "Renewals",
    (
        Stage(7, "Due", 0, 500),
        Stage(8, "Offer", 1, 800),
        Stage(9, "Renewed", 2, 1_000, WON),
        Stage(10, "Not renewed", 3, 0, LOST),
    ),
)
PIPELINES = (SALES, RENEWALS)
_DEAL_PART, _WON_PART = 0.42, 0.55
_BACK_ONE_OF, _ARCHIVED_ONE_OF, _ABROAD_ONE_OF = 4, 23, 5
_ABROAD = "GBP"
_OWNERS = (("Mira", "Sen"), ("Tom", "Hale"), ("Uma", "Rao"), ("Vic", "Stone"), ("Wes", "Kumar"))


def owners_of(parameters: Parameters, shop: Shop) -> tuple[Owner, ...]:
    """Returns who looks after deals; the last one leaves half way."""
    left = datetime.combine(parameters.day_at(0.5), datetime.min.time(), UTC)
    host = shop.organization.site.rpartition("www.")[2]
    return tuple(
        Owner(
            number,
            first,
            last,
            f"{first}.{last}@{host}".lower(),
            int(left.timestamp()) if number == len(_OWNERS) - 1 else NEVER,
        )
        for number, (first, last) in enumerate(_OWNERS)
    )


def deals_of(
    parameters: Parameters, shop: Shop, people: Sequence[Person], owners: Sequence[Owner]
) -> tuple[Deal, ...]:
    """Returns all deals, by when they were made."""
    drafts = sorted(_drafts(parameters, shop, people), key=lambda one: (one[0], one[2].number))
    return tuple(
        _deal(parameters, shop, number, draft, people, owners)
        for number, draft in enumerate(drafts)
    )


_Draft = tuple[int, Pipeline, Person]


def _drafts(parameters: Parameters, shop: Shop, people: Sequence[Person]) -> Iterator[_Draft]:
    for one in people:
        random = Random(f"{parameters.seed} opportunity {shop.number} {one.number}")
        if one.origin.kind in (SHOP, IMPORT) or random.random() > _DEAL_PART:
            continue
        at = one.created + random.randrange(DAY, 5 * DAY)
        yield at, SALES, one
        if random.random() < 0.2:
            yield at + random.randrange(50 * DAY, 70 * DAY), RENEWALS, one


def _deal(
    parameters: Parameters,
    shop: Shop,
    number: int,
    draft: _Draft,
    people: Sequence[Person],
    owners: Sequence[Owner],
) -> Deal:
    created, pipeline, person = draft
    random = Random(f"{parameters.seed} deal {shop.number} {number}")
    moves = _moves(random, pipeline, created, goes_back=number % _BACK_ONE_OF == 3)
    currency, units = shop.currency, shop.units_per_eur
    if number % _ABROAD_ONE_OF == 2:
        currency, units = _ABROAD, 0.84
    cents = int(random.lognormvariate(7.2, 0.6) * units) * 100
    last = max(at for at, _ in moves)
    middle = created + (last - created) // 2
    amounts = [(created, cents)]
    if random.random() < 0.5:
        amounts.append((middle, cents * random.choice((80, 90, 115, 130)) // 100))
    planned = _day(created) + timedelta(days=30)
    closings = [(created, planned)]
    if random.random() < 0.3:
        closings.append((middle, planned + timedelta(days=21)))
    if moves[-1][1].outcome in (WON, LOST):
        closings.append((last, _day(last)))
    archived = last + DAY if number % _ARCHIVED_ONE_OF == 7 else NEVER
    product = shop.organization.products[number % len(shop.organization.products)]
    return Deal(
        number=number,
        name=f"{product} for {'a team' if person.company < 0 else f'company {person.company}'}",
        pipeline=pipeline,
        company=person.company,
        people=_buyers(person, people),
        created=created,
        moves=tuple(moves),
        amounts=tuple(amounts),
        closings=tuple(closings),
        owners=_looked_after(owners, number, created),
        currency=currency,
        archived=archived,
    )


def _moves(
    random: Random, pipeline: Pipeline, created: int, *, goes_back: bool
) -> list[tuple[int, Stage]]:
    *open_, won, lost = pipeline.stages
    is_won = random.random() < _WON_PART
    # Who is lost is lost somewhere on the way.
    path = open_ if is_won else open_[: random.randrange(1, len(open_) + 1)]
    if goes_back and len(path) > 2:
        path = [*path[:3], path[1], *path[2:]]
    at, moves = created, []
    for stage in [*path, won if is_won else lost]:
        moves.append((at, stage))
        at += random.randrange(2 * DAY, 9 * DAY)
    return moves


def _buyers(person: Person, people: Sequence[Person]) -> tuple[int, ...]:
    """Returns who buys, with a colleague where one was known before."""
    before = person.number - 1
    is_colleague = before >= 0 and person.company >= 0 and people[before].company == person.company
    return (before, person.number) if is_colleague else (person.number,)


def _looked_after(
    owners: Sequence[Owner], number: int, created: int
) -> tuple[tuple[int, int], ...]:
    owner, other = owners[number % len(owners)], owners[0]
    if owner.left <= created:
        return ((created, other.number),)
    if owner.left < NEVER:
        return ((created, owner.number), (owner.left, other.number))
    return ((created, owner.number),)


def _day(at: int) -> date:
    return datetime.fromtimestamp(at, UTC).date()
