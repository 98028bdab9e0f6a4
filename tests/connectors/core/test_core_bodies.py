"""Bodies with characters that JSON forbids: the character is lost, everything else is read."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.bodies import EndsEarly, mended, parsed
from connectors.core.errors import NetworkTrouble, ServerTrouble, ShapeChanged
from connectors.core.replies import json_or_none

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
# Half surrogates among them, as no UTF-8 can hold.
_ANY_TEXT = st.text(st.characters(categories=["L", "N", "P", "Cc", "Cs"]), max_size=20)


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b'{"a":"x\\ud83d","b":1}', {"a": "x\ufffd", "b": 1}),
        (b'{"a":"\\ude00x"}', {"a": "\ufffdx"}),
        (b'{"a":"\\uD83D\\uD83D\\uDE00"}', {"a": "\ufffd\U0001f600"}),
        (b'{"a":"\\ud83dude00"}', {"a": "\ufffdude00"}),
        (b'{"a":"\\\\ud83d\\ud83d"}', {"a": "\\ud83d\ufffd"}),
        (b'{"a\\ud83d":"\\ud83d\\ude00"}', {"a\ufffd": "\U0001f600"}),
        (b'{"a":"\xed\xa0\xbd!"}', {"a": "\ufffd!"}),
        (b'{"a":"\xed\xa0\xbd\xed\xb8\x80"}', {"a": "\U0001f600"}),
        (b'{"a":"Caf\xe9","b":"\xc3\xa9"}', {"a": "Caf\ufffd", "b": "\xe9"}),
        (b'{"a":"\xf0\x9f\x98"}', {"a": "\ufffd"}),
        (b'{"a":"one\ntwo\x00"}', {"a": "one\ufffdtwo\ufffd"}),
        (b'\xef\xbb\xbf{"a": "\\ud83d"}', {"a": "\ufffd"}),
        (b'["\\ud83d", 9007199254740993, 0.1]', ["\ufffd", 9007199254740993, 0.1]),
    ],
    ids=str,
)
def test_one_bad_character_costs_itself(body: bytes, read: Any) -> None:
    assert parsed(body) == read
    assert json_or_none(body) == read, "errors are read like answers"


@given(_JSON)
@settings(deadline=None)
def test_what_is_json_stays_as_it_is(value: Any) -> None:
    body = orjson.dumps(value)
    assert parsed(body) == value
    assert mended(body) == body.decode()
    assert parsed(json.dumps(value).encode()) == value


@given(st.lists(_ANY_TEXT, min_size=1, max_size=5))
@settings(deadline=None)
def test_whatever_python_writes_can_be_read(texts: list[str]) -> None:
    """Half surrogates become U+FFFD; escaped pairs, which Python joins as well, characters."""
    expected = [
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts
    ]
    assert parsed(json.dumps(texts).encode()) == expected


@given(st.binary(max_size=40))
@settings(deadline=None)
def test_any_bytes_inside_a_string_are_read(inside: bytes) -> None:
    inside = inside.replace(b"\\", b"/").replace(b'"', b"'")
    assert type(parsed(b'{"a":"' + inside + b'","b":2}')["a"]) is str


@pytest.mark.parametrize(
    "body", [b"", b"  ", b"[1, 2", b'{"a":"x', b'{"a":"x\\', b'{"a', b'{"a":"}]"', b'[{"a":1},']
)
def test_what_stops_too_soon_is_known(body: bytes) -> None:
    with pytest.raises(EndsEarly):
        parsed(body)


@pytest.mark.parametrize("body", [b"<html>", b"[1,,2]", b"{a:1}", b'{"a":1}}', b'"\\x"', b"NaN"])
def test_what_is_no_json_has_not_stopped_too_soon(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"line 1") as caught:
        parsed(body)
    assert not isinstance(caught.value, EndsEarly)


@pytest.mark.parametrize(
    ("body", "kind", "asked"),
    [
        (b"[1,,2]", ShapeChanged, 1),
        (b'{"a": NaN}', ShapeChanged, 1),
        (b"[1, 2", ServerTrouble, 6),
        (b"", ServerTrouble, 6),
        (b"<html>busy</html>", ServerTrouble, 6),
    ],
    ids=str,
)
@pytest.mark.parametrize("length", ["Content-Length", "Transfer-Encoding"])
def test_a_body_that_came_whole_is_never_taken_for_cut(
    kit: Any, body: bytes, kind: type[Exception], asked: int, length: str
) -> None:
    says = {"Content-Length": str(len(body)), "Transfer-Encoding": "chunked"}
    server = kit.server(
        lambda request: (
            dict(kit.token)
            if request.path == "/token"
            else kit.answer(body=body, headers={length: says[length]})
        )
    )
    with pytest.raises(kind) as caught:
        kit.client(server).get("/x")
    assert not isinstance(caught.value, NetworkTrouble)
    assert sum(request.path == "/x" for request in server.asked) == asked


def test_one_request_reads_a_page_with_half_a_pair(kit: Any) -> None:
    body = b'{"results":[{"name":"Sale \\ud83d"},{"name":"Brand"}]}'
    server = kit.server(
        lambda asked: dict(kit.token) if asked.path == "/token" else kit.answer(body=body)
    )
    reply = kit.client(server).get("/x")
    assert [each["name"] for each in reply.data["results"]] == ["Sale \ufffd", "Brand"]
    assert sum(asked.path == "/x" for asked in server.asked) == 1


@pytest.mark.parametrize(
    "digits",
    ["18446744073709551616", "-9223372036854775809", "123456789012345678901234567890"],
)
def test_integers_beyond_64_bits_keep_their_digits(digits: str) -> None:
    found = parsed(f'{{"id": {digits}, "list": [{digits}], "share": 0.5, "n": 7}}'.encode())
    assert found == {"id": int(digits), "list": [int(digits)], "share": 0.5, "n": 7}


def test_beside_a_long_integer_a_broken_body_stays_broken() -> None:
    with pytest.raises(orjson.JSONDecodeError):
        parsed(b'{"id": 123456789012345678901, "share": NaN}')
    with pytest.raises(EndsEarly):
        parsed(b'{"id": 123456789012345678901, "list": [')
