"""Lists of actions: many types that overlap, with values by default attribution and by window.

`purchase`, `omni_purchase`, `offsite_conversion.fb_pixel_purchase` and others stand for the same
purchases: whoever adds up a list counts them several times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.business.portfolio import Integers
from connectors.sandbox.platforms.meta_ads.metrics import Figures
from connectors.sandbox.wire.amounts import money

WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view")
_CLICK_WINDOWS = WINDOWS[:3]
PURCHASES = (
    "omni_purchase",
    "onsite_web_purchase",
    "purchase",
    "web_in_store_purchase",
    "offsite_conversion.fb_pixel_purchase",
)
# Which measure stands behind which types; a post's engagement is all that can be done with it.
_TYPES: dict[str, tuple[str, ...]] = {
    "link_clicks": ("link_click",),
    "landing_page_views": ("landing_page_view", "omni_landing_page_view"),
    "add_to_carts": (
        "add_to_cart",
        "omni_add_to_cart",
        "offsite_conversion.fb_pixel_add_to_cart",
    ),
    "checkouts": (
        "initiate_checkout",
        "omni_initiated_checkout",
        "offsite_conversion.fb_pixel_initiate_checkout",
    ),
    "video_views": ("video_view",),
    "reactions": ("post_reaction",),
    "engagement": ("post_engagement", "page_engagement"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """How an account's lists look.

    Attributes:
        omni: Whether the account reports the `omni_` types.
        windows: The attribution windows asked for.
        wanted: Says whether a type is wanted (`filtering` on `action_type`).
    """

    omni: bool
    windows: tuple[str, ...]
    wanted: Callable[[str], bool]

    def types(self, names: Iterable[str]) -> list[str]:
        """Returns those of some types that are shown."""
        return [
            name
            for name in names
            if (self.omni or not name.startswith("omni_")) and self.wanted(name)
        ]


def actions(figures: Figures, style: Style) -> list[str]:
    """Returns each row's `actions`, with a comma before it, or nothing."""
    parts = [_plain(figures, style, measure, names) for measure, names in _TYPES.items()]
    parts.append(_purchases(figures, style, "conversions_hundredths", _hundredth))
    return _joined("actions", parts)


def action_values(figures: Figures, style: Style) -> list[str]:
    """Returns each row's `action_values`: what the purchases were worth."""
    return _joined("action_values", [_purchases(figures, style, "value_cents", _shortest)])


def purchase_roas(figures: Figures, style: Style) -> list[str]:
    """Returns each row's `purchase_roas`: value over spend, of one type."""
    names = ("omni_purchase",) if style.omni else ("purchase",)
    return _joined("purchase_roas", [_roas(figures, style.types(names))])


def website_purchase_roas(figures: Figures, style: Style) -> list[str]:
    """Returns the same of the pixel's purchases."""
    names = style.types(("offsite_conversion.fb_pixel_purchase",))
    return _joined("website_purchase_roas", [_roas(figures, names)])


def outbound_clicks(figures: Figures, _: Style) -> list[str]:
    """Returns each row's `outbound_clicks`: those of its link clicks that left the platform."""
    return _of_one_type("outbound_clicks", "outbound_click", figures["link_clicks"])


def unique_outbound_clicks(figures: Figures, _: Style) -> list[str]:
    """Returns each row's `unique_outbound_clicks`: the people behind those clicks."""
    return _of_one_type("unique_outbound_clicks", "outbound_click", figures.people("link_clicks"))


def video_plays(figures: Figures, _: Style) -> list[str]:
    """Returns each row's `video_play_actions`."""
    return _of_one_type("video_play_actions", "video_view", figures["video_views"])


def _watched(field: str, percent: int) -> Callable[[Figures, Style], list[str]]:
    """Returns what renders the part of the plays that was watched so far; some plays end early."""

    def render(figures: Figures, _: Style) -> list[str]:
        return _of_one_type(field, "video_view", figures["video_views"] * percent // 100)

    return render


def cost_per_action_type(figures: Figures, style: Style) -> list[str]:
    """Returns each row's `cost_per_action_type`."""
    spent = figures["cost_cents"].tolist()
    parts = []
    counts = {name: (_measure(figures, name), types) for name, types in _TYPES.items()}
    counts["purchases"] = ((figures["conversions_hundredths"] // 100).tolist(), PURCHASES)
    for values, names in counts.values():
        entries = [_entry(name) for name in style.types(names)]
        parts.append(
            [
                "".join(f'{entry}"{cents / 100 / value:.6f}"}}' for entry in entries)
                if value and cents
                else ""
                for value, cents in zip(values, spent, strict=True)
            ]
        )
    return _joined("cost_per_action_type", parts)


_WATCHED_PERCENT = {
    "video_p25_watched_actions": 62,
    "video_p50_watched_actions": 41,
    "video_p75_watched_actions": 29,
    "video_p95_watched_actions": 21,
    "video_p100_watched_actions": 18,
    "video_thruplay_watched_actions": 24,
}
"""Of a hundred plays; a play of 15 seconds is a "thruplay" too, of a video that goes on."""

LISTS: dict[str, Callable[[Figures, Style], list[str]]] = {
    "actions": actions,
    "action_values": action_values,
    "purchase_roas": purchase_roas,
    "website_purchase_roas": website_purchase_roas,
    "outbound_clicks": outbound_clicks,
    "unique_outbound_clicks": unique_outbound_clicks,
    "video_play_actions": video_plays,
    **{name: _watched(name, percent) for name, percent in _WATCHED_PERCENT.items()},
    "cost_per_action_type": cost_per_action_type,
}


def _measure(figures: Figures, name: str) -> list[int]:
    if name == "engagement":
        total = figures["link_clicks"] + figures["video_views"] + figures["reactions"]
        return list(total.tolist())
    return list(figures[name].tolist())


def _plain(figures: Figures, style: Style, measure: str, names: tuple[str, ...]) -> list[str]:
    """Returns the entries of actions that happen at once: every click window has them all."""
    entries = [_entry(name) for name in style.types(names)]
    windows = [f',"{window}":' for window in style.windows if window in _CLICK_WINDOWS]
    known: dict[int, str] = {0: ""}

    def text(value: int) -> str:
        tail = f'"{value}"' + "".join(f'{window}"{value}"' for window in windows)
        return "".join(f"{entry}{tail}}}" for entry in entries)

    values = _measure(figures, measure)
    known.update({value: text(value) for value in set(values) - {0}})
    return [known[value] for value in values]


def _purchases(
    figures: Figures, style: Style, measure: str, write: Callable[[int], str]
) -> list[str]:
    entries = [_entry(name) for name in style.types(PURCHASES)]
    columns: list[list[int]] = [figures[measure].tolist()]
    columns.extend(figures[f"{measure}_{window}"].tolist() for window in style.windows)
    keys = [f',"{window}":' for window in style.windows]

    def text(row: tuple[int, ...]) -> str:
        tail = f'"{write(row[0])}"' + "".join(
            f'{key}"{write(value)}"' for key, value in zip(keys, row[1:], strict=True) if value
        )
        return "".join(f"{entry}{tail}}}" for entry in entries)

    return [text(row) if any(row) else "" for row in zip(*columns, strict=True)]


def _roas(figures: Figures, names: list[str]) -> list[str]:
    entries = [_entry(name) for name in names]
    values, spent = figures["value_cents"].tolist(), figures["cost_cents"].tolist()
    return [
        "".join(f'{entry}"{value / cents:.6f}"}}' for entry in entries) if value and cents else ""
        for value, cents in zip(values, spent, strict=True)
    ]


def _entry(name: str) -> str:
    return f',{{"action_type":"{name}","value":'


def _of_one_type(key: str, name: str, values: Integers) -> list[str]:
    entry = _entry(name)
    return _joined(key, [[f'{entry}"{value}"}}' if value else "" for value in values.tolist()]])


def _joined(key: str, parts: list[list[str]]) -> list[str]:
    rows: Any = parts[0] if len(parts) == 1 else map("".join, zip(*parts, strict=True))
    return [f',"{key}":[{row[1:]}]' if row else "" for row in rows]


def _hundredth(hundredths: int) -> str:
    return str(hundredths // 100)


def _shortest(cents: int) -> str:
    text = money(cents)
    return text.rstrip("0").rstrip(".")
