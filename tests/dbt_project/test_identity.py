"""Who is one person: generated records against a search by hand, and what goes wrong elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from built_home import BuildFailed, DbtHome, differences, named_in, twin_of
from commerce_rows import line, shop_order
from companies import MAIL, SALES, SHOP, Company
from fixture_lake import FixtureLake
from generated import gathered
from hypothesis import strategies as st
from scenarios import at, march, window

MODELS = [
    *named_in(__file__),
    *("dim_customer_records", "dim_persons", "dim_customers", "fact_identity_links", "fact_leads"),
]
LIMIT = 10
_SEED = "build.main.identity_overrides"


@dataclass(frozen=True)
class Record:
    """A generated record; `day` is when it was seen first."""

    platform: str
    day: int
    email: str | None
    phone: str | None


_RECORDS = st.lists(
    st.builds(
        Record,
        st.sampled_from([SHOP, MAIL]),
        st.integers(1, 6),
        st.sampled_from([None, "a", "a", "a", "b", "c", "d"]),
        st.sampled_from([None, None, "1", "2", "3"]),
    ),
    min_size=1,
    max_size=24,
)


def land(company: Company, records: Iterable[tuple[str, Record]]) -> None:
    """Lands records, each in a sync of its own."""
    for id_, one in records:
        said = {"phone": one.phone}
        if one.platform == SHOP:
            company.customers((id_, one.day, one.email), **said)
        else:
            company.profiles((id_, one.day, one.email), **said)


def people_by_hand(company: Company, records: Sequence[tuple[str, Record]]) -> dict[str, str]:
    """The person of each record: whatever is reached over identifiers that few enough have."""
    sharing: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, (_, one) in enumerate(records):
        for kind, value in (("email", one.email), ("phone", one.phone)):
            if value:
                sharing[kind, value].append(number)
    keys = [company.key(one.platform, id_) for id_, one in records]
    found = {}
    for number in range(len(records)):
        reached, due = {number}, [number]
        while due:
            here = due.pop()
            for some in sharing.values():
                if here in some and len(some) <= LIMIT:
                    due += set(some) - reached
                    reached |= set(some)
        found[keys[number]] = min((records[n][1].day, keys[n]) for n in reached)[1]
    return found


@pytest.mark.long
def test_people_of_generated_records_do_not_depend_on_their_order(
    tmp_path: Path, is_long: bool
) -> None:
    (tmp_path / "home").mkdir()
    lake, home = FixtureLake(tmp_path / "home"), DbtHome(tmp_path / "home")
    twin = twin_of(home, tmp_path / "twin")
    examples = gathered(_RECORDS, 60 if is_long else 12)
    examples.append([Record(SHOP, n % 3 + 1, "a", str(n % 4)) for n in range(LIMIT + 2)])
    pairs = []
    for number, example in enumerate(examples):
        numbered = [(f"{place}", one) for place, one in enumerate(example)]
        forth, back = (Company(lake, f"{way}_{number}") for way in ("forth", "back"))
        pairs.append((numbered, forth, back))
    for part in (0, 1):
        for numbered, forth, back in pairs:
            half = len(numbered) // 2
            land(forth, numbered[:half] if part == 0 else numbered[half:])
            turned = numbered[::-1]
            land(back, turned[: half // 2] if part == 0 else turned[half // 2 :])
        home.build(models=MODELS)
    sizes = set()
    with home.reading() as built:
        for numbered, *companies in pairs:
            for company in companies:
                by_hand = people_by_hand(company, numbered)
                assert company.people(built) == by_hand, numbered
                sizes.add(max(list(by_hand.values()).count(one) for one in by_hand.values()))
        shared = built("select count(*) from fact_identity_links where ignored_reason = 'shared'")
    assert len(sizes) > 2
    assert shared > [(LIMIT,)]
    twin.build("--full-refresh", models=MODELS)
    assert differences(home, twin) == {}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> FixtureLake:
    """A lake of companies, one for each story."""
    path = tmp_path_factory.mktemp("stories") / "home"
    path.mkdir()
    lake = FixtureLake(path)
    lake.pull_rates(at(20), window(1, 19), {march(day): {"USD": "1.1"} for day in range(1, 20)})
    return lake


@pytest.fixture(scope="module")
def home(lake: FixtureLake) -> DbtHome:
    """The lake's stories, built."""
    touched(Company(lake, "touched"))
    archived(Company(lake, "archived"))
    merged(Company(lake, "merged"))
    for name in ("one", "other"):
        Company(lake, name).customers(("1", 3, "same@everywhere"))
    shared(Company(lake, "shared"))
    consenting(Company(lake, "consenting"))
    deciding = Company(lake, "deciding")
    deciding.customers(("mother", 2, "family"), ("son", 3, "family"), ("son 2", 5, None))
    deciding.profiles(("m", 4, "family"), ("office", 4, "office"), ("desk", 5, "office"))
    home = DbtHome(lake.home)
    home.build(models=MODELS)
    return home


def touched(company: Company) -> None:
    """A lead came by an ad; later it bought as a guest of two shops, by search at last."""
    company.customers(("late", 9, "ada"), ("early", 6, "ada"))
    company.customers(("stranger", 7, "eve"), ("new", 8, "eve"))
    company.contacts(("lead", 3, "ada"), source="PAID_SEARCH")
    company.profiles(("reader", 12, "ada"))
    letter = {"utm_source": "newsletter", "utm_medium": "email", "customer_order_index": 1}
    rows = [
        shop_order(1, at(10), [line(11, "10")], customer="late", customer_order_index=1),
        shop_order(2, at(7), [line(21, "20")], customer="early", **letter),
        # The shop counts orders of it that were never pulled.
        shop_order(3, at(8), [line(31, "5")], customer="stranger", customer_order_index=4),
        shop_order(4, at(9), [line(41, "6")], customer="new", **letter),
    ]
    company.lake.pull(
        company.accounts[SHOP], "orders", at(20), rows, (march(1), march(20)), kind="changes"
    )


def archived(company: Company) -> None:
    """A contact that is in the bin, and a customer that its shop deleted."""
    company.contacts(("gone", 2, "ada"), is_archived=True)
    company.customers(("there", 5, "ada"))
    company.contacts(("alone", 3, "eve"), is_archived=True)


def merged(company: Company) -> None:
    """The system for sales reports that three contacts are one; they share nothing else."""
    company.contacts(("10", 1, "a"), ("11", 2, "b"), merged_ids=None)
    company.contacts(("12", 3, "c"), merged_ids='["10", "11"]')
    company.customers(("bought", 8, "a"))


def shared(company: Company) -> None:
    """An address that as many have as may, and one that one more has."""
    fits = [(f"fits {n}", 2, "ten") for n in range(LIMIT)]
    company.customers(*fits, *((f"over {n}", 2, "eleven") for n in range(LIMIT + 1)))


def consenting(company: Company) -> None:
    """Who unsubscribed from mail is still subscribed in the shop."""
    company.customers(("1", 2, "ada"), ("2", 3, "eve"))
    company.profiles(("1", 4, "ada"), email_consent="UNSUBSCRIBED")
    company.profiles(("2", 4, "eve"), email_consent="SUBSCRIBED")


def test_first_touch_is_not_lost_at_a_merge(home: DbtHome, lake: FixtureLake) -> None:
    company = Company(lake, "touched")
    firsts = "person_key, records, customer_records, platforms, first_seen_at, first_seen_as"
    touches = "first_touch_channel, first_touch_at, acquisition_channel, first_order_at, orders"
    with home.reading() as built:
        assert company.person(built, firsts, shopify="late") == (
            company.key(SALES, "lead"), 4, 2, "hubspot, klaviyo, shopify", at(3), "contact"
        )  # fmt: skip
        ((lead,),) = built("select channel from fact_leads where organization_id = 'touched'")
        assert company.person(built, touches, klaviyo="reader") == (
            lead, at(3), "email", at(7), 2
        )  # fmt: skip
        assert lead == "paid_other"
        # Of whom it is not known what it first bought, a later first order is not that.
        assert company.person(built, touches, shopify="new") == (
            "unattributed", at(8, 0), "unattributed", None, 2
        )  # fmt: skip
        new = built("select count(*) from dim_customers where first_order_at is not null")
        assert new == [(3,)]


def test_archived_contacts_do_not_vanish(home: DbtHome, lake: FixtureLake) -> None:
    company = Company(lake, "archived")
    with home.reading() as built:
        assert company.person(built, "person_key, records, is_deleted", shopify="there") == (
            company.key(SALES, "gone"), 2, False
        )  # fmt: skip
        assert company.person(built, "records, is_deleted", hubspot="alone") == (1, True)


def test_records_that_a_platform_merged_are_one_person(home: DbtHome, lake: FixtureLake) -> None:
    company = Company(lake, "merged")
    with home.reading() as built:
        assert set(company.people(built).values()) == {company.key(SALES, "10")}
        found = built(
            "select identifier_kind, record_key, linked_record_key, linked_at "
            "from fact_identity_links where organization_id = 'merged' "
            "and linked_record_key is not null order by all"
        )
    ten, eleven, twelve = (company.key(SALES, id_) for id_ in ("10", "11", "12"))
    bought = company.key(SHOP, "bought")
    # Each is joined with the earliest of those that are one.
    merges = [("merge", eleven, ten, at(2)), ("merge", twelve, ten, at(3))]
    assert found == [("email", bought, ten, at(8)), *sorted(merges)]


def test_no_identifier_joins_two_organizations(home: DbtHome) -> None:
    with home.reading() as built:
        found = built(
            "select count(distinct person_key), count(distinct record_key) from "
            "dim_customer_records where organization_id in ('one', 'other')"
        )
        crossed = built(
            "select count(*) from dim_customer_records as records inner join dim_persons as people "
            "using (person_key) where records.organization_id <> people.organization_id"
        )
        shared = built(
            "select count(*) from fact_identity_links where organization_id in ('one', 'other')"
        )
    assert found == [(2, 2)]
    assert crossed == shared == [(0,)]


def test_an_identifier_of_too_many_joins_nobody(home: DbtHome) -> None:
    with home.reading() as built:
        sizes = built("select records from dim_persons where organization_id = 'shared' order by 1")
        listed = built(
            "select records, ignored_reason, count(*), count(linked_record_key) "
            "from fact_identity_links where organization_id = 'shared' group by 1, 2 order by 1"
        )
    assert sizes == [(1,)] * (LIMIT + 1) + [(LIMIT,)]
    assert listed == [(10, None, 10, 9), (11, "shared", 11, 0)]


def test_who_unsubscribed_anywhere_is_unsubscribed(home: DbtHome, lake: FixtureLake) -> None:
    company = Company(lake, "consenting")
    with home.reading() as built:
        for id_, expected in (("1", "unsubscribed"), ("2", "subscribed")):
            assert company.person(built, "marketing_consent", shopify=id_) == (expected,)


def test_persons_add_up(home: DbtHome) -> None:
    home.invoke("test", "--select", *MODELS)
    assert home.outcome("persons_add_up_to_their_customers") == ("pass", 0)
    assert home.query("select sum(orders) from dim_persons") == [(4,)]


def test_decisions_undo_and_make_merges(home: DbtHome, lake: FixtureLake) -> None:
    company = Company(lake, "deciding")
    mother, son, second = (company.key(SHOP, id_) for id_ in ("mother", "son", "son 2"))
    letters, office, desk = (company.key(MAIL, id_) for id_ in ("m", "office", "desk"))
    with home.reading() as built:
        before = company.people(built)
        ((address,),) = built(
            f"select identifier_key from fact_identity_links where record_key = '{office}'"
        )
    assert [before[one] for one in (mother, son, letters)] == [mother] * 3
    assert [before[one] for one in (office, desk, second)] == [office, office, second]
    decisions = (
        f"'not_same' as override_kind, '{son}' as record_key, '{mother}' as other_record_key",
        f"'same' as override_kind, '{second}' as record_key, '{son}' as other_record_key",
        f"'ignore' as override_kind, '{address}' as identifier_key",
    )
    for number, decision in enumerate(decisions):
        home.execute(
            f"insert into {_SEED} by name select {number} as override_number, "
            f"'deciding' as organization_id, 'seen' as reason, {decision}"
        )
    home.build("--full-refresh", models=MODELS)
    with home.reading() as built:
        after = company.people(built)
        reasons = built(
            "select record_key, ignored_reason from fact_identity_links "
            "where organization_id = 'deciding' and ignored_reason is not null order by 1"
        )
        elsewhere = Company(lake, "merged").people(built)
    assert [after[one] for one in (mother, son, letters, second)] == [mother, son, mother, son]
    assert [after[one] for one in (office, desk)] == [office, desk]
    assert reasons == sorted([(son, "apart"), (office, "override"), (desk, "override")])
    assert len(set(elsewhere.values())) == 1
    assert home.outcome("identity_overrides_hold") == ("pass", 0)
    # A decision that contradicts another is reported.
    home.execute(
        f"insert into {_SEED} by name select 9 as override_number, 'deciding' as organization_id, "
        f"'same' as override_kind, '{mother}' as record_key, '{son}' as other_record_key"
    )
    home.build("--full-refresh", models=MODELS)
    with pytest.raises(BuildFailed, match="Got 1 result"):
        home.outcome("identity_overrides_hold")
