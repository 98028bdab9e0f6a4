"""A shop that is seen for 60 days only says so: what is unseen, since when, and what to do."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq
import pytest

from connectors.core.reach import Reach
from connectors.platforms.shopify import costs
from connectors.sandbox.business import Parameters
from connectors.sandbox.platforms.shopify.access import limited_token, products_token, static_token
from connectors.sandbox.server import SandboxClient, sandbox_thread
from orchestration import cli
from orchestration.defs.raw import raw_key, reach_results
from orchestration.freshness import ConnectionState, connection_states
from orchestration.pull import Pull, Receipt, pull, whole_days
from orchestration.sources import select_sources
from orchestration.workspace import open_workspace
from warehouse.compaction import compact
from warehouse.registry_records import Organization

SHOP = "acme-outdoor"
LABEL = f"acme/shopify/{SHOP}"
START = date(2026, 11, 8)
YOUNG, MIDDLE, NOW = "2026-09-15T06:00:00Z", "2026-11-10T06:00:00Z", "2026-11-14T06:00:00Z"
LATER = "2026-11-15T06:00:00Z"
OLD_DAYS, NEW_DAYS = ("2026-09-12", "2026-09-14"), ("2026-11-13", "2026-11-13")
"""The orders of the old days were within reach when they were young, and are not now."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxClient]:
    with sandbox_thread(Parameters(days=75, ads=24)) as running:
        yield running


@dataclass(frozen=True)
class House:
    """A home with one shop, and the sandbox that has it."""

    sandbox: SandboxClient
    patch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def at(self, now: str) -> None:
        """Sets the clock of the sandbox and ours."""
        self.sandbox.set_clock(now)
        self.patch.setenv("TRIBUTARY_NOW", now)

    def grant(self, token: str) -> None:
        """Stores another access token of the shop."""
        open_workspace().registry.add_credential("acme", "shopify", {"access_token": token}, "acme")

    def connect(self, token: str, start: date = START) -> None:
        """Connects the shop."""
        self.grant(token)
        open_workspace().registry.add_connection("acme", "shopify", SHOP, "acme", start_date=start)

    def pull(self, now: str, days: tuple[str, str] | None = None) -> Receipt:
        """Pulls the shop's orders, what is due or a backfill."""
        self.at(now)
        space = open_workspace()
        platform = space.platforms["shopify"]
        window = whole_days(*map(date.fromisoformat, days)) if days else None
        job = Pull(space.home, platform, platform.stream("orders"), "run", window)
        sources = select_sources(space, platform, "orders", run_id=f"{now} {days} {uuid.uuid4()}")
        return pull(job, sources)

    def held(self) -> dict[str, datetime]:
        """Every order of the lake, and when it was made."""
        files = open_workspace().home.raw_dir("shopify", "orders").rglob("*.parquet")
        rows = [row for file in files for row in pq.read_table(file).to_pylist()]
        return {row["order_id"]: row["created_at"] for row in rows}

    def refunded(self) -> set[str]:
        """The orders of the lake of which a refund is known."""
        files = open_workspace().home.raw_dir("shopify", "orders").rglob("*.parquet")
        rows = [row for file in files for row in pq.read_table(file).to_pylist()]
        return {row["order_id"] for row in rows if json.loads(row["refunds"] or "[]")}

    def state(self) -> ConnectionState:
        """How the connection is doing."""
        (found,) = connection_states(open_workspace())
        return found

    def check(self) -> dg.AssetCheckResult:
        """The check of the raw asset."""
        space = open_workspace()
        platform = space.platforms["shopify"]
        stream = platform.stream("orders")
        (found,) = reach_results(space, raw_key(platform, stream), platform, stream)
        return found

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Runs the command line; returns its exit code and what it printed."""
        self.patch.setattr("sys.argv", ["tributary", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = self.capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err


@pytest.fixture
def house(
    sandbox: SandboxClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> House:
    monkeypatch.delenv("TRIBUTARY_KEY", raising=False)
    monkeypatch.setenv("TRIBUTARY_SANDBOX", sandbox.url)
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    # The shop's points come back by the second, so waits for them are real.
    monkeypatch.setenv("TRIBUTARY_RETRY_BASE", "1")
    costs.SHARED_BUDGETS._budgets.clear()
    made = House(sandbox, monkeypatch, capsys)
    made.at(NOW)
    open_workspace().registry.add_organization(Organization("acme", "Acme"))
    return made


def _out_of_reach(held: dict[str, datetime], now: str) -> list[datetime]:
    """When the orders were made that are older than 60 days."""
    before = datetime.fromisoformat(now) - timedelta(days=60)
    return [made for made in held.values() if made < before]


def _statuses(receipt: Receipt) -> set[str]:
    return {row.status for row in receipt.rows}


def _follow(house: House) -> None:
    """Pulls orders while they are young, and the shop again when they are old."""
    assert _statuses(house.pull(YOUNG, OLD_DAYS)) == {"succeeded"}
    assert _statuses(house.pull(NOW, NEW_DAYS)) == {"succeeded"}


def test_orders_beyond_reach_are_a_warning_with_their_number_and_since_when(house: House) -> None:
    house.connect(limited_token(SHOP))
    house.pull(YOUNG, OLD_DAYS)
    assert house.state().state == "ok"
    assert house.check().passed
    (early,) = house.state().unseen
    assert (early.records, early.since) == (0, "")

    house.pull(NOW, NEW_DAYS)
    old = _out_of_reach(house.held(), NOW)
    since = (min(old) + timedelta(days=60)).date().isoformat()
    assert len(old) > 50
    state = house.state()
    (unseen,) = state.unseen
    assert (state.state, unseen.records, unseen.since) == ("limited", len(old), since)
    assert "read_all_orders" in unseen.remedy
    check = house.check()
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    said = (
        f"refunds, edits and cancellations of {len(old):,} older orders are unseen, since {since}"
    )
    assert check.description == f"acme/{SHOP}: orders are shown for 60 days only: {said}"

    code, printed, _ = house.run("status")
    assert code == 0, "a warning: nothing has failed"
    assert said in _words(printed)
    assert "limited" in printed
    code, printed, _ = house.run("status", "--json")
    (record,) = json.loads(printed)
    assert (code, record["state"], record["lag_seconds"]) == (0, "limited", 0)
    assert [(one["records"], one["since"]) for one in record["unseen"]] == [(len(old), since)]


def test_a_compacted_lake_says_the_same(house: House) -> None:
    house.connect(limited_token(SHOP))
    house.pull("2026-09-16T06:00:00Z", OLD_DAYS)
    house.pull(YOUNG, OLD_DAYS)
    house.pull(NOW, NEW_DAYS)
    before = house.state().unseen
    assert before[0].records > 50
    assert list(compact(open_workspace().home, date(2026, 12, 1)))
    assert house.state().unseen == before


def test_refunds_that_are_unseen_are_of_orders_that_the_warning_counts(house: House) -> None:
    house.connect(limited_token(SHOP))
    _follow(house)
    held = house.held()
    truth = house.sandbox.truth("refund", NOW, account=SHOP, **{"from": OLD_DAYS[1]})
    missed = {str(one["order_id"]) for one in truth if str(one["order_id"]) in held}
    assert missed, "there is something to miss"
    before = datetime.fromisoformat(NOW) - timedelta(days=60)
    assert all(held[order_id] < before for order_id in missed - house.refunded())
    assert house.state().unseen[0].records == len(_out_of_reach(held, NOW))


def test_a_token_that_sees_everything_is_no_warning(house: House) -> None:
    house.connect(static_token(SHOP))
    _follow(house)
    assert _out_of_reach(house.held(), NOW)
    assert (house.state().state, house.state().unseen) == ("ok", ())
    assert house.check().passed


def test_once_everything_is_shown_what_was_unseen_is_fetched(house: House) -> None:
    house.connect(limited_token(SHOP))
    house.pull(MIDDLE)
    house.pull(NOW)
    seen = _out_of_reach(house.held(), NOW)
    house.grant(static_token(SHOP))
    (first,) = house.pull(LATER).rows
    assert first.window_from is not None
    assert first.window_from.date() <= START
    now_seen = _out_of_reach(house.held(), NOW)
    assert len(now_seen) > len(seen), "what was hidden and changed meanwhile is here"
    assert house.state().unseen == ()
    # And the cursor goes on from there.
    (again,) = house.pull("2026-11-15T08:00:00Z").rows
    assert again.window_from is not None
    assert again.window_from.date() == date(2026, 11, 15)


def test_a_view_that_is_cut_short_is_unseen_from_then_on(house: House) -> None:
    """Lost is what changed since the last sync that was shown everything, not what was before."""
    house.connect(static_token(SHOP))
    house.pull(YOUNG, OLD_DAYS)
    house.pull(MIDDLE)
    house.grant(limited_token(SHOP))
    house.pull(NOW)
    (unseen,) = house.state().unseen
    assert unseen.records == len(_out_of_reach(house.held(), NOW)) > 50
    assert unseen.since == "2026-11-10"


def test_syncs_of_an_earlier_version_count_as_what_the_account_sees_now(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They did not record what was hidden: an account is taken never to have seen more."""
    house.connect(limited_token(SHOP))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reach, "hidden_before", lambda *_: None)
        house.pull(YOUNG, OLD_DAYS)
        house.pull(MIDDLE)
    assert house.state().unseen == ()
    house.pull(NOW)
    (unseen,) = house.state().unseen
    oldest = min(_out_of_reach(house.held(), NOW))
    assert unseen.since == (oldest + timedelta(days=60)).date().isoformat()
    house.grant(static_token(SHOP))
    (first,) = house.pull(LATER).rows
    assert first.window_from is not None
    assert first.window_from.date() <= START


def test_a_start_beyond_reach_fails_and_brings_no_day(house: House) -> None:
    """Half of the orders would read as a shop that sold nothing for weeks."""
    house.connect(limited_token(SHOP), start=date(2026, 8, 8))
    receipt = house.pull(NOW)
    assert [(row.status, row.error_class) for row in receipt.rows] == [("failed", "AuthRejected")]
    assert house.held() == {}
    assert house.state().state == "failing"


Add = Callable[..., tuple[int, str, str]]


@pytest.fixture
def add(house: House) -> Add:
    """`connections add` of the shop with a token."""

    def call(token: str, start: str = "2026-11-01") -> tuple[int, str, str]:
        house.at(NOW)
        house.grant(token)
        return house.run(
            "connections", "add", "--organization", "acme", "--platform", "shopify",
            "--account", SHOP, "--credential", "acme", "--start-date", start,
        )  # fmt: skip

    return call


def _words(text: str) -> str:
    return " ".join(text.split())


def test_a_missing_scope_is_named_when_the_connection_is_made(house: House, add: Add) -> None:
    code, printed, complained = add(limited_token(SHOP))
    assert (code, complained) == (0, "")
    assert "warning: read_all_orders: Shopify shows orders of the last 60 days only" in printed
    assert "what to do: Add read_all_orders" in printed
    code, printed, complained = house.run("connections", "test", LABEL)
    assert (code, complained) == (0, "")
    assert "ok: Acme Outdoor" in printed
    assert "warning: read_all_orders" in printed


def test_without_a_needed_scope_making_and_testing_fail(house: House, add: Add) -> None:
    code, printed, complained = add(products_token(SHOP))
    assert code == 3
    assert f"connected {LABEL}" in printed
    for scope in ("read_orders", "read_customers", "read_inventory"):
        assert f"error: {scope}: " in complained
    assert "read_products:" not in complained
    code, _, complained = house.run("connections", "test", LABEL)
    assert code == 1
    assert "error: read_orders: no orders, lines and refunds are pulled" in complained


def test_a_start_that_is_out_of_reach_is_refused_at_once(add: Add) -> None:
    code, _, complained = add(limited_token(SHOP), start="2026-08-01")
    assert code == 3
    assert "orders before 2026-09-16 are hidden, so none at all are pulled" in _words(complained)
    assert "--start-date 2026-09-16" in complained


def test_all_scopes_say_nothing_more(house: House, add: Add) -> None:
    code, printed, complained = add(static_token(SHOP), start="2026-08-01")
    assert (code, complained) == (0, "")
    assert "warning" not in printed
    code, printed, complained = house.run("connections", "test", LABEL)
    assert (code, complained, "warning" in printed) == (0, "", False)


def test_a_token_that_is_refused_leaves_the_connection_untested(house: House, add: Add) -> None:
    code, printed, complained = add("shpat_unknown")
    assert code == 3
    assert f"connected {LABEL}" in printed
    assert "not tested: AuthRejected: " in complained
    assert "what to do: Connect the shop again" in complained


def _declared(token: str, path: Path) -> str:
    path.write_text(
        "organizations:\n- id: acme\n"
        f"credentials:\n- {{id: acme, platform: shopify, secrets: {{access_token: {token}}}}}\n"
        "connections:\n"
        f"- {{organization: acme, platform: shopify, account: {SHOP}, credential: acme, "
        "start_date: 2026-11-01}\n"
    )
    return str(path)


def test_a_file_of_connections_asks_for_scopes_too(house: House, tmp_path: Path) -> None:
    file = _declared(limited_token(SHOP), tmp_path / "connections.yaml")
    code, printed, complained = house.run("connections", "apply", file)
    assert (code, complained) == (0, "")
    assert f"added     connection {LABEL}" in printed
    assert "warning: read_all_orders: Shopify shows orders of the last 60 days only" in printed
    code, printed, complained = house.run("connections", "apply", file)
    assert (code, complained, "warning" in printed) == (0, "", False), "it is as it was"
    _declared(products_token(SHOP), tmp_path / "connections.yaml")
    code, printed, complained = house.run("connections", "apply", file)
    assert (code, "error: read_orders: " in complained) == (3, True), "another credential"


def test_a_file_of_connections_without_a_needed_scope_fails(house: House, tmp_path: Path) -> None:
    file = _declared(products_token(SHOP), tmp_path / "connections.yaml")
    code, printed, complained = house.run("connections", "apply", "--json", file)
    assert code == 3
    assert {"kind": "connection", "id": LABEL, "change": "added"} in json.loads(printed)
    assert "error: read_orders: no orders, lines and refunds are pulled" in complained


def test_an_account_that_is_connected_again_is_asked_for_scopes(house: House) -> None:
    house.connect(limited_token(SHOP))
    house.run("connections", "remove", LABEL)
    arguments = ("connections", "discover", "acme", "--connect", SHOP, "--organization", "acme")
    code, printed, _ = house.run(*arguments)
    assert code == 0
    assert "warning: read_all_orders: Shopify shows orders of the last 60 days only" in printed


def test_nothing_more_is_asked_of_the_shop(house: House) -> None:
    """What the app was granted comes with the shop itself, whose name is asked for anyway."""
    house.connect(static_token(SHOP), start=date(2026, 11, 13))
    house.sandbox.forget_requests()
    (row,) = house.pull(NOW).rows
    assert row.status == "succeeded", row.error_message
    assert house.sandbox.requests()["count"] - row.requests == 1
