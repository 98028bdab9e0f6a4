"""What a site says when something is wrong, in the words of WordPress and WooCommerce."""

from __future__ import annotations

from connectors.sandbox.wire.lifecycle import Refusal

_SAYS = {
    "secret": "Consumer secret is invalid.",
    "key": "Consumer key is invalid.",
    "method": "Invalid signature - signature method is invalid.",
    "signature": "Invalid signature - provided signature does not match.",
    "timestamp": "Invalid timestamp.",
    "nonce": "Invalid nonce - nonce has already been used.",
}


def refusal(code: str, message: str, status: int = 401) -> Refusal:
    """Returns a refusal in the words of WordPress."""
    return Refusal(status, {"code": code, "message": message, "data": {"status": status}})


def unknown(why: str) -> Refusal:
    """Returns what is said to whom a site does not know; over https a stranger's key is no key."""
    if why == "stranger":
        return refusal("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
    if why == "missing":
        code = "woocommerce_rest_authentication_missing_parameter"
        return refusal(code, "Missing OAuth parameter")
    return refusal("woocommerce_rest_authentication_error", _SAYS[why])
