from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from warehouse.apply_file import apply, parse, parse_text, plan
from warehouse.registry import Registry
from warehouse.yaml_nodes import ApplyError

PLATFORMS = {
    "google_ads": {
        "client_id": True,
        "client_secret": True,
        "refresh_token": True,
        "login_customer_id": False,
    },
    "exchange_rates": {},
}
ENVIRONMENT = {"ACME_SECRET": "s3cr3t", "ACME_TOKEN": "t0k3n", "EMPTY": ""}
GOOD = """
organizations:
  - id: acme_outdoor
    name: Acme Outdoor
    reporting_currency: USD
    time_zone: America/New_York
    fiscal_year_start_month: 4
  - id: kiwi
credentials:
  - id: acme_google
    organization: acme_outdoor
    platform: google_ads
    secrets: {client_id: "id", client_secret: "${ACME_SECRET}", refresh_token: "x${ACME_TOKEN}$$y"}
  - id: agency
    platform: google_ads
    secrets: {client_id: "id", client_secret: a, refresh_token: b, login_customer_id: }
connections:
  - organization: acme_outdoor
    platform: google_ads
    account: 0123456789
    credential: acme_google
    start_date: 2026-07-18
    sync_frequency: hourly
  - organization: kiwi
    platform: google_ads
    account: "42"
    credential: agency
"""


def test_a_file_is_applied_once_and_then_changes_nothing(registry, clock):
    declared = parse_text(GOOD, PLATFORMS, ENVIRONMENT)
    planned = plan(registry, declared)
    assert registry.organizations() == []
    done = apply(registry, declared)
    assert done == planned
    assert done.count("added") == 6
    assert registry.organization("acme_outdoor").fiscal_year_start_month == 4
    assert registry.organization("kiwi").name == "kiwi"
    assert registry.secrets("acme_google") == {
        "client_id": "id",
        "client_secret": "s3cr3t",
        "refresh_token": "xt0k3n$y",
    }
    first, second = registry.connections()
    assert (first.account_id, first.sync_frequency) == ("0123456789", "hourly")
    assert first.start_date == date(2026, 7, 18)
    assert (second.account_id, second.sync_frequency) == ("42", "daily")
    clock.move(days=10)
    audited = registry.audit_log()
    again = apply(registry, parse_text(GOOD, PLATFORMS, ENVIRONMENT))
    assert again.count("unchanged") == 6
    assert registry.audit_log() == audited
    assert registry.connections() == [first, second]


def test_a_changed_file_changes_what_it_names(registry):
    apply(registry, parse_text(GOOD, PLATFORMS, ENVIRONMENT))
    text = GOOD.replace("Acme Outdoor", "Acme Ltd").replace("hourly", "weekly")
    done = apply(registry, parse_text(text, PLATFORMS, ENVIRONMENT))
    assert [(item.kind, item.name) for item in done.items if item.change == "changed"] == [
        ("organization", "acme_outdoor"),
        ("connection", "acme_outdoor/google_ads/0123456789"),
    ]


def test_two_credentials_for_one_account_stay_one_connection(registry):
    text = GOOD + (
        "  - {organization: acme_outdoor, platform: google_ads, account: '0123456789', "
        "credential: agency}\n"
    )
    for expected in ("added", "unchanged"):
        done = apply(registry, parse_text(text, PLATFORMS, ENVIRONMENT))
        assert {item.change for item in done.items} == {expected}
        [connection, _] = registry.connections()
        assert connection.credential_id == "agency"
        assert connection.alternate_credential_ids == ("acme_google",)
        assert connection.sync_frequency == "hourly"


def test_a_removed_connection_comes_back_with_its_history(registry):
    declared = parse_text(GOOD, PLATFORMS, ENVIRONMENT)
    apply(registry, declared)
    before = registry.connections()
    registry.remove(before[0].connection_id)
    assert apply(registry, declared).count("changed") == 1
    assert registry.connections() == before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    name: Acme Outdoor", "    nmae: Acme", r"line 4: .*unknown key 'nmae'.*'name'"),
        ("organizations:", "organisations:", r"unknown key 'organisations'.*'organizations'"),
        ("reporting_currency: USD", "reporting_currency: usd", r"line 3: .*ISO 4217"),
        ("America/New_York", "America/NewYork", r"line 3: .*did you mean 'America/New_York'"),
        ("${ACME_SECRET}", "${ACME_SECRE}", r"line 13: .*ACME_SECRE is not set.*'ACME_SECRET'"),
        ("${ACME_SECRET}", "${EMPTY}", r"line 13: .*client_secret must not be empty"),
        ("${ACME_SECRET}", "${A B}", r"line 13: .*not the name of a variable"),
        ("client_secret:", "client_secrt:", r"line 13: .*'client_secrt'.*'client_secret'"),
        ('client_id: "id", client_secret: "$', 'client_secret: "$', r"'client_id' is missing"),
        ("platform: google_ads", "platform: gogle_ads", r"line 12: .*did you mean 'google_ads'"),
        ("credential: agency", "credential: agenci", r"line 24: unknown credential 'agenci'"),
        ("organization: kiwi", "organization: kiwy", r"line 24: unknown organization 'kiwy'"),
        ("start_date: 2026-07-18", "start_date: 18.7.2026", r"line 22: .*example: 2026-07-18"),
        (
            "start_date: 2026-07-18",
            "start_date: 0001-01-01",
            r"line \d+: .*start_date 0001-01-01 is not between 1999-01-01 and a year from now",
        ),
        ("start_date: 2026-07-18", "start_date: 9999-12-31", r"line \d+: .*start_date 9999-12-31"),
        ("sync_frequency: hourly", "sync_frequency: hourli", r"line 18: .*'hourly'"),
        ("fiscal_year_start_month: 4", "fiscal_year_start_month: May", r"line 7: .*example: 1"),
        ("fiscal_year_start_month: 4", "fiscal_year_start_month: 13", r"line 3: .*is 13"),
        ("- id: kiwi", "- kiwi", r"line 8: organization must be a mapping"),
        ("- id: kiwi", "- id: ../../etc", r"line 8: .*not allowed"),
        ("- id: kiwi", "- id: kiwi\n    id: b", r"line 9: .*given twice"),
        ("- id: kiwi", "- id: [kiwi]", r"line 8: .*must be a single value"),
        ("    credential: agency\n", "", r"line 24: .*'credential' is missing"),
        ("organizations:", "organizations: &a", r"aliases .* are not allowed"),
    ],
)
def test_mistakes_are_named_with_their_line_and_change_nothing(registry, old, new, message):
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    if new.endswith("&a"):
        text += "  - *a\n"
    with pytest.raises(ApplyError, match=message):
        apply(registry, parse_text(text, PLATFORMS, ENVIRONMENT))
    assert registry.organizations() == []
    assert registry.audit_log() == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        "just text",
        "- a list",
        "organizations: {id: x}",
        "connections: [",
        "a: b: c",
        "\tx: y",
        "organizations: [!!python/object/apply:os.system ['true']]",
        "--- a\n--- b\n",
        "x: \x00",
        "organizations:\n  - {? [a] : b}",
    ],
)
def test_malformed_files_give_a_clear_error(text):
    with pytest.raises(ApplyError, match=r"connections\.yaml"):
        parse_text(text, PLATFORMS, {})


def test_an_error_never_quotes_the_line_of_a_secret():
    text = 'credentials:\n  - id: a\n    secrets: {client_secret: "hunter2}\n'
    with pytest.raises(ApplyError) as raised:
        parse_text(text, PLATFORMS, {})
    assert "hunter2" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert "s3cr3t" not in repr(parse_text(GOOD, PLATFORMS, ENVIRONMENT))


def test_files_are_read_from_disk(tmp_path: Path):
    path = tmp_path / "connections.yaml"
    with pytest.raises(ApplyError, match="cannot be read: No such file"):
        parse(path, PLATFORMS, ENVIRONMENT)
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ApplyError, match="not UTF-8"):
        parse(path, PLATFORMS, ENVIRONMENT)
    path.write_text(GOOD)
    assert len(parse(path, PLATFORMS, ENVIRONMENT).connections) == 2


def test_a_credential_of_another_organization_is_refused_with_its_line(registry):
    text = GOOD.replace("credential: agency", "credential: acme_google")
    with pytest.raises(ApplyError, match=r"line 24: credential acme_google belongs to"):
        apply(registry, parse_text(text, PLATFORMS, ENVIRONMENT))


def test_a_platform_without_credentials_needs_none(registry):
    text = (
        "organizations: [{id: acme}]\n"
        "connections: [{organization: acme, platform: exchange_rates, account: ecb}]\n"
    )
    assert apply(registry, parse_text(text, PLATFORMS, {})).count("added") == 2


def test_settings_are_kept_as_texts_and_checked_at_their_line(registry: Registry) -> None:
    text = """
organizations:
  - {id: acme}
connections:
  - organization: acme
    platform: feed
    account: crm
    settings:
      word: ${WORD}
      tree: {code: 0123, list: [NO, "1"], empty: }
"""
    seen: list[tuple[str, str, dict[str, str]]] = []

    def check(platform: str, account: str, settings: Mapping[str, str]) -> None:
        seen.append((platform, account, dict(settings)))
        if settings["word"] != "good":
            raise ValueError("write good")

    declared = parse_text(text, {"feed": {}}, {"WORD": "good"}, check_settings=check)
    apply(registry, declared)
    (connection,) = registry.connections()
    tree = '{"code":"0123","list":["NO","1"],"empty":null}'
    assert connection.settings == {"word": "good", "tree": tree}
    assert seen == [("feed", "crm", {"word": "good", "tree": tree})]
    with pytest.raises(ApplyError, match="line 9: write good"):
        parse_text(text, {"feed": {}}, {"WORD": "bad"}, check_settings=check)
