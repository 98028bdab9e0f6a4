"""The error tree."""

from __future__ import annotations

import pickle

import pytest

from connectors.core import errors
from connectors.core.errors import ConnectorError, RateLimited, Terminal, Transient


def _all(kind: type[ConnectorError]) -> list[type[ConnectorError]]:
    return [kind, *(below for each in kind.__subclasses__() for below in _all(each))]


def _of_core() -> list[type[ConnectorError]]:
    """Not those of platforms, which are there or not by what else is imported."""
    return [kind for kind in _all(ConnectorError) if kind.__module__ == errors.__name__]


def test_the_drawn_tree_is_the_tree() -> None:
    drawn = errors.__doc__ or ""
    names = {kind.__name__ for kind in _of_core()}
    assert names == {
        "ConnectorError",
        "Transient",
        "RateLimited",
        "ServerTrouble",
        "NetworkTrouble",
        "ReportNotReady",
        "Terminal",
        "AuthRejected",
        "AccountGone",
        "AccountSkipped",
        "BadRequest",
        "FieldRefused",
        "TooHeavy",
        "QuotaSpent",
        "VersionSunset",
        "ShapeChanged",
    }
    assert all(name in drawn for name in names)


@pytest.mark.parametrize("kind", _of_core(), ids=lambda kind: kind.__name__)
def test_every_error_has_a_remedy_and_survives_pickling(kind: type[ConnectorError]) -> None:
    error = kind("it broke", platform="example", url="https://api.example/x")
    error.located(platform="other", stream="things", account="42", window="2026-01-01..2026-01-08")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert str(copy) == str(error)
    assert error.remedy
    assert error.error_class == kind.__name__


def test_the_text_says_where_what_and_what_to_do() -> None:
    error = RateLimited("too many", retry_after=3.5, remedy="Wait.", platform="example")
    error.located(stream="things", account="42", window="2026-01-01..2026-01-08")
    assert str(error) == (
        "example/things account 42 window 2026-01-01..2026-01-08: too many. Remedy: Wait."
    )
    assert pickle.loads(pickle.dumps(error)).retry_after == 3.5


def test_the_first_place_known_wins() -> None:
    error = Terminal("no", account="1").located(account="2", stream="things")
    assert (error.account, error.stream) == ("1", "things")


def test_the_two_branches_are_apart() -> None:
    assert not set(_all(Transient)) & set(_all(Terminal))
