"""Sites as accounts: what names one, and where it may be."""

from __future__ import annotations

import re

import pytest

from connectors.core.sites import HOST, check_address, site

_ADDRESS = {"address": "http://shop.example.com/store"}


@pytest.mark.parametrize(
    "given", ["shop.example.com", "https://Shop.Example.com/wp-admin/", " shop.example.com/ "]
)
def test_a_site_is_named_by_its_host(given: str) -> None:
    assert site(given) == "shop.example.com"
    assert re.fullmatch(HOST, site(given))


@pytest.mark.parametrize("given", ["shop example", "shop.example.com/store", "-a.example", ""])
def test_what_is_no_host_names_no_site(given: str) -> None:
    assert not re.fullmatch(HOST, site(given))


def test_an_address_is_one_of_the_accounts_own_host() -> None:
    check_address("pinwall", "shop.example.com", {})
    check_address("pinwall", "shop.example.com", _ADDRESS)
    for settings in (
        {"address": "http://other.example.com"},
        {"address": "ftp://shop.example.com"},
        {"address": "https://shop.example.com/?p=1"},
        {"address": ""},
        {"adress": ""},
    ):
        with pytest.raises(ValueError, match=r"pinwall shop\.example\.com"):
            check_address("pinwall", "shop.example.com", settings)
