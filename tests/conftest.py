"""What all tests share: an environment of their own, and the options of the long crash test."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds how often the crash tests kill."""
    parser.addoption("--kills", type=int, default=20, help="kills of pull, build and publish")
    parser.addoption("--whole-run-kills", type=int, default=1, help="kills of `tributary run`")
