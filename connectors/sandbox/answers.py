"""The truth of every platform and of the business: each level is answered by all that know it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from connectors.sandbox.business import Business
from connectors.sandbox.service import services
from connectors.sandbox.tracking import levels as collected
from connectors.sandbox.truth import business as whole
from connectors.sandbox.truth.question import Question, Row

_BESIDE = (whole.LEVELS, collected.LEVELS)
"""Of the business as a whole, and of what its sites collect: no platform serves these."""


def answer(business: Business, question: Question) -> Iterator[Row]:
    """Returns the rows of a level as of a clock, one platform after the other.

    Raises:
        ValueError: The level or the platform is not known.
    """
    names = [one.name for one in services()]
    if question.platform is not None and question.platform not in names:
        raise ValueError(f"unknown platform {question.platform!r}; known are {names}")
    if question.level not in levels():
        raise ValueError(f"unknown level {question.level!r}; known are {list(levels())}")
    asked = [
        *_BESIDE,
        *(one.truth for one in services() if question.platform in (None, one.name)),
    ]
    known = [one[question.level] for one in asked if question.level in one]
    return chain.from_iterable(one(business, question) for one in known)


def levels() -> tuple[str, ...]:
    """Returns every level that is answered."""
    return tuple(dict.fromkeys(chain(*_BESIDE, *(one.truth for one in services()))))
