"""``tributary alerts``: what is listed, and whose alert can be acknowledged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import cli
from orchestration.workspace import Workspace, open_workspace
from warehouse.publishing import publish
from warehouse.registry_records import Organization

Run = Callable[..., tuple[int, str, str]]
NOW = datetime.fromisoformat("2026-03-20T06:00:00+00:00")
KEY, RESOLVED, THEIRS = "aaaaaa1", "aaaaaa2", "bbbbbb1"
ALERT: Mapping[str, Any] = {
    "alert_key": KEY,
    "organization_id": "acme",
    "rule_id": "spend_jumped",
    "scope_type": "organization",
    "scope": "acme",
    "first_day": date(2026, 3, 2),
    "last_day": date(2026, 3, 3),
    "rule_name": "Spend is high",
    "rule_type": "change_above",
    "severity": "warning",
    "metric": "spend",
    "breaching_days": 2,
    "state": "active",
    "value": 150,
    "threshold": 0.25,
    "compared_day": date(2026, 2, 24),
    "compared_value": 100,
    "change": 0.5,
    "evidence": "{}",
}
OLD = {"alert_key": RESOLVED, "state": "resolved", "first_day": date(2026, 2, 1)}
OLD_ALERT = {**ALERT, **OLD, "last_day": date(2026, 2, 2)}
THEIR_ALERT = {**ALERT, "alert_key": THEIRS, "organization_id": "other", "severity": "critical"}
THEIR_ALERT |= {"scope": "other", "breaching_days": 1, "state": "new"}


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("TRIBUTARY_NOW", NOW.isoformat())
    for name in ("TRIBUTARY_KEY", "TRIBUTARY_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    found = open_workspace()
    for name in ("acme", "other"):
        found.registry.add_organization(Organization(name, name))
    return found


@pytest.fixture
def run(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["tributary", "alerts", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err.replace("\n", " ")

    return call


def released(space: Workspace, alerts: Sequence[Mapping[str, Any]]) -> None:
    """Publishes a release that has these alerts."""
    with duckdb.connect(str(space.home.serve_db)) as connection:
        connection.execute(
            """
            create or replace table docs_tables as select 'mart_alerts' as table_name;
            create or replace table schema_version as select '1.0' as schema_version;
            create or replace table mart_alerts (
                alert_key varchar, organization_id varchar, rule_id varchar, scope_type varchar,
                scope varchar, first_day date, last_day date, rule_name varchar,
                rule_type varchar, severity varchar, metric varchar, breaching_days bigint,
                state varchar, value decimal(24, 6), threshold decimal(24, 6), compared_day date,
                compared_value decimal(24, 6), change double, evidence varchar
            )
            """
        )
        marks = ", ".join("?" for _ in ALERT)
        rows = [list(alert.values()) for alert in alerts]
        connection.executemany(f"insert into mart_alerts values ({marks})", rows)
    publish(space.home, NOW)


def listed(run: Run, *options: str) -> list[tuple[str, str]]:
    code, printed, _ = run("list", "--json", *options)
    assert code == 0
    return [(one["alert"], one["state"]) for one in json.loads(printed)]


def test_what_goes_on_is_listed_the_gravest_first(run: Run, space: Workspace) -> None:
    released(space, [ALERT, OLD_ALERT, THEIR_ALERT])
    assert listed(run) == [(THEIRS, "new"), (KEY, "active")]
    assert listed(run, "--all", "--organization", "acme") == [
        (KEY, "active"),
        (RESOLVED, "resolved"),
    ]
    assert listed(run, "--severity", "critical") == [(THEIRS, "new")]
    assert listed(run, "--state", "resolved") == [(RESOLVED, "resolved")]
    assert listed(run, "--rule", "another") == []
    code, printed, _ = run("list", "--organization", "acme")
    assert code == 0
    assert "spend 150.00, +50% against 2026-02-24, the limit is +25%" in " ".join(printed.split())


def test_an_acknowledgement_is_seen_at_once_and_outlives_new_releases(
    run: Run, space: Workspace
) -> None:
    released(space, [ALERT])
    code, printed, _ = run("ack", "acme", KEY, "--note", "a sale", "--by", "ada")
    assert code == 0
    assert "added: Spend is high" in printed
    ((key, state),) = listed(run)
    assert (key, state) == (KEY, "acknowledged")
    # It goes on, and begins a day earlier by a late number: another key, the same run.
    longer = {"alert_key": "cccccc1", "first_day": date(2026, 3, 1), "last_day": date(2026, 3, 9)}
    released(space, [{**ALERT, **longer}])
    (found,) = json.loads(run("list", "--json")[1])
    assert (found["state"], found["acknowledged_by"], found["note"]) == (
        "acknowledged",
        "ada",
        "a sale",
    )
    # A new breach after it is not acknowledged yet.
    again = {"alert_key": "dddddd1", "first_day": date(2026, 3, 12), "last_day": date(2026, 3, 12)}
    ended = {**ALERT, **longer, "state": "resolved"}
    released(space, [ended, {**ALERT, **again, "breaching_days": 1, "state": "new"}])
    assert listed(run, "--all") == [("dddddd1", "new"), ("cccccc1", "resolved")]


def test_unack_takes_it_back(run: Run, space: Workspace) -> None:
    # As the file was built while it was acknowledged.
    released(space, [{**ALERT, "state": "acknowledged"}])
    assert run("ack", "acme", KEY)[0] == 0
    assert "taken back: Spend is high" in run("unack", "acme", KEY)[1]
    assert listed(run) == [(KEY, "active")]
    assert "unchanged: " in run("unack", "acme", KEY)[1]


def test_another_organizations_alerts_are_out_of_reach(run: Run, space: Workspace) -> None:
    released(space, [ALERT, THEIR_ALERT])
    for command in ("ack", "unack"):
        code, _, said = run(command, "acme", THEIRS)
        assert code != 0
        assert "acme has no alert whose key begins with 'bbbbbb1'" in said
    assert space.registry.alert_acknowledgements() == []
    assert listed(run, "--organization", "other") == [(THEIRS, "new")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ack", "acme", "aaaa"), "at least 6"),
        (("ack", "acme", "aaaaaa"), "acme has 2 alerts"),
        (("ack", "nobody", KEY), "unknown organization"),
        (("list", "--organization", "nobody"), "unknown organization"),
        (("ack", "acme", KEY, "--by", "\x1b"), "is no name"),
    ],
)
def test_what_names_no_single_alert_is_refused(
    run: Run, space: Workspace, arguments: tuple[str, ...], said: str
) -> None:
    released(space, [ALERT, OLD_ALERT])
    code, _, printed = run(*arguments)
    assert code != 0
    assert said in printed


def test_before_the_first_release_there_is_something_to_do(run: Run) -> None:
    code, _, said = run("list")
    assert code != 0
    assert "tributary run" in said
