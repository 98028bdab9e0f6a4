"""The platforms. One small folder each, found by listing this one: no central list is edited."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from functools import cache

from connectors.core.platform import Platform

__all__ = ["UnknownPlatform", "get", "load"]


class UnknownPlatform(ValueError):
    """There is no platform of that name; the message lists those that exist."""


def load() -> dict[str, Platform]:
    """Returns every platform by its name, in alphabetical order.

    Raises:
        TypeError: a folder has no `PLATFORM`, or its name is not the folder's.
    """
    return dict(_found())


def get(name: str) -> Platform:
    """Returns one platform.

    Raises:
        UnknownPlatform: there is none of that name.
    """
    known = load()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise UnknownPlatform(f"no platform is called {name!r}.{hint} Known: {', '.join(known)}")


@cache
def _found() -> dict[str, Platform]:
    platforms = {}
    for folder in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        if not folder.ispkg:
            continue
        platform = getattr(importlib.import_module(f"{__name__}.{folder.name}"), "PLATFORM", None)
        if not isinstance(platform, Platform) or platform.name != folder.name:
            raise TypeError(f"connectors/platforms/{folder.name} needs a PLATFORM of that name")
        platforms[folder.name] = platform
    return platforms
