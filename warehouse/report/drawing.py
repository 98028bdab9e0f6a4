"""Draws charts without a browser, and packs Vega for the browser.

`vl_convert` holds Vega and Vega-Lite; it needs no network. Its library has 80 MB, so it is imported
where a report is written and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from warehouse.report.markup import Markup

VERSION = "6.4"
"""Of Vega-Lite, in the drawing and in the page."""
_GLOBAL = "window.vegaEmbed = vegaEmbed;"
_IDS = re.compile(r'(?P<before>\bid="|url\(#)(?P<id>(clip|gradient_)\d+)')
WIDTH = 760
"""Pixels of a drawing, which paper and pages without JavaScript show."""


@cache
def bundle() -> str:
    """Returns the JavaScript of Vega, Vega-Lite and Vega-Embed, which defines `vegaEmbed`."""
    import vl_convert

    # In a script element these signs would end it.
    return str(vl_convert.javascript_bundle(_GLOBAL, VERSION)).replace("</script", "<\\/script")


def svg(specification: Mapping[str, Any], name: str) -> Markup:
    """Returns a chart as SVG. Vega escapes the texts of the data.

    Args:
        specification: of Vega-Lite; its texts from outside are `clean`.
        name: what the ids in the drawing begin with. Vega counts them through a process, so two
            drawings of a page could have the same, and one chart others each time.
    """
    import vl_convert

    fixed = {
        **specification,
        "width": WIDTH,
        # The fonts of the reader may be wider than those that it is drawn with.
        "padding": {"left": 10, "right": 10, "top": 4, "bottom": 8},
        "autosize": {"type": "fit-x", "contains": "padding"},
    }
    drawn = vl_convert.vegalite_to_svg(fixed, vl_version=VERSION, allowed_base_urls=[])
    numbers: dict[str, int] = {}

    def renamed(found: re.Match[str]) -> str:
        number = numbers.setdefault(found["id"], len(numbers))
        return f"{found['before']}{name}-{number}"

    return Markup(_IDS.sub(renamed, drawn))
