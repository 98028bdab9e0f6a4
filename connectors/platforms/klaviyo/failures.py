"""What to do about Klaviyo's refusals."""

from __future__ import annotations

from connectors.core.json_api_errors import Refusals

_KEYS = "Settings > API keys"
_SCOPES = (
    "accounts:read, campaigns:read, events:read, flows:read, lists:read, metrics:read, "
    "profiles:read, segments:read"
)
read_error = Refusals(
    key=f"Check the private key (pk_…, {_KEYS}), or connect the OAuth app again.",
    scopes=f"Give the key the scopes {_SCOPES} ({_KEYS}).",
    spent="Reports have 225 requests a day, which all that use the account share.",
)
