"""What a row of Google Ads is about, and what a field and a resource are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.google_ads.clicks import Click
from connectors.sandbox.platforms.google_ads.geography import GeoTarget, Place
from connectors.sandbox.platforms.google_ads.keywords import Keyword
from connectors.sandbox.platforms.google_ads.labels import Label
from connectors.sandbox.platforms.google_ads.placements import Placement
from connectors.sandbox.platforms.google_ads.search_terms import Term
from connectors.sandbox.tables.things import Thing

Value = str | int | bool | list[str] | list[dict[str, str]] | None


@dataclass(frozen=True, slots=True)
class Subject(Thing):
    """What one row is about: a thing, or one of the parts that a resource cuts things into.

    Attributes:
        client: The account below a manager, or the account itself, in `customer_client`.
        depth: How far below it is.
        keyword: The keyword of a criterion; None for another kind of criterion.
        place, target: The place of `geographic_view`, and that of `geo_target_constant`.
        term: The search term of `search_term_view`.
        click: The click of `click_view`.
        placement: The placement of `group_placement_view`.
        label: The label of `label` and of what joins it to a campaign, an ad group, an ad.
    """

    client: Account | None = None
    depth: int = 0
    keyword: Keyword | None = None
    place: Place | None = None
    target: GeoTarget | None = None
    term: Term | None = None
    click: Click | None = None
    placement: Placement | None = None
    label: Label | None = None

    @property
    def a_client(self) -> Account:
        """The client of a row of `customer_client`."""
        assert self.client is not None
        return self.client

    @property
    def a_place(self) -> Place:
        """The place of a row of `geographic_view`."""
        assert self.place is not None
        return self.place

    @property
    def a_target(self) -> GeoTarget:
        """The place of a row of `geo_target_constant`."""
        assert self.target is not None
        return self.target

    @property
    def a_term(self) -> str:
        """The search term of a row of `search_term_view`."""
        assert self.term is not None
        assert self.term.text is not None
        return self.term.text

    @property
    def a_placement(self) -> Placement:
        """The placement of a row of `group_placement_view`."""
        assert self.placement is not None
        return self.placement

    @property
    def a_label(self) -> Label:
        """The label of a row."""
        assert self.label is not None
        return self.label

    @property
    def a_click(self) -> Click:
        """The click of a row of `click_view`."""
        assert self.click is not None
        return self.click


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field of a resource. `read` returns None when the field is unset (and so absent)."""

    name: str
    data_type: str
    read: Callable[[Subject], Value]
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """What can stand in FROM.

    Attributes:
        parts: The resources whose fields can be selected: its own and those it is attributed to.
        segments: The segments it can be split by.
        metrics: Whether it has metrics.
        measured: The only metrics that it has; empty for all.
        one_day: Whether a query asks for exactly one day, of the last 90.
        dividing: Those of its parts that divide its rows when something of them is selected.
    """

    name: str
    parts: tuple[str, ...]
    segments: frozenset[str] = frozenset()
    metrics: bool = True
    dividing: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()
    one_day: bool = False


def always(value: Value) -> Callable[[Subject], Value]:
    """Returns a reader of a field that is the same everywhere."""
    return lambda _: value


def micros(cents: int | None) -> int | None:
    """Returns an amount as the platform writes it."""
    return None if cents is None else cents * 10_000
