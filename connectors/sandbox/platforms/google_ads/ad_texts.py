"""The headlines and descriptions that a responsive search ad is put together from."""

from __future__ import annotations

from connectors.sandbox.business.entities import Ad, Organization

_TYPE = "RESPONSIVE_SEARCH_AD"
_HEADLINES = ("{name}", "{product} online", "Free returns", "In stock: {product}")
_DESCRIPTIONS = ("Find {product} and more at {name}.", "Delivered in two days | 30 days to return.")


def headlines(ad: Ad, organization: Organization) -> list[str]:
    """Returns the headlines of an ad, the first of which is pinned; none of another type."""
    return _texts(_HEADLINES, ad, organization)


def descriptions(ad: Ad, organization: Organization) -> list[str]:
    """Returns the descriptions of an ad; none of another type."""
    return _texts(_DESCRIPTIONS, ad, organization)


def _texts(patterns: tuple[str, ...], ad: Ad, organization: Organization) -> list[str]:
    if ad.type != _TYPE:
        return []
    product = organization.products[ad.id % len(organization.products)]
    return [one.format(name=organization.name, product=product) for one in patterns]
