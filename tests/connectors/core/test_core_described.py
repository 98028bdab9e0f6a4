"""An account is described by the list of those that its credential reaches."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.core.accounts import Account, refuse_settings
from connectors.core.described import found_by
from connectors.core.errors import AccountGone
from connectors.core.offsets import zone_of_offset


def test_an_account_has_what_the_list_says_and_its_own_settings(kit: Any) -> None:
    listed = Account("1", "One", "EUR", "Europe/Berlin")
    describe = found_by(lambda _: iter([listed]), "Use its own key.")
    client = kit.client(kit.server(lambda _: {}))
    found = describe(client, Account("1", settings={"a": "b"}))
    assert (found.name, found.currency, found.time_zone) == ("One", "EUR", "Europe/Berlin")
    assert found.settings == {"a": "b"}
    with pytest.raises(AccountGone, match="reaches the account 1, not 2") as gone:
        describe(client, Account("2"))
    assert gone.value.remedy == "Use its own key."


def test_a_connection_has_no_setting_but_the_one_that_is_known() -> None:
    assert refuse_settings("pinwall", "1", {"zone": "UTC"}, "zone") == "UTC"
    assert refuse_settings("pinwall", "1", {}, "zone") is None
    with pytest.raises(ValueError, match="pinwall 1 has no setting 'zones', only zone"):
        refuse_settings("pinwall", "1", {"zones": "UTC"}, "zone")


@pytest.mark.parametrize(
    ("hours", "zone"),
    [("9", "Etc/GMT-9"), (-3, "Etc/GMT+3"), ("5.75", "Asia/Kathmandu"), (None, "UTC"), ("x", ""),
     (0.1, "")],
)  # fmt: skip
def test_an_offset_is_a_zone_without_summer_time(hours: Any, zone: str) -> None:
    assert zone_of_offset(hours) == zone
