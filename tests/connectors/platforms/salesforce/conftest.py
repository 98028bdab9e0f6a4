"""An organization that answers like Salesforce, and makers of what it answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.platforms import get

_PAGES = Path(__file__).parent / "pages"
API = "/services/data/v67.0"
INSTANCE = "https://acme.my.salesforce.com"
JOB = f"{API}/jobs/query/750R0000000zlh9IAA"


class Made:
    """Makers of answers (helpers cannot be imported between test modules)."""

    api, job, instance = API, JOB, INSTANCE
    stages = ("UploadComplete", "InProgress")

    @staticmethod
    def recorded(name: str) -> Any:
        """Returns a page of the documentation."""
        return json.loads((_PAGES / f"{name}.json").read_text("utf-8"))

    @staticmethod
    def csv(name: str) -> bytes:
        """Returns a page of CSV."""
        return (_PAGES / f"{name}.csv").read_bytes()

    @staticmethod
    def page(*rows: Any, more: str | None = None) -> dict[str, Any]:
        """Returns an answer with records."""
        following = {} if more is None else {"nextRecordsUrl": f"{API}/query/{more}"}
        return {"totalSize": len(rows), "done": more is None, "records": list(rows), **following}

    @staticmethod
    def count(rows: int) -> dict[str, Any]:
        """Returns the answer to a count."""
        return {"totalSize": rows, "done": True, "records": []}

    @staticmethod
    def counted(page: Any, rows: int = 1) -> Callable[[Any], Any]:
        """Answers a query with a page, and its count with a number."""
        return lambda asked: Made.count(rows) if "COUNT()" in asked.params["q"] else page

    @staticmethod
    def fields(*names: str) -> dict[str, Any]:
        """Returns the description of an object."""
        return {
            "fields": [
                {"name": one, "type": "string", "relationshipName": one.removesuffix("Id")}
                for one in names
            ]
        }

    @staticmethod
    def described(stream: str, *without: str, more: Sequence[str] = ()) -> dict[str, Any]:
        """Returns the description of a stream's object, but for some fields."""
        sources = [one.source for one in get("salesforce").stream(stream).columns]
        names = [one for one in (*sources, *more) if "." not in one and one != "custom"]
        return Made.fields(*(one for one in names if one not in without))


@pytest.fixture
def made() -> type[Made]:
    return Made


@pytest.fixture
def refused(kit: Any) -> Callable[..., Any]:
    """Makes a refusal in Salesforce's form."""
    return lambda status, code, text: kit.answer(
        [{"message": text, "errorCode": code}], status=status
    )


@pytest.fixture
def api(answering: Any, made: type[Made], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:00:00Z")
    secrets = {"my_domain": "acme.my.salesforce.com", "client_id": "3MVG9"}
    secrets["client_secret"] = "secret-0123456789"
    account = Account("00DRO0000001abc2AA", time_zone="Europe/Berlin", currency="EUR")
    api = answering(get("salesforce"), account, secrets, made.page())
    token = {"access_token": "00D!AQ0123456789", "instance_url": INSTANCE}
    api.answers["/services/oauth2/token"] = token
    for one in api.platform.streams:
        path = f"{API}/sobjects/{one.pages.object}/describe"
        api.answers[path] = made.described(one.name)
    return api
