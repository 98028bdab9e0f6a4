"""Who the people behind the figures are: age and gender, as ad platforms group them."""

from __future__ import annotations

import numpy as np

AGES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
GENDERS = ("female", "male", "unknown")
SEGMENTS = tuple((age, gender) for age in AGES for gender in GENDERS)

_AGE_SHARES = np.array([0.12, 0.27, 0.24, 0.18, 0.12, 0.07])
_GENDER_SHARES = np.array([0.52, 0.45, 0.03])


def segment_bounds(
    random: np.random.Generator, count: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Returns where each segment ends in the whole of each of `count` ads; the last end is 1."""
    typical = np.outer(_AGE_SHARES, _GENDER_SHARES).ravel()
    weights = typical * random.lognormal(0.0, 0.35, (count, len(SEGMENTS)))
    bounds = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    bounds[:, -1] = 1.0
    return bounds
