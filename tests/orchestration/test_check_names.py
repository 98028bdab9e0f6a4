"""What a dbt test means, in words for people."""

from __future__ import annotations

from typing import Any

import pytest

from orchestration.check_names import check_description


def always_true(**arguments: Any) -> dict[str, Any]:
    """The node of a test of rules at a table."""
    return {"test_metadata": {"name": "always_true", "kwargs": arguments}}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"expressions": ["clicks >= 0", "a\n  <= b"]}, "clicks >= 0; a <= b."),
        ({"converted": "spend"}, "spend_reporting is spend by exchange_rate, null without one."),
        (
            {"arguments": {"converted": "spend", "expressions": ["a < b"]}},
            "spend_reporting is spend by exchange_rate, null without one; a < b.",
        ),
    ],
)
def test_rules_of_a_table_are_listed(arguments: dict[str, Any], words: str) -> None:
    assert check_description(always_true(**arguments)) == f"Holds in every row: {words}"
