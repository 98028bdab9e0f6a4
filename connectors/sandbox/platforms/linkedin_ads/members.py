"""Who the people behind the figures are: what part of them each value of a member pivot has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

LATE = timedelta(hours=18)
"""How much later than the other figures those of members are known."""
_STEP = 3
"""Figures are shown in steps of so many events; what has fewer is left out."""
_SENIORITIES = {3: 14, 4: 31, 5: 19, 6: 17, 7: 9, 8: 6, 10: 4}
_FUNCTIONS = {1: 8, 4: 12, 8: 17, 12: 26, 15: 9, 19: 11, 25: 17}
_INDUSTRIES = {4: 18, 43: 11, 47: 9, 68: 13, 96: 22, 104: 16, 1810: 11}
_COUNTRIES = {102713980: 71, 101165590: 12, 103644278: 9, 104305776: 8}
_SIZES = {
    "SIZE_1": 2, "SIZE_2_TO_10": 9, "SIZE_11_TO_50": 21, "SIZE_51_TO_200": 26,
    "SIZE_201_TO_500": 14, "SIZE_501_TO_1000": 8, "SIZE_1001_TO_5000": 11, "SIZE_10001_OR_MORE": 7,
}  # fmt: skip
PIVOTS: Mapping[str, Mapping[str, int]] = {
    "MEMBER_COMPANY_SIZE": _SIZES,
    "MEMBER_INDUSTRY": {f"urn:li:industry:{one}": part for one, part in _INDUSTRIES.items()},
    "MEMBER_SENIORITY": {f"urn:li:seniority:{one}": part for one, part in _SENIORITIES.items()},
    "MEMBER_JOB_FUNCTION": {f"urn:li:function:{one}": part for one, part in _FUNCTIONS.items()},
    "MEMBER_COUNTRY_V2": {f"urn:li:geo:{one}": part for one, part in _COUNTRIES.items()},
}
"""By pivot, the percent of each value; what is missing to 100 is unknown and never shown."""
MEASURES: Sequence[str] = (
    "impressions", "clicks", "cost_cents", "conversions_hundredths", "oneClickLeads", "videoViews",
    "totalEngagements",
)  # fmt: skip
"""The measures that have data by member."""


def part_of(figures: Mapping[str, int], percent: int) -> dict[str, int]:
    """Returns what a part of the people has, as the platform shows it: roughly, or not at all."""
    shown = {}
    for name in MEASURES:
        figure = figures[name] * percent // 100
        if name == "cost_cents":
            shown[name] = figure
            continue
        unit = 100 if name == "conversions_hundredths" else 1
        steps = round(figure / unit / _STEP)
        shown[name] = 0 if figure < _STEP * unit else steps * _STEP * unit
    return shown
