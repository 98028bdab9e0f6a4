"""Sharing a day's figures out among parts, so that the parts add up to the whole at every clock.

A part's share is a whole number; a figure is cut at the rounded running totals of the shares. So
late conversions and credits reach the parts as they reach the whole, and nothing else is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from connectors.sandbox.business.portfolio import Integers


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of parts, which stand parent by parent.

    Attributes:
        parent: The position of each part's parent.
        weight: The share of each part; a parent of which all weigh nothing gives nothing away.
    """

    parent: Integers
    weight: Integers

    def cut(self, whole: Integers) -> Integers:
        """Cuts figures of shape (measure, parent) into (measure, part)."""
        running = self.weight.cumsum()
        starts = np.searchsorted(self.parent, self.parent)
        before = running[starts] - self.weight[starts]
        above = running - before
        below = above - self.weight
        last = np.searchsorted(self.parent, self.parent, side="right") - 1
        total = np.maximum(running[last] - before, 1)
        figures = whole[:, self.parent]
        return np.asarray(figures * above // total - figures * below // total)


def divided(whole: Integers, weight: Integers, unit: Integers | None = None) -> Integers:
    """Divides each figure among parts, which become the last axis.

    Args:
        whole: Figures, shape (measure, subject, ...).
        weight: The parts' shares of each subject, shape (subject, part); all of one subject that
            weigh nothing give nothing away.
        unit: What each measure comes in: of a platform that counts whole conversions, a hundred
            hundredths. None: ones.
    """
    if unit is not None:
        units = unit.reshape((-1,) + (1,) * (whole.ndim - 1))
        return np.asarray(divided(whole // units, weight) * units[..., None])
    above = weight.cumsum(axis=1)
    total = np.maximum(above[:, -1:], 1)
    further = (1,) * (whole.ndim - 2)
    shape = (len(weight), *further, weight.shape[1])
    figures = whole[..., None]
    upper = figures * above.reshape(shape) // total.reshape((len(weight), *further, 1))
    lower = figures * (above - weight).reshape(shape) // total.reshape((len(weight), *further, 1))
    return np.asarray(upper - lower)


def varied(seed: list[int], usual: Integers) -> Integers:
    """Returns the shares of one day: each differs from what is usual by up to two fifths."""
    return np.asarray(usual * np.random.default_rng(seed).integers(60, 141, len(usual)))
