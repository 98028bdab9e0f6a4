"""One conversion is counted once: our count of each report row is the SDK's list, reduced to one.

Which action type counts is written here from Meta's document: types overlap, so one is chosen and
never summed. Ours is what dbt's macro makes of the raw rows of our connector.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adsinsights import AdsInsights

from connectors.sandbox.server import SandboxClient
from tests.referees.meta_sdk import ACME, CHAI, KIWI, plain, sdk_account
from tests.referees.pulls import Puller, Row

MACROS = Path(__file__).resolve().parents[2] / "dbt_project/macros"
SPAN = ("2026-10-24", "2026-11-06")
COUNTED = ("omni_purchase", "purchase")
"""All channels, or where an account has no such type the roll-up of the web; the first there is."""
SAME_EVENTS = ("offsite_conversion.fb_pixel_purchase", "onsite_web_purchase")
Counts = dict[tuple[str, str], tuple[Decimal, Decimal]]


@jinja2.pass_context
def _dispatch(context: jinja2.runtime.Context, name: str) -> Any:
    return context.resolve(f"duckdb__{name}")


def counting_sql() -> str:
    """The SQL with which the staging models count, as dbt renders it."""
    files = ("measures", "portable", "platforms/meta_ads")
    text = "".join((MACROS / f"{name}.sql").read_text("utf-8") for name in files)
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    template = environment.from_string(text + "\n{{ meta_counts() }}")
    adapter = SimpleNamespace(dispatch=_dispatch)
    return template.render({"adapter": adapter, "return": lambda value: value})


def our_counts(puller: Puller, account: str) -> Counts:
    table = puller.table("meta_ads/ad_set_insights", account, *SPAN)
    with duckdb.connect() as connection:
        connection.register("reported", table)
        found = connection.execute(
            f"select cast(date as varchar), ad_set_id, {counting_sql()} from reported"
        ).fetchall()
    return {(row[0], row[1]): (row[-2], row[-1]) for row in found}


def their_rows(account: AdAccount) -> list[Row]:
    field = AdsInsights.Field
    params = {
        "level": "adset",
        "time_range": {"since": SPAN[0], "until": SPAN[1]},
        "time_increment": 1,
        "limit": 100,
    }
    return plain(account.get_insights([field.adset_id, field.actions, field.action_values], params))


def listed(row: Row, name: str) -> dict[str, Decimal]:
    found = [(one["action_type"], Decimal(one["value"])) for one in row.get(name, [])]
    assert len(dict(found)) == len(found), "a type comes once"
    return dict(found)


def reduced(row: Row) -> tuple[Decimal, Decimal]:
    """The row's purchases and their value: of the first type that it has."""
    actions, values = listed(row, "actions"), listed(row, "action_values")
    chosen = next((name for name in COUNTED if name in actions or name in values), "")
    return actions.get(chosen, Decimal(0)), values.get(chosen, Decimal(0))


@pytest.mark.parametrize("account", [ACME, KIWI, CHAI])
def test_conversions_are_counted_once(
    puller: Puller, sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch, account: str
) -> None:
    rows = their_rows(sdk_account(sandbox, monkeypatch, account))
    theirs = {(row["date_start"], row["adset_id"]): reduced(row) for row in rows}
    assert our_counts(puller, account) == theirs
    assert len(theirs) == len(rows) > 100
    assert sum(count for count, _ in theirs.values()) > 50
    for row in rows:
        actions = listed(row, "actions")
        same = {actions[name] for name in (*COUNTED, *SAME_EVENTS) if name in actions}
        # Whoever adds the list up counts each of them several times.
        assert len(same) <= 1


def test_accounts_with_and_without_the_type_of_all_channels(
    sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    has = {
        account: any(
            "omni_purchase" in listed(row, "actions")
            for row in their_rows(sdk_account(sandbox, monkeypatch, account))
        )
        for account in (ACME, KIWI, CHAI)
    }
    assert has == {ACME: True, KIWI: False, CHAI: True}
