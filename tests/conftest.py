"""What all tests share: dbt's parsed project, and the options of the long crash test."""

import os
import shutil
import tempfile

import pytest

from tests import parsed_project


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds how often the crash tests kill."""
    parser.addoption("--kills", type=int, default=20, help="kills of pull, build and publish")
    parser.addoption("--whole-run-kills", type=int, default=1, help="kills of `tributary run`")


def pytest_configure(config: pytest.Config) -> None:
    """Makes the session's folder for the parsed project; workers inherit its name."""
    if not hasattr(config, "workerinput"):
        os.environ[parsed_project.VARIABLE] = tempfile.mkdtemp(prefix="tests-of-tributary-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes that folder."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(parsed_project.VARIABLE))
