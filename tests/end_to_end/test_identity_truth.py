"""People are those of the simulated business: how many pairs of records are rightly joined."""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import Any

import pytest

from orchestration.workspace import open_workspace
from tests.end_to_end.conftest import Releases, each_release

Pair = tuple[str, str]

# What is stated in docs/customers.md.
LEAST_PRECISION, LEAST_RECALL = 0.97, 0.93


def _pairs(people: dict[str, str]) -> set[Pair]:
    """The pairs of records of one person; from records to people."""
    records: dict[str, list[str]] = defaultdict(list)
    for record, person in people.items():
        records[person].append(record)
    return {pair for some in records.values() for pair in combinations(sorted(some), 2)}


def _keys(row: dict[str, Any], token: Any) -> Iterable[str]:
    """The keys that the record of a row of the truth may have."""
    address = row["email"].strip().casefold()
    ids = [row["record_id"]]
    if row["platform"] == "mailchimp":
        ids = [token(hashlib.md5(address.encode()).hexdigest())]
    if row["platform"] == "woocommerce":
        # Who buys without an account is known by the address alone.
        ids.append(token(address))
    if row["platform"] == "events":
        ids = [token(row["record_id"])]
    for id_ in ids:
        natural = (row["organization_id"], row["platform"], row["account_id"], id_)
        yield hashlib.md5("|".join(natural).encode()).hexdigest()


def _truth(releases: Releases, index: int, held: Iterable[str]) -> dict[str, str]:
    """The person of each record that was published, by its key."""
    home = next(path for path in releases.files[index].parents if path.name == "home")
    known, found = set(held), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIBUTARY_HOME", str(home))
        patch.setenv("TRIBUTARY_KEY_FILE", str(home.with_name("key")))
        registry = open_workspace().registry
        for row in releases.truth("person", index):
            secret = registry.hmac_key(row["organization_id"])

            def token(value: str, secret: bytes = secret) -> str:
                return hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()

            person = f"{row['organization_id']} {row['person']}"
            found.update({key: person for key in _keys(row, token) if key in known})
    return found


@each_release
def test_people_are_those_of_the_business(releases: Releases, index: int) -> None:
    with releases.open(index) as release:
        ours = dict(
            release.execute("select record_key, person_key from dim_customer_records").fetchall()
        )
        platforms = dict(
            release.execute("select record_key, platform from dim_customer_records").fetchall()
        )
        people = release.execute(
            "select count(*), sum(records) from dim_persons where not is_unknown"
        ).fetchone()
    truth = _truth(releases, index, ours)
    # Whoever a source has is in the truth: nothing is left out of the comparison.
    missing = [platforms[key] for key in ours.keys() - truth.keys()]
    assert missing == []
    assert people == (len(set(ours.values())), len(ours))
    expected, joined = _pairs(truth), _pairs(ours)
    right = expected & joined
    assert len(right) > 30
    precision, recall = len(right) / len(joined), len(right) / len(expected)
    assert (precision >= LEAST_PRECISION, recall >= LEAST_RECALL) == (True, True), (
        f"{len(right)} of {len(joined)} joined pairs are right, of {len(expected)}"
    )
    # What was joined wrongly shares a number; who was not found gave another address.
    with releases.open(index) as release:
        kinds = release.execute(
            "select record_key, linked_record_key, identifier_kind from fact_identity_links "
            "where linked_record_key is not null"
        ).fetchall()
    wrong = {kind for one, other, kind in kinds if tuple(sorted((one, other))) not in expected}
    assert wrong <= {"phone"}
