"""Secrets leave every text."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.redaction import (
    MASK,
    SHORTEST_SECRET,
    RedactingFilter,
    Redactor,
    guard_http_logs,
    masked_traceback,
    redact,
)
from connectors.core.spellings import Spellings

_SECRET = "s3cr3t-Value.9/x+y=z"

_secrets = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=8, max_size=40
).filter(lambda text: not set(text) <= {"*", "\\"})


@pytest.mark.parametrize(
    "text",
    [
        f"https://graph.example/v1/x?access_token={_SECRET}&limit=5",
        f"https://graph.example/v1/x?limit=5&refresh_token={_SECRET}",
        f"/v1/x?key={_SECRET}#part",
        f"GET /v1/x?appsecret_proof={_SECRET} HTTP/1.1",
        f"client_secret={_SECRET}&grant_type=refresh_token",
        f"Authorization: Bearer {_SECRET}",
        f"{{'Authorization': 'Bearer {_SECRET}'}}",
        f"Authorization: Basic {_SECRET}",
        f"developer-token: {_SECRET}",
        f"{{'developer-token': '{_SECRET}'}}",
        f"X-Shopify-Access-Token: {_SECRET}",
        f"https://user:{_SECRET.replace('/', '_')}@host/path",
        f'{{"error":"invalid_grant","refresh_token":"{_SECRET}"}}',
        f'{{"access_token" : "{_SECRET}", "expires_in": 3599}}',
        json.dumps({"body": json.dumps({"client_secret": _SECRET})}),
        "Bearer%20" + quote(_SECRET, safe=""),
    ],
)
def test_places_of_secrets_are_masked_without_knowing_the_secret(text: str) -> None:
    clean = redact(text)
    assert _SECRET not in clean
    assert _SECRET.replace("/", "_") not in clean
    assert quote(_SECRET, safe="") not in clean
    assert MASK in clean


@pytest.mark.parametrize("token", ["ya29.a0AfB_by-C12", "1//0gAbCdEf-GhIjK_lm"])
def test_google_tokens_are_known_by_their_look(token: str) -> None:
    assert redact(f"sent {token} twice") == f"sent {MASK} twice"


@pytest.mark.parametrize(
    "text",
    [
        "HTTP 400: error code=400, status INVALID_ARGUMENT",
        "segments.date BETWEEN '2026-01-01' AND '2026-01-14'",
        '{"errorCode":{"quotaError":"RESOURCE_EXHAUSTED"},"code":"x"}',
        "https://googleads.googleapis.com/v26/customers/123/googleAds:search",
        "the primary key is date, campaign_id",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact(text) == text


@given(_secrets, st.text(max_size=20), st.text(max_size=20))
def test_a_known_secret_never_survives_in_any_spelling(
    secret: str, before: str, after: str
) -> None:
    clean = Redactor([secret])
    spellings = [
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        urlencode({"q": secret})[2:],
        b64encode(secret.encode()).decode().rstrip("="),
        repr(secret)[1:-1],
    ]
    for spelling in spellings:
        result = clean(f"{before} {spelling} {after}")
        if spelling not in f"{before} {MASK} {after}":
            assert spelling not in result


@given(st.lists(_secrets, min_size=1, max_size=4))
def test_one_secret_may_begin_another(secrets: list[str]) -> None:
    whole = [*secrets, secrets[0] + "tail-of-it"]
    clean = Redactor(whole)
    for secret in whole:
        assert secret not in clean(f"x {secret} y")
    assert "tail-of-it" not in clean(f"x {whole[-1]} y"), "the longer secret goes as a whole"


def test_short_values_do_not_mask_words() -> None:
    assert Redactor(["a" * (SHORTEST_SECRET - 1), ""])("aaa banana") == "aaa banana"


def test_the_redactor_shows_nothing_of_what_it_knows() -> None:
    assert _SECRET not in repr(Redactor([_SECRET]))


def test_it_learns_tokens_as_they_come() -> None:
    clean = Redactor()
    clean.learn("fresh-token-1")
    assert clean("got fresh-token-1.") == f"got {MASK}."


def test_urllib3s_own_log_is_guarded(caplog: pytest.LogCaptureFixture) -> None:
    guard_http_logs()
    guard_http_logs()
    logger = logging.getLogger("urllib3.connectionpool")
    assert sum(isinstance(each, RedactingFilter) for each in logger.filters) == 1
    with caplog.at_level(logging.DEBUG, "urllib3.connectionpool"):
        logger.debug('%s "%s %s"', "https://x:443", "GET", f"/v1?access_token={_SECRET}")
    assert _SECRET not in caplog.text
    assert MASK in caplog.text


def _line_broken(secret: str) -> str:
    return "\n".join(secret[at : at + 7] for at in range(0, len(secret), 7))


TOKEN = "EAABsbCS1iHgBA-R4nd0m.Token_3f9c2e71a"


@pytest.mark.parametrize(
    "spelling",
    [
        TOKEN,
        TOKEN[:-2],
        TOKEN[:9],
        TOKEN[11:],
        TOKEN[5:30],
        quote(quote(TOKEN, safe=""), safe=""),
        "".join(f"%{byte:02x}" for byte in TOKEN.encode()),
        "".join(f"%25{byte:02X}" for byte in TOKEN.encode()),
        "".join(f"\\u{ord(character):04x}" for character in TOKEN),
        json.dumps("".join(f"\\u{ord(character):04x}" for character in TOKEN)),
        "".join(f"\\x{byte:02x}" for byte in TOKEN.encode()),
        "".join(f"&#{byte};" for byte in TOKEN.encode()),
        TOKEN.encode().hex(),
        TOKEN.encode().hex().upper(),
        *(b64encode(f"{user}:{TOKEN}".encode()).decode() for user in ("u", "us", "use", "user")),
        b64encode(f"user:{TOKEN}".encode()).decode()[:40],
        _line_broken(TOKEN),
        json.dumps(_line_broken(TOKEN)),
        _line_broken(b64encode(f"user:{TOKEN}".encode()).decode()),
    ],
    ids=[
        *("whole", "all but two", "beginning", "end", "middle", "percent twice", "percent"),
        *("percent of percent", "json escapes", "json escapes twice", "python escapes"),
        *("entities", "hex", "upper hex", "base64 1", "base64 2", "base64 3", "base64 4"),
        *("base64 cut", "lines", "lines in json", "lines of base64"),
    ],
)
def test_no_spelling_of_a_secret_survives_nor_a_piece(spelling: str) -> None:
    clean = Redactor([TOKEN])(f"the answer: <{spelling}> was refused")
    assert clean.startswith("the answer: <")
    assert clean.endswith("> was refused")
    assert MASK in clean
    kept = clean.removeprefix("the answer: <").removesuffix("> was refused")
    assert len(kept) <= max(12, len(spelling) // 4), kept


@given(st.text(max_size=200))
def test_a_text_without_a_secret_stays(text: str) -> None:
    assert Spellings().ranges(text) == []
    known = Spellings()
    known.add(TOKEN)
    assert known.ranges(text) == []


def test_what_any_redactor_has_learnt_is_masked_in_a_traceback() -> None:
    Redactor([TOKEN])
    try:
        raise ValueError(f"Invalid URL: http://[{TOKEN}]/x")
    except ValueError as trouble:
        text = masked_traceback(trouble)
    assert TOKEN[:9] not in text
    assert "Invalid URL" in text
