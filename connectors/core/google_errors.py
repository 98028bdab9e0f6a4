"""What the errors of Google's APIs have in common: https://cloud.google.com/apis/design/errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def reasons(error: Mapping[str, Any]) -> set[str]:
    """Returns the reasons in the details of an error, such as SERVICE_DISABLED."""
    details = error.get("details")
    listed = details if isinstance(details, list) else []
    return {str(one.get("reason", "")) for one in listed if isinstance(one, dict)}
