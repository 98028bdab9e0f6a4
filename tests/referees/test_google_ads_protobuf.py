"""Google's own protobufs read what the sandbox serves: every row, every error, every field name.

The package `google-ads` speaks gRPC only, so its messages are the referee: each JSON row is parsed
into `GoogleAdsRow`, and a field, a type or an enum constant that v26 does not have is an error.
"""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from google.ads.googleads.v26.errors.types.errors import GoogleAdsFailure
from google.ads.googleads.v26.services.types.google_ads_service import (
    GoogleAdsRow,
    SearchGoogleAdsResponse,
    SearchGoogleAdsStreamResponse,
)
from google.protobuf import json_format

from connectors.sandbox.platforms.google_ads.fields import (
    ATTRIBUTES,
    RESOURCES,
    SEGMENTS,
    resource_of,
)
from connectors.sandbox.platforms.google_ads.metrics import METRICS
from connectors.sandbox.server import SandboxClient
from tests.referees.google_rest import AGENCY, BERLIN, post

DATES = "segments.date BETWEEN '2026-10-24' AND '2026-10-25'"
ONE_DAY = "segments.date = '2026-11-10'"
TYPES = {"INT64": 3, "INT32": 5, "DOUBLE": 1, "STRING": 9, "DATE": 9, "BOOLEAN": 8, "ENUM": 14}
TYPES["MESSAGE"] = 11
TYPES["RESOURCE_NAME"] = TYPES["STRING"]


def everything(resource: str) -> str:
    """A query of all that a resource has."""
    one = RESOURCES[resource]
    fields = [name for name in ATTRIBUTES if resource_of(name) in one.parts]
    where = ""
    if one.metrics:
        metrics = [name for name, each in METRICS.items() if each.resource in (None, resource)]
        fields += [name for name in metrics if name in (one.measured or metrics)]
        fields += sorted(one.segments)
        where = f" WHERE {ONE_DAY if one.one_day else DATES}"
    return f"SELECT {', '.join(fields)} FROM {resource}{where}"


@pytest.mark.parametrize("resource", list(RESOURCES))
def test_every_row_of_every_resource(sandbox: SandboxClient, resource: str) -> None:
    who, customer = (
        ("agency", AGENCY) if resource == "customer_client" else ("acme_outdoor", BERLIN)
    )
    body = {"query": everything(resource)}
    status, page = post(sandbox, f"v26/customers/{customer}/googleAds:search", body, who)
    assert status == 200, page
    message = SearchGoogleAdsResponse.pb()()
    json_format.ParseDict(page, message)
    assert len(message.results) == len(page["results"]) > 0
    for row in page["results"]:
        parsed = json_format.ParseDict(row, GoogleAdsRow.pb()())
        back = json_format.MessageToDict(parsed)
        assert normalized(back) == normalized(row), "nothing is lost, nothing is of another type"


def normalized(value: Any) -> Any:
    """JSON as protobuf prints it, with all numbers alike (3 and 3.0 are one double)."""
    if isinstance(value, dict):
        return {key: normalized(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [normalized(inner) for inner in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def test_a_stream_is_an_array_of_responses(sandbox: SandboxClient) -> None:
    body = {"query": everything("campaign")}
    _, chunks = post(
        sandbox, f"v26/customers/{BERLIN}/googleAds:searchStream", body, "acme_outdoor"
    )
    for chunk in chunks:
        json_format.ParseDict(chunk, SearchGoogleAdsStreamResponse.pb()())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"query": "SELECT nothing.x FROM campaign"}, 400),
        ({"query": "SELECT campaign.id FROM campaign", "pageSize": 5}, 400),
        ({"query": "SELECT campaign.id FROM campaign", "pageToken": "x"}, 400),
        ({"query": "SELECT metrics.clicks, segments.date FROM campaign"}, 400),
    ],
)
def test_refusals_are_failures_of_v26(
    sandbox: SandboxClient, body: dict[str, Any], status: int
) -> None:
    answer = post(sandbox, f"v26/customers/{BERLIN}/googleAds:search", body, "acme_outdoor")
    assert answer[0] == status
    failure(answer[1])


def test_refused_accounts_and_managers_are_failures_of_v26(sandbox: SandboxClient) -> None:
    body = {"query": "SELECT campaign.id, metrics.clicks FROM campaign"}
    path = "v26/customers/{}/googleAds:search"
    for customer, who, status in (
        ("4200000337", "acme_outdoor", 403),
        ("1111111111", "acme_outdoor", 401),
        (AGENCY, "agency", 400),
    ):
        received, answer = post(sandbox, path.format(customer), body, who)
        assert received == status
        failure(answer)


@pytest.mark.parametrize("kind", ["429", "429_retry_after", "500", "503", "expired_token"])
def test_faults_are_failures_of_v26(sandbox: SandboxClient, kind: str) -> None:
    sandbox.set_faults(rate=1, kinds=[kind], retry_after=0.5, token_grace=0)
    body = {"query": "SELECT campaign.id FROM campaign"}
    _, answer = post(sandbox, f"v26/customers/{BERLIN}/googleAds:search", body, "acme_outdoor")
    sandbox.set_faults()
    parsed = failure(answer)
    if kind == "429_retry_after":
        assert parsed.errors[0].details.quota_error_details.retry_delay.ToMilliseconds() == 500


def failure(answer: dict[str, Any]) -> Any:
    detail = dict(answer["error"]["details"][0])
    assert detail.pop("@type") == (
        "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure"
    )
    parsed = json_format.ParseDict(detail, GoogleAdsFailure.pb()())
    assert parsed.errors[0].error_code.WhichOneof("error_code")
    assert parsed.request_id
    return parsed


@pytest.mark.parametrize("version", ["v23", "v26"])
def test_every_field_exists_in_the_oldest_and_the_newest_version_with_its_type(
    version: str,
) -> None:
    service = importlib.import_module(
        f"google.ads.googleads.{version}.services.types.google_ads_service"
    )
    kinds = {name: one.data_type for name, one in ATTRIBUTES.items()}
    kinds |= SEGMENTS | {name: one.data_type for name, one in METRICS.items()}
    for name, kind in kinds.items():
        descriptor = service.GoogleAdsRow.pb().DESCRIPTOR
        *parents, last = name.split(".")
        for part in parents:
            descriptor = descriptor.fields_by_name[part].message_type
        # Python reserves `type`; on the wire and in queries the field has no underscore.
        field = descriptor.fields_by_camelcase_name.get(camel(last))
        assert field is not None, f"{name} is not in {version}"
        assert field.type == TYPES[kind], name
        if name in ATTRIBUTES:
            assert field.is_repeated == ATTRIBUTES[name].repeated, name


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
