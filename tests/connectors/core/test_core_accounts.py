"""An account is one account however it is written, and no id changes an address."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import platforms
from connectors.core import addresses

_HOSTILE = [
    "../1", "1/../2", "..", ".", "1?x=1", "1#x", "1%2f2", "1\n2", "1\x002", "1\x1b[31m", "1\x9b31m",
    "", " ", "1\\2", "\u0661\u0662", "a\u202eb", "1/2", "x" * 300,
]  # fmt: skip


@pytest.mark.parametrize(
    ("platform", "written", "one"),
    [
        ("google_ads", "123-456-7890", "1234567890"),
        ("google_ads", " 1234567890 ", "1234567890"),
        ("google_ads", "123 456 7890", "1234567890"),
        ("google_ads", "123\u2011456\u20117890", "1234567890"),
        ("google_ads", "customers/1234567890", "1234567890"),
        ("meta_ads", "act_212551616838260", "212551616838260"),
        ("meta_ads", "ACT_212551616838260", "212551616838260"),
        ("meta_ads", "212551616838260", "212551616838260"),
        ("shopify", "acme-outdoor", "acme-outdoor"),
        ("shopify", "Acme-Outdoor.myshopify.com", "acme-outdoor"),
        ("shopify", "https://acme-outdoor.myshopify.com/", "acme-outdoor"),
        ("shopify", "HTTP://Acme-Outdoor.MyShopify.com/admin/products?x=1", "acme-outdoor"),
        ("shopify", "https://admin.shopify.com/store/Acme-Outdoor/orders", "acme-outdoor"),
        ("files", "crm_orders", "crm_orders"),
        ("exchange_rates", "ecb", "ecb"),
    ],
)
def test_however_it_is_written(platform: str, written: str, one: str) -> None:
    assert platforms.get(platform).account_id(written) == one


@pytest.mark.parametrize("name", sorted(platforms.load()))
def test_every_platform_knows_its_own_spelling(name: str) -> None:
    platform = platforms.get(name)
    example = platform.account_ids.example
    assert platform.account_id(example) == example
    for written in _HOSTILE:
        with pytest.raises(ValueError, match="is no account id of"):
            platform.account_id(written)


@pytest.mark.parametrize("name", sorted(platforms.load()))
@given(written=st.text(max_size=60))
@settings(deadline=None, max_examples=50)
def test_what_is_accepted_stays_as_it_is_and_changes_no_address(name: str, written: str) -> None:
    platform = platforms.get(name)
    try:
        one = platform.account_id(written)
    except ValueError:
        return
    assert platform.account_id(one) == one
    assert addresses.path("v1", one, "x") == f"/v1/{one}/x"


def test_parts_of_a_path_are_quoted() -> None:
    assert addresses.path("v1", "a/../b?c#d e", "x:y") == "/v1/a%2F..%2Fb%3Fc%23d%20e/x:y"
    for part in ("", ".", ".."):
        with pytest.raises(ValueError, match="no part of an address"):
            addresses.path("v1", part)
