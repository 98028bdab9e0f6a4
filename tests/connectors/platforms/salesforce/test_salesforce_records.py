"""Records by REST: what is asked for, fields that are hidden, settings, and what refusals mean."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    FieldRefused,
    QuotaSpent,
    RateLimited,
    ShapeChanged,
    TooHeavy,
    Transient,
    VersionSunset,
)
from connectors.core.window import BEGINNING, Window
from connectors.platforms.salesforce.failures import NotThere

NOW = datetime(2026, 11, 15, 6, tzinfo=UTC)
SINCE = Window(datetime(2026, 11, 1, tzinfo=UTC), NOW)


def queries(api: Any) -> list[str]:
    """The queries that were asked, in their order."""
    return [parse_qs(urlsplit(one.url).query)["q"][0] for one in api.asked if "q=" in one.url]


def test_a_window_is_counted_and_read_with_deleted_rows(api: Any, made: Any) -> None:
    first = made.recorded("query")
    second = {**first["records"][0], "Id": "001RO000003abdDYAQ", "IsDeleted": True}

    api.answers[f"{made.api}/queryAll"] = made.counted(first, 2)
    path = "/query/0r8xx0000001abcAAA-2000"
    api.answers[made.api + path] = made.page({**second, "MasterRecordId": "001RO000003abcDYAQ"})
    rows = api.rows("accounts", SINCE)
    assert [(one["is_deleted"], one["master_record_id"]) for one in rows] == [
        (False, None),
        (True, "001RO000003abcDYAQ"),
    ]
    assert rows[0]["updated_at"] == datetime(2026, 11, 1, 9, 12, 3, tzinfo=UTC)
    assert (rows[0]["employees"], rows[0]["_extra"]) == (25, None)
    counted, asked = queries(api)
    window = "SystemModstamp >= 2026-11-01T00:00:00Z AND SystemModstamp < 2026-11-15T06:00:00Z"
    assert counted == f"SELECT COUNT() FROM Account WHERE {window}"
    assert asked.endswith(f" FROM Account WHERE {window}")
    assert not {"Phone", "BillingStreet"} & set(asked.replace(",", "").split())
    assert api.asked[-1].headers["Sforce-Query-Options"] == "batchSize=2000"


def test_fields_that_are_missing_are_named_together_and_the_rest_loads(api: Any, made: Any) -> None:
    api.answers[f"{made.api}/sobjects/Account/describe"] = made.described(
        "accounts", "Industry", "Website"
    )
    row = {"Id": "001", "SystemModstamp": "2026-11-02T00:00:00.000+0000", "Name": "Acme"}
    api.answers[f"{made.api}/queryAll"] = made.counted(made.page(row))
    stream = api.platform.stream("accounts")
    with pytest.raises(FieldRefused, match="Website, Industry") as refusal:
        list(stream.pages(client(api), api.account, SINCE))
    assert stream.dispensable(refusal.value.fields) == {
        "website": "Website",
        "industry": "Industry",
    }
    (found,) = api.rows("accounts", SINCE)
    assert (found["name"], found["industry"], found["website"]) == ("Acme", None, None)
    assert "Industry" not in queries(api)[-1]


def test_a_field_that_vanishes_after_the_description_costs_itself_alone(
    api: Any, made: Any, refused: Callable[..., Any]
) -> None:
    def answer(asked: Any) -> Any:
        if "COUNT()" in asked.params["q"]:
            return made.count(1)
        if "Industry" in asked.params["q"]:
            said = "\nSELECT Industry FROM Account\n ^\nERROR at Row:1:Column:8\nNo such column "
            return refused(400, "INVALID_FIELD", f"{said}'Industry' on entity 'Account'. If …")
        return made.page({"Id": "001", "SystemModstamp": "2026-11-02T00:00:00.000+0000"})

    api.answers[f"{made.api}/queryAll"] = answer
    (found,) = api.rows("accounts", SINCE)
    assert (found["record_id"], found["industry"]) == ("001", None)


def test_a_key_that_is_hidden_fails_its_stream(api: Any, made: Any) -> None:
    api.answers[f"{made.api}/sobjects/Account/describe"] = made.described(
        "accounts", "SystemModstamp"
    )
    with pytest.raises(FieldRefused, match="SystemModstamp"):
        api.rows("accounts", SINCE)


def test_what_many_do_not_have_is_not_missed(api: Any, made: Any) -> None:
    """UTM fields are found however they are spelled; currency and record type may be absent."""
    without = ("utm_medium__c", "utm_term__c", "utm_content__c", "utm_source__c")
    path = f"{made.api}/sobjects/Lead/describe"
    api.answers[path] = made.described("leads", *without, more=["UTM_Source__c"])
    row = {"Id": "00Q", "SystemModstamp": "2026-11-02T00:00:00.000+0000", "UTM_Source__c": "x"}
    api.answers[f"{made.api}/queryAll"] = made.counted(made.page(row))
    (found,) = api.rows("leads", SINCE)
    assert (found["utm_source"], found["utm_medium"], found["_extra"]) == ("x", None, None)
    assert "UTM_Source__c" in queries(api)[-1]
    assert "utm_medium__c" not in queries(api)[-1]


def test_an_object_that_is_hidden(api: Any, made: Any, refused: Callable[..., Any]) -> None:
    hidden = refused(404, "NOT_FOUND", "The requested resource does not exist")
    for name in ("OpportunityFieldHistory", "Lead"):
        api.answers[f"{made.api}/sobjects/{name}/describe"] = hidden
    assert api.rows("opportunity_field_history", SINCE) == []
    with pytest.raises(NotThere, match="NOT_FOUND"):
        api.rows("leads", SINCE)


def test_declared_fields_stand_apart(api: Any, made: Any) -> None:
    names = "Opportunity.Channel__c, Opportunity.Gone__c Opportunity.Who__c Lead.Plan__c"
    settings = {"fields": names}
    api.account = replace(api.account, settings=settings)
    path = f"{made.api}/sobjects/Opportunity/describe"
    described = made.described("opportunities", more=["channel__C"])
    described["fields"].append({"name": "Who__c", "type": "email"})
    api.answers[path] = described
    row = {"Id": "006", "SystemModstamp": "2026-11-02T00:00:00.000+0000", "channel__C": "Guild"}
    row["RecordType"] = {"attributes": {"type": "RecordType"}, "Name": "Sales"}
    api.answers[f"{made.api}/queryAll"] = made.counted(made.page(row))
    (found,) = api.rows("opportunities", SINCE)
    assert json.loads(found["custom"]) == {"channel__C": "Guild"}
    assert (found["pipeline_name"], found["_extra"]) == ("Sales", None)
    # One is not there, the other holds addresses of people.
    assert not {"Gone__c", "Who__c"} & set(queries(api)[-1].replace(",", "").split())


def test_a_list_is_read_without_what_is_deleted(api: Any, made: Any) -> None:
    row = {"Id": "005", "Name": "Kim", "Email": "Kim@A.example", "IsActive": False}
    api.answers[f"{made.api}/query"] = made.counted(made.page(row))
    (found,) = api.rows("users")
    assert (found["owner_id"], found["email"], found["is_active"]) == (
        "005",
        "<kim@a.example>",
        False,
    )
    assert queries(api)[-1].endswith("FROM User")


def test_a_query_that_takes_too_long_is_cut_in_halves(
    api: Any, made: Any, refused: Callable[..., Any]
) -> None:
    def answer(asked: Any) -> Any:
        query = asked.params["q"]
        if "COUNT()" in query:
            return made.count(1)
        if "2026-11-01T00:00:00Z" in query and "2026-11-15" in query:
            return refused(400, "QUERY_TIMEOUT", "Your query request was running for too long.")
        stamp = query.rpartition(">= ")[2][:19]
        return made.page({"Id": stamp, "SystemModstamp": f"{stamp}.000+0000"})

    api.answers[f"{made.api}/queryAll"] = answer
    rows = api.rows("accounts", SINCE)
    assert [one["record_id"] for one in rows] == ["2026-11-01T00:00:00", "2026-11-08T03:00:00"]


@pytest.mark.parametrize(
    ("status", "code", "text", "expected"),
    [
        (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", QuotaSpent),
        (403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API", RateLimited),
        (400, "LIMIT_EXCEEDED", "Max bulk v2 query jobs", QuotaSpent),
        (400, "INVALID_QUERY_LOCATOR", "invalid query locator", Transient),
        (400, "OPERATION_TOO_LARGE", "exceeded", TooHeavy),
        (400, "MALFORMED_QUERY", "unexpected token", BadRequest),
        (400, "INVALID_TYPE", "sObject type 'X' is not supported.", NotThere),
        (401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE", AuthRejected),
        (403, "API_DISABLED_FOR_ORG", "API is disabled", AuthRejected),
        (410, "GONE", "no longer available", VersionSunset),
        (420, "", "", RateLimited),
    ],
)
def test_what_refusals_mean(
    api: Any, kit: Any, status: int, code: str, text: str, expected: type[ConnectorError]
) -> None:
    body = [{"message": text, "errorCode": code}] if code else None
    found = api.platform.read_error(kit.reply(body, status))
    assert type(found) is expected
    assert code in found.message
    if expected is Transient:
        assert found.restart_chunk


def test_the_last_requests_of_a_day_are_left_to_others(api: Any, kit: Any) -> None:
    def spent(text: str) -> Any:
        return api.platform.read_error(kit.reply({}, headers={"Sforce-Limit-Info": text}))

    assert spent("api-usage=94999/100000") is None
    assert isinstance(spent("api-usage=95000/100000; per-app-api-usage=1/9(appName=x)"), QuotaSpent)
    assert spent("") is None


def organization(id_: str, **said: Any) -> dict[str, Any]:
    named = {"Name": "Acme", "TimeZoneSidKey": "Europe/Berlin", "IsSandbox": False}
    return {"Id": id_, **named, **said}


def test_an_organization_is_described_and_another_one_is_gone(
    api: Any, made: Any, refused: Callable[..., Any]
) -> None:
    def answer(asked: Any) -> Any:
        if "CurrencyType" in asked.params["q"]:
            return made.page({"IsoCode": "EUR"})
        return made.page(organization("00DRO0000001abc", IsSandbox=True))

    api.answers[f"{made.api}/query"] = answer
    unknown = replace(api.account, currency="")
    described = api.platform.describe_account(client(api), unknown)
    assert described == replace(api.account, name="Acme (sandbox)")
    with pytest.raises(AccountGone, match="00DRO0000001abc2AA"):
        api.platform.describe_account(client(api), Account("00DRO0000001abd2AA"))


def test_one_currency_is_stated_by_the_connection(
    api: Any, made: Any, refused: Callable[..., Any]
) -> None:
    api.answers[f"{made.api}/query"] = lambda asked: (
        refused(400, "INVALID_TYPE", "sObject type 'CurrencyType' is not supported.")
        if "CurrencyType" in asked.params["q"]
        else made.page(organization("00DRO0000001abc2AA"))
    )
    api.account = replace(api.account, currency="", settings={"currency": "NZD"})
    assert api.platform.describe_account(client(api), api.account).currency == "NZD"


def test_an_answer_without_records_is_another_shape(api: Any, made: Any) -> None:
    api.answers[f"{made.api}/queryAll"] = {"totalSize": 1}
    with pytest.raises(ShapeChanged, match="records"):
        api.rows("leads", Window(BEGINNING, NOW))


def client(api: Any) -> Any:
    server = api.kit.server(api)
    named = {"platform": api.platform, "account": api.account, "credential": api.credential}
    return api.kit.client(server, **named)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"objects": "x"}, "has no setting"),
        ({"currency": "euro"}, "is no currency"),
        ({"fields": "Lead.FirstName"}, "identifies a person"),
        ({"fields": "Contact.Work_Phone__c"}, "identifies a person"),
        ({"fields": "Case.Subject"}, "is no field"),
        ({"fields": " ".join(f"Lead.P{one}__c" for one in range(61))}, "more than 60"),
    ],
)
def test_settings_that_cannot_work_are_refused(
    api: Any, settings: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        api.platform.check_settings(api.account.id, settings)
    api.platform.check_settings(api.account.id, {"fields": "Lead.Plan__c", "currency": "EUR"})
