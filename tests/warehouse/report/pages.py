"""Reads a report's page back: strictly, as the browser would have to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from warehouse.report.formats import exact

_VOID = {"meta", "input"}


@dataclass
class Node:
    """An element: its attributes, and what is in it."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def all(self, tag: str) -> list[Node]:
        """Returns the elements of a tag below this one, in their order."""
        found = []
        for child in self.children:
            if isinstance(child, Node):
                found += [child] if child.tag == tag else []
                found += child.all(tag)
        return found

    @property
    def text(self) -> str:
        """All text below."""
        return "".join(c if isinstance(c, str) else c.text for c in self.children)


class _Reader(HTMLParser):
    """Builds the tree; an element that is not closed where it should be is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of {tag} stands twice"
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(path: Path) -> Node:
    """Returns the tree of a page.

    Raises:
        AssertionError: it is not well-formed.
    """
    reader = _Reader()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    (document,) = reader.open
    return document


def section(page: Node, slug: str) -> Node:
    """Returns a section by its id."""
    (found,) = [node for node in page.all("section") if node.attributes["id"] == slug]
    return found


def sql(part: Node) -> str:
    """Returns the SQL that a section shows."""
    (found,) = [
        node for node in part.all("code") if str(node.attributes.get("id")).endswith("-sql")
    ]
    return found.text


def exact_text(value: Any) -> str | None:
    """Returns a value of an answer as the cell that shows it carries it."""
    if value is None or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else exact(value)


def exact_rows(part: Node) -> list[list[str | None]]:
    """Returns the rows of a section's table as the exact values that its cells carry."""
    (table,) = part.all("table")
    (body,) = table.all("tbody")
    return [
        [_exact(cell) for cell in row.children if isinstance(cell, Node)] for row in body.all("tr")
    ]


def _exact(cell: Node) -> str | None:
    (inside,) = cell.children
    assert isinstance(inside, Node)
    if inside.attributes.get("class") == "unknown":
        return None
    key = {"data": "value", "time": "datetime"}.get(inside.tag)
    return inside.attributes[key] if key else inside.text


def chart(page: Node, slug: str) -> dict[str, Any]:
    """Returns a section's specification."""
    (found,) = [n for n in page.all("script") if n.attributes.get("id") == f"{slug}-chart"]
    return dict(json.loads(found.text))
