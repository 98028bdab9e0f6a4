"""What a simulated business is made from: a seed, its size and its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_LIMITS = {
    "organizations": (1, 400),
    "accounts": (1, 100),
    "campaigns": (1, 2_000),
    "ad_groups": (1, 1_000),
    "ads": (1, 1_000),
    "days": (1, 4_000),
    "imported_people": (0, 400_000),
}
_MOST_ADS_PER_ACCOUNT = 500_000


@dataclass(frozen=True, slots=True)
class Parameters:
    """The seed and the size of a business; equal parameters give equal figures in every process.

    Attributes:
        seed: Any non-negative integer.
        organizations: Number of organizations; the first three are scripted.
        accounts: Ad accounts of each organization; None takes the scripted number.
        campaigns: Campaigns of each account.
        ad_groups: Ad groups of each campaign whose channel has any.
        ads: Ads of each ad group.
        days: Business days, ending with `end`.
        end: The last day on which anything happens.
        imported_people: People whom an import brought into each system for sales; they were all
            changed in the same second.

    Raises:
        ValueError: A size is out of its limits.
    """

    seed: int = 7
    organizations: int = 3
    accounts: int | None = None
    campaigns: int = 7
    ad_groups: int = 2
    ads: int = 3
    days: int = 120
    end: date = date(2026, 11, 15)
    imported_people: int = 0

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise ValueError(f"seed must not be negative, got {self.seed}")
        for name, (least, most) in _LIMITS.items():
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise ValueError(f"{name} must be between {least} and {most}, got {value}")
        ads = self.campaigns * self.ad_groups * self.ads
        if ads > _MOST_ADS_PER_ACCOUNT:
            raise ValueError(
                f"an account can hold {_MOST_ADS_PER_ACCOUNT:,} ads at most, got {ads:,}"
            )

    @property
    def first_day(self) -> date:
        """The first day on which anything happens."""
        return self.end - timedelta(days=self.days - 1)

    def day_at(self, share: float) -> date:
        """Returns the business day that lies `share` (0 to 1) of the way from first to last."""
        return self.first_day + timedelta(days=round((self.days - 1) * share))

    def days_before_end(self, count: int) -> date:
        """Returns the day `count` days before the end, squeezed into a short business.

        A business of 60 days or more has room for every scripted day where it stands; a shorter
        one keeps their order and their share of the time.
        """
        squeezed = count if self.days > 60 else round(count * (self.days - 1) / 60)
        return self.end - timedelta(days=squeezed)
