"""Lines of files: every format, what is bad, what of a person or a machine is kept."""

from __future__ import annotations

import gzip
import json
import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.accounts import Account
from connectors.core.errors import ShapeChanged
from connectors.platforms.events import hooks, landing
from connectors.platforms.events.addresses import kept, plain
from connectors.platforms.events.moments import instant, moment
from connectors.platforms.events.pages import page_of

PAGES = Path(__file__).parent / "pages"
ReadFile = Callable[..., Any]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


def line(id_: str = "1", **more: Any) -> dict[str, Any]:
    """One of our own lines."""
    every = {
        "v": 1,
        "event_id": id_,
        "event": "page_view",
        "received_at": "2026-11-01T10:00:00Z",
        "device_id": "d1",
        "user_agent": FIREFOX,
    }
    return {**every, **more}


def test_our_own_line(read_file: ReadFile) -> None:
    said = line(
        occurred_at="2026-11-01T11:59:58+02:00",
        url="https://User:pw@www.Shop.example/a?b=1&utm_source=News&utm_source=x&GCLID=CjAb&email=a@b.de#utm_term=t",
        referrer="https://www.google.de/search?q=ada@example.com",
        ip="203.0.113.77",
        consent={"analytics": "granted"},
        value="19.90",
        currency="EUR",
        props={"note": "by ada@example.com", "ip": "203.0.113.77"},
        colour="red",
    )
    (row,) = read_file([said]).rows
    assert row["event_at"] == datetime(2026, 11, 1, 9, 59, 58, tzinfo=UTC)
    assert row["url"] == "https://www.Shop.example/a?b=1"
    assert (row["page_host"], row["page_path"]) == ("shop.example", "/a")
    assert (row["utm_source"], row["utm_term"]) == ("News", "t")
    assert (row["click_id"], row["click_id_type"]) == ("<CjAb>", "gclid")
    assert row["parameters"] == "|b|email|gclid|utm_source|utm_term|"
    assert row["referrer_host"] == "google.de"
    assert row["referrer"].endswith("=<ada@example.com>")
    assert row["ip"] == "203.0.113.0/24"
    assert (row["device_id"], row["analytics_consent"]) == ("<d1>", "granted")
    assert (row["value"], row["currency"]) == (Decimal("19.9"), "EUR")
    assert json.loads(row["props"]) == {"note": "by <ada@example.com>", "colour": "red"}
    assert (row["browser"], row["browser_version"], row["operating_system"]) == (
        "Firefox",
        "130.0",
        "Linux",
    )
    assert (row["device_type"], row["agent_kind"]) == ("desktop", "person")
    assert "203.0.113.77" not in str(row)


def test_addresses_of_mail_are_tokens_wherever_they_stand(read_file: ReadFile) -> None:
    address = "ada@example.com"
    names = ("event", "class", "session_id", "title", "category", "label", "order_id", "goal_id")
    said = {**dict.fromkeys(names, address), "utm_campaign": address, "props": {address: address}}
    url = f"https://shop.example/{address}?{address}=1&a={address}"
    (row,) = read_file([line(address, **said, url=url, referrer=url)]).rows
    assert not re.search("(?<!<)ada@", str(row))
    assert row["event_id"] == f"<{address}>"


def test_lines_of_segment_are_set_right(read_file: ReadFile) -> None:
    page, order = read_file(PAGES / "segment.ndjson", shape="segment").rows
    assert page["event_at"] == datetime(2026, 11, 1, 10, 5, 0, 400_000, tzinfo=UTC)
    assert (page["event"], page["clock"], page["utm_source"]) == ("page_view", "corrected", "news")
    assert (page["browser"], page["ip"]) == ("Chrome", "203.0.113.0/24")
    assert (order["event"], order["order_id"], order["value"]) == (
        "Order Completed",
        "1001",
        Decimal("19.9"),
    )
    assert (order["agent_kind"], order["bot_reason"], order["user_id"]) == ("server", None, "<u1>")
    assert "ada@example.com>" in order["props"]


def test_lines_of_snowplow(read_file: ReadFile) -> None:
    view, form = read_file(PAGES / "snowplow.ndjson", shape="snowplow").rows
    assert (view["agent_kind"], view["bot_reason"]) == ("bot", "user agent: Googlebot\\/")
    assert (view["ip"], view["click_id_type"]) == ("2001:db8:1::/48", "gclid")
    assert view["event_at"] == datetime(2026, 11, 1, 10, 5, 0, 400_000, tzinfo=UTC)
    assert json.loads(form["props"]) == {"formId": "contact", "formClasses": ["f"]}
    assert (form["device_type"], form["operating_system"]) == ("mobile", "iOS")
    assert "Lovelace" not in str(form)


def test_lines_of_ga4_have_their_content_for_an_id(read_file: ReadFile) -> None:
    content = (PAGES / "ga4.ndjson").read_bytes()
    first, cookieless = read_file(content, shape="ga4").rows
    again = read_file(content, "b.ndjson.gz", shape="ga4").rows
    assert [row["event_id"] for row in again] == [first["event_id"], cookieless["event_id"]]
    assert first["event_id"] != cookieless["event_id"]
    assert first["event_at"] == datetime(2026, 11, 1, 10, 5, 0, 100_000, tzinfo=UTC)
    assert (first["utm_medium"], first["session_id"]) == ("email", "1793527500")
    assert (first["agent_kind"], first["browser"], first["device_type"]) == (
        "person",
        "Safari",
        "mobile",
    )
    assert (cookieless["device_id"], cookieless["analytics_consent"]) == (None, "denied")


def test_places_of_ones_own(read_file: ReadFile) -> None:
    said = {"meta": {"id": "7"}, **{k: v for k, v in line().items() if k != "event_id"}}
    (row,) = read_file([said], fields='{"event_id": "meta.id"}').rows
    assert row["event_id"] == "7"


def test_bad_lines_are_set_aside_by_their_place(read_file: ReadFile) -> None:
    secret = {"ip": "203.0.113.77"}
    content = b"\n".join(
        (
            b"\xef\xbb\xbf" + json.dumps(line("first")).encode(),
            b"",
            b'{"event_id": "x", "ip": "203.0.113.77", oops}',
            b"[1]",
            json.dumps(line("long", props={"x": "y" * 33_000})).encode(),
            json.dumps({**secret, "event": "x"}).encode(),
            json.dumps(line("time", received_at="yesterday", **secret)).encode(),
            json.dumps(line("2", occurred_at="0001-01-01T00:00:00+14:00")).encode(),
            json.dumps(line("amount", value="much")).encode(),
            b'{"event_id": "cut',
        )
    )
    found = read_file(content)
    assert [row["event_id"] for row in found.rows] == ["first", "2"]
    assert found.rows[1]["clock"] == "missing"
    first, *others = found.reasons
    assert first == "value: 'much' is not a decimal128(24, 6)"
    assert [reason[:20] for reason in others] == [
        "line 3: it is not JS",
        "line 4: it is not a ",
        "line 5: it is longer",
        "line 6: event_id, re",
        "line 7: received_at:",
        "line 10: the last li",
    ]
    assert others[3].endswith("event_id, received_at, device_id or user_id missing")
    assert "203.0.113.77" not in str(found.rejected)


def test_formats_hold_the_same(read_file: ReadFile, tmp_path: Path) -> None:
    lines = [line(str(n), props={"n": n}) for n in range(3)]
    plain_rows = read_file(lines).rows
    text = [json.dumps(one).encode() + b"\n" for one in lines]
    members = tmp_path / "members.ndjson.gz"
    members.write_bytes(b"".join(gzip.compress(one) for one in text))
    assert read_file(members).rows == plain_rows
    table = pa.Table.from_pylist([{**one, "props": json.dumps(one["props"])} for one in lines])
    pq.write_table(table, tmp_path / "t.parquet")
    assert read_file(tmp_path / "t.parquet").rows == plain_rows
    nested = pa.Table.from_pylist(lines)
    pq.write_table(nested, tmp_path / "n.parquet")
    assert read_file(tmp_path / "n.parquet").rows == plain_rows


def test_a_gzip_that_breaks_off_keeps_its_whole_lines(read_file: ReadFile, tmp_path: Path) -> None:
    lines = [line(str(n), props={"x": os.urandom(300).hex()}) for n in range(3_000)]
    whole = gzip.compress("".join(json.dumps(one) + "\n" for one in lines).encode())
    cut = tmp_path / "cut.ndjson.gz"
    cut.write_bytes(whole[: len(whole) * 3 // 4])
    found = read_file(cut)
    assert 1_000 < len(found.rows) < 3_000
    assert len(found.rejected) == 1
    assert "breaks off" in found.reasons[0]
    with pytest.raises(ShapeChanged, match="not a Parquet"):
        read_file(b"x" * 100, "x.parquet")


@pytest.mark.parametrize(
    ("occurred", "sent", "at", "clock"),
    [
        (-3600, -3600, 0, "corrected"),  # an hour slow, sent at once
        (-3600, 0, -3600, "as_sent"),  # an hour in the queue
        (-3600, None, -3600, "as_sent"),
        (None, None, 0, "missing"),
        (600, 600, 0, "corrected"),
        (600, None, 0, "future"),
        (299, None, 299, "as_sent"),
        (-72 * 3600, 0, -72 * 3600, "as_sent"),
        (-72 * 3600 - 1, 0, 0, "too_late"),
    ],
)
def test_clocks_are_set_right(occurred: int | None, sent: int | None, at: int, clock: str) -> None:
    received = datetime(2026, 11, 1, 10, tzinfo=UTC)

    def by(seconds: int | None) -> datetime | None:
        return None if seconds is None else received + timedelta(seconds=seconds)

    found = moment(by(occurred), by(sent), received)
    assert (found.at, found.clock) == (by(at), clock)


def test_instants_of_all_kinds() -> None:
    wanted = datetime(2026, 11, 1, 10, 5, 0, tzinfo=UTC)
    for said in (1793527500, "1793527500000", 1793527500000000, "2026-11-01T10:05:00"):
        assert instant(said) == wanted
    for wrong in (True, [], "soon", 1e300, "9" * 400, "0001-01-01"):
        with pytest.raises(ValueError, match=r"time|year"):
            instant(wrong)


@given(st.ip_addresses())
def test_no_address_is_kept_whole(address: Any) -> None:
    found = plain(str(address))
    assert found is not None
    network = kept(found, "network", None)
    assert network is not None
    assert network.endswith(("/24", "/48"))
    assert kept(found, "hash", lambda text: "token") == "token"
    assert kept(found, "hash", None) is None
    assert kept(found, "nothing", None) is None


def test_what_is_no_address() -> None:
    assert plain("::ffff:203.0.113.7") == "203.0.113.7"
    assert [plain(one) for one in ("", "x", "203.0.113", 7, None)] == [None] * 5


@given(st.text(max_size=200))
def test_any_text_is_an_address_of_a_page_or_none(text: str) -> None:
    for url in (
        text,
        f"https://{text}",
        f"https://a.example/?{text}",
        f"https://a.example/#{text}",
    ):
        page = page_of(url)
        assert (page.url is None) == (page.host is None)


def test_files_are_left_alone_while_they_are_written(tmp_path: Path) -> None:
    for name in (
        "old.ndjson",
        "young.ndjson",
        "marked.ndjson",
        ".hidden.ndjson",
        "x.ndjson.tmp",
        "x.csv",
    ):
        (tmp_path / name).write_text("{}\n")
        os.utime(tmp_path / name, (time.time() - 60,) * 2)
    (tmp_path / "link.ndjson").symlink_to(tmp_path / "old.ndjson")
    for name in ("young.ndjson", "marked.ndjson"):
        os.utime(tmp_path / name)
    (tmp_path / "marked.ndjson.done").touch()
    assert [one.name for one in landing.objects(tmp_path, "1")] == ["old.ndjson", "marked.ndjson"]


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"shape": "matomo"}, "one of own, segment, snowplow, ga4"),
        ({"fields": "[1]"}, "dotted places"),
        ({"fields": '{"colour": "x"}'}, "known are event_id"),
        ({"ip": "whole"}, "one of network, hash, nothing"),
        ({"geoip": "city.mmdb"}, "path from the root"),
        ({"colour": "red"}, "unknown setting colour"),
    ],
)
def test_settings_that_cannot_work(settings: dict[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        hooks.check_settings("web_shop", settings)


def test_other_settings_read_the_files_again(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text("{}\n")
    os.utime(tmp_path / "a.ndjson", (time.time() - 60,) * 2)
    one, other = (
        hooks.find(Account("web_shop", settings={"landing": str(tmp_path), "ip": ip}))[0].revision
        for ip in ("network", "hash")
    )
    assert one != other
