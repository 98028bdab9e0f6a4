"""Country, region and city of an address, by a GeoIP database (mmdb) that the user supplies.

GeoLite's licence forbids to pass it on, so none comes with this. https://maxmind.github.io/MaxMind-DB/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import maxminddb

from connectors.core.errors import ShapeChanged


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address is; what the database does not say is None."""

    country: str | None = None
    region: str | None = None
    city: str | None = None


NOWHERE = Place()


class Places:
    """Places by address.

    Args:
        path: of the database; empty for none, then no address has a place.

    Raises:
        ShapeChanged: there is no such database.
    """

    def __init__(self, path: str) -> None:
        self._reader = _opened(path) if path else None

    def of(self, address: str | None) -> Place:
        """Returns the place of an address."""
        return NOWHERE if address is None or self._reader is None else self._looked_up(address)

    def _looked_up(self, address: str) -> Place:
        assert self._reader is not None
        try:
            found: Any = self._reader.get(address)
        except (ValueError, maxminddb.InvalidDatabaseError):
            return NOWHERE
        names = _at(found, "city", "names")
        regions = found.get("subdivisions") if isinstance(found, dict) else None
        region = regions[0] if isinstance(regions, list) and regions else None
        return Place(
            _text(_at(found, "country", "iso_code")),
            _text(_at(region, "iso_code")),
            _text(names.get("en")) if isinstance(names, dict) else None,
        )


def _opened(path: str) -> maxminddb.Reader:
    try:
        return maxminddb.open_database(path)
    except (OSError, ValueError, maxminddb.InvalidDatabaseError):
        raise ShapeChanged(
            f"the setting geoip names no GeoIP database (mmdb): {path}",
            remedy="Correct the path and apply the connection, or leave geoip out.",
        ) from None


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
