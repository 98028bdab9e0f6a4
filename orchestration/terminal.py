"""What reaches a terminal: text from outside is shown, and never steers it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and line break, DEL, C1
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # what turns the direction of a line, or ends it
    "\ud800-\udfff]"  # half a pair, which no terminal's encoding has
)


def visible(text: str) -> str:
    r"""Returns a text with its control characters as escapes: ESC is shown as ``\x1b``.

    Tabs and line breaks stay. A carriage return before a line break is part of it.
    """
    return _STEERING.sub(_escaped, text.replace("\r\n", "\n"))


def visible_json(text: str) -> str:
    r"""Returns JSON that says the same without control characters: U+009B is ``\u009b``."""
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _escaped(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


class SafeConsole(Console):
    """A console through which all output of commands goes; only its own styles steer a terminal."""

    def render_str(self, text: str, **more: Any) -> Text:
        """Text is made visible before it is measured, so that tables keep their widths."""
        return super().render_str(visible(text), **more)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Whatever came past ``render_str`` (spinners, progress) is made visible here."""
        for segment in super().render(renderable, options):
            shown = segment.text if segment.control else visible(segment.text)
            yield segment if shown == segment.text else Segment(shown, segment.style)
