"""Parts of ad groups of which some are withheld: search terms, placements.

What is withheld is in the ad group's figures and in no row. Of a campaign without ad groups they
are parts of the campaign.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Generic, Protocol, TypeVar

import numpy as np

from connectors.sandbox.business.entities import AdGroup, Campaign
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Integers, Portfolio, positions
from connectors.sandbox.business.shares import Shares, varied


class Part(Protocol):
    """A part of an ad group, or (without a text) those of it that are withheld."""

    @property
    def campaign(self) -> Campaign: ...  # noqa: D102
    @property
    def ad_group(self) -> AdGroup | None: ...  # noqa: D102
    @property
    def text(self) -> str | None: ...  # noqa: D102


P = TypeVar("P", bound=Part)


class GroupParts(Generic[P]):
    """All parts of one kind that the ad groups of an account have.

    Args:
        parameters: The size of the business.
        portfolio: The account's units.
        stream: The number of what is drawn.
        weighed: The parts, ad group by ad group, with what they usually weigh.

    Attributes:
        owners: The id of each part's ad group, or of its campaign.
    """

    def __init__(
        self,
        parameters: Parameters,
        portfolio: Portfolio,
        stream: int,
        weighed: Sequence[tuple[P, int]],
    ) -> None:
        self._key = [parameters.seed, stream, portfolio.account.serial]
        self.all = tuple(part for part, _ in weighed)
        self.owners = [(part.ad_group or part.campaign).id for part in self.all]
        self._parent = positions(self.owners)
        self._usual: Integers = np.array([weight for _, weight in weighed], dtype=np.int64)

    def shares(self, day: date) -> Shares:
        """Returns each part's share of its ad group's figures of a day."""
        return Shares(self._parent, varied([*self._key, day.toordinal()], self._usual))
