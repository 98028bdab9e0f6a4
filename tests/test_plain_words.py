"""Words that people read are plain: pages, columns, help and messages avoid some that are not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
AVOIDED = re.compile(
    r"\b(tell|tells|telling|told|untold|nobody's|vouch\w*|puts? to rest|(say|says|said) of)\b",
    re.IGNORECASE,
)
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "DECISIONS.md")),
    *sorted(ROOT.glob("docs/**/*.md")),
    *sorted(ROOT.glob("connectors/**/*.md")),
    *sorted(ROOT.glob("dbt_project/**/*.yml")),
]
MODULES = [
    path
    for folder in ("connectors/core", "connectors/platforms", "orchestration", "warehouse")
    for path in sorted(ROOT.glob(f"{folder}/**/*.py"))
]


def test_pages_and_descriptions() -> None:
    assert len(PAGES) > 80
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in PAGES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if AVOIDED.search(line)
    ]
    assert found == []


def test_messages_and_help() -> None:
    assert len(MODULES) > 200
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text[:80]}"
        for path in MODULES
        for line, text in _shown(path)
        if AVOIDED.search(text)
    ]
    assert found == []


@pytest.mark.parametrize("text", ["nobody's rows", "It is Told.", "what the log says of it"])
def test_they_are_found(text: str) -> None:
    assert AVOIDED.search(text)


def _shown(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module with their lines; docstrings only of commands, where they are help."""
    tree = ast.parse(path.read_text())
    notes = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    is_help = path.parent.name == "commands"
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and (is_help or id(node) not in notes)
        ):
            yield node.lineno, node.value
