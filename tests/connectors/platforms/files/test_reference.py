"""The docs have all our column names and presets, as the code has them."""

from __future__ import annotations

from connectors.platforms.files.mapping import NEEDED
from connectors.platforms.files.presets import presets
from connectors.platforms.files.reference import columns_of
from connectors.platforms.files.schema import TARGETS
from tests.update_files_docs import PAGE, expected


def test_the_tables_of_the_docs_are_the_codes() -> None:
    page = PAGE.read_text("utf-8")
    assert page == expected(page), "run python -m tests.update_files_docs"
    for target in TARGETS:
        assert f"### {target}" in page
        for name, _, _ in columns_of(target) if target != "records" else ():
            assert f"| `{name}` |" in page
    for name in presets():
        assert f"| `{name}` |" in page


def test_what_is_required_is_marked() -> None:
    for target, needed in NEEDED.items():
        marked = {name for name, _, text in columns_of(target) if text.startswith("**Required.**")}
        assert marked == set(needed)
