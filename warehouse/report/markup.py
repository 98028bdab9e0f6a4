"""HTML that is safe by construction: text is escaped unless it is markup already."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import orjson

_VOID = frozenset({"input", "meta"})
_LINE_SEPARATORS = {"\u2028": "\\u2028", "\u2029": "\\u2029"}
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 does not allow (production 2, Char)."""


class Markup(str):
    """Text that is HTML. Everything else counts as text from outside."""

    __slots__ = ()


def clean(text: str) -> str:
    """Returns text with U+FFFD for what neither HTML nor SVG can hold, such as control characters.

    What draws the charts would end the whole process at one of them.
    """
    return _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)


def element(tag: str, *children: object, **attributes: object) -> Markup:
    """Returns an element.

    Args:
        tag: its name.
        children: `Markup` as it is, other values as text; None is left out.
        attributes: by name, `_` for `-` and a trailing one dropped (`class_`). True gives an
            attribute without a value; None and False leave it out.
    """
    given = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _VOID:
        return Markup(f"<{tag}{given}>")
    return Markup(f"<{tag}{given}>{joined(*children)}</{tag}>")


def joined(*children: object) -> Markup:
    """Returns children one behind the other, each escaped unless it is `Markup`."""
    return Markup("".join(_child(child) for child in children if child is not None))


def json_script(value: Any, **attributes: object) -> Markup:
    """Returns a script element with data: no text in it ends the element or the line.

    `<`, `>` and `&` are written as escapes, so neither `</script>` nor `<!--` can stand in it.
    """
    text = orjson.dumps(value).decode()
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    for sign, written in _LINE_SEPARATORS.items():
        text = text.replace(sign, written)
    return element("script", Markup(text), type="application/json", **attributes)


def _child(child: object) -> str:
    return child if isinstance(child, Markup) else escape(clean(str(child)))


def _attribute(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{escape(clean(str(value)))}"'
