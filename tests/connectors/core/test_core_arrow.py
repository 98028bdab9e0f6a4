"""Typing of pages: the fast way and the careful way agree, and no good row is ever lost."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.arrow import EXTRA, PageTyper, TypedPage
from connectors.core.columns import Column
from connectors.core.stream import Page


def _good(day: int = 5, **metrics: Any) -> dict[str, Any]:
    return {
        "date": f"2026-01-{day:02d}",
        "thing": {"id": "7"},
        "metrics": {"clicks": "3", "share": 0.5, "spend": "1.25", **metrics},
    }


def _typed(kit: Any, *records: Any, **changes: Any) -> TypedPage:
    return PageTyper(kit.stream(**changes)).type(Page(list(records), 10))


def _hash(value: str) -> str:
    return hmac.new(b"key", value.encode(), hashlib.sha256).hexdigest()


def test_a_page_becomes_typed_columns(kit: Any) -> None:
    page = _typed(kit, _good(5), _good(6, clicks=9, share=1))
    assert page.batch.to_pylist() == [
        {
            "date": date(2026, 1, 5),
            "thing_id": "7",
            "clicks": 3,
            "share": 0.5,
            "spend": Decimal("1.2500"),
            EXTRA: None,
        },
        {
            "date": date(2026, 1, 6),
            "thing_id": "7",
            "clicks": 9,
            "share": 1.0,
            "spend": Decimal("1.2500"),
            EXTRA: None,
        },
    ]
    assert page.batch.schema.equals(kit.stream().arrow_schema.append(pa.field(EXTRA, pa.string())))
    assert (page.rejected, page.unknown_fields, page.bytes) == ((), frozenset(), 10)


def test_an_empty_page_has_the_schema_all_the_same(kit: Any) -> None:
    page = _typed(kit)
    assert page.batch.num_rows == 0
    assert page.batch.schema.names[-1] == EXTRA


@pytest.mark.parametrize("metrics", [{}, {"metrics": None}, {"metrics": {}}], ids=str)
def test_absent_is_null(kit: Any, metrics: Any) -> None:
    page = _typed(kit, {"date": "2026-01-05", "thing": {"id": "7"}, **metrics})
    assert page.batch.column("clicks").to_pylist() == [None]
    assert page.rejected == ()


@pytest.mark.parametrize(
    ("record", "path", "word"),
    [
        (_good(clicks="abc"), "metrics.clicks", "'abc'"),
        (_good(clicks=2**70), "metrics.clicks", "64 bits"),
        (_good(clicks="1.5"), "metrics.clicks", "1.5"),
        (_good(clicks=1.5), "metrics.clicks", "1.5"),
        (_good(clicks=True), "metrics.clicks", "True"),
        (_good(clicks=""), "metrics.clicks", "''"),
        (_good(clicks=[1]), "metrics.clicks", "[1]"),
        (_good(share="NaN"), "metrics.share", "NaN"),
        (_good(share="1e999"), "metrics.share", "1e999"),
        (_good(share={"a": 1}), "metrics.share", "{'a': 1}"),
        (_good(spend="1,25"), "metrics.spend", "1,25"),
        (_good(spend="9" * 30), "metrics.spend", "999"),
        (_good(spend=True), "metrics.spend", "True"),
        ({**_good(), "date": "2026-02-30"}, "date", "2026-02-30"),
        ({**_good(), "date": 20260105}, "date", "20260105"),
        ({**_good(), "date": None}, "date", "missing"),
        ({"thing": {"id": "7"}}, "date", "missing"),
        ({**_good(), "thing": {"id": None}}, "thing.id", "missing"),
        ({**_good(), "thing": {"id": "\ud800"}}, "thing.id", "ud800"),
        ({**_good(), "metrics": "none"}, "metrics", "not an object"),
        ({**_good(), "metrics": [1]}, "metrics", "not an object"),
        ("text", "", "str"),
        (None, "", "NoneType"),
        ([], "", "list"),
    ],
    ids=lambda value: None if isinstance(value, dict) else str(value).encode("ascii", "replace"),
)
def test_a_bad_row_is_rejected_alone_and_whole(kit: Any, record: Any, path: str, word: str) -> None:
    page = _typed(kit, _good(1), record, _good(2))
    assert page.batch.column("date").to_pylist() == [date(2026, 1, 1), date(2026, 1, 2)]
    assert page.batch.column("clicks").to_pylist() == [3, 3]
    (rejected,) = page.rejected
    assert rejected.raw_path == path
    assert word in rejected.reason
    assert json.loads(rejected.payload_json) == record


def test_every_misfit_of_a_row_is_named(kit: Any) -> None:
    page = _typed(kit, _good(clicks="x", share="y"))
    reason = page.rejected[0].reason
    assert "metrics.clicks: 'x' is not a whole number" in reason
    assert "metrics.share: 'y'" in reason


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("1.25", "1.2500"),
        (1.25, "1.2500"),
        (3, "3.0000"),
        ("-2E-18", "0.0000"),
        ("107.5300000000000335346", "107.5300"),
        ("0.00005", "0.0000"),
        ("0.00015", "0.0002"),
        (0.1, "0.1000"),
        ("1e3", "1000.0000"),
    ],
)
def test_decimals_come_from_their_digits_and_round_half_to_even(
    kit: Any, sent: Any, kept: str
) -> None:
    page = _typed(kit, _good(spend=sent), _good(spend="7"))
    assert page.batch.column("spend").to_pylist() == [Decimal(kept), Decimal("7.0000")]


def test_mixed_spellings_of_numbers_in_one_page(kit: Any) -> None:
    page = _typed(kit, _good(clicks="1"), _good(clicks=2), _good(clicks=3.0), _good(clicks=None))
    assert page.batch.column("clicks").to_pylist() == [1, 2, 3, None]
    assert page.rejected == ()


def _columns(*extra: Column) -> dict[str, Any]:
    key = Column("id", pa.string(), "id", "attribute", "Id.", required=True)
    return {"kind": "snapshot", "grain": None, "key_columns": ("id",), "columns": (key, *extra)}


def test_text_keeps_what_it_gets(kit: Any) -> None:
    column = Column("links", pa.string(), "links", "attribute", "Links.")
    values: list[Any] = [["https://x/", "https://y/"], {"a": 1}, 7, 1.5, True, "plain", None, 2**80]
    records = [{"id": str(n), "links": value} for n, value in enumerate(values)]
    page = _typed(kit, *records, **_columns(column))
    assert page.batch.column("links").to_pylist() == [
        '["https://x/","https://y/"]',
        '{"a":1}',
        "7",
        "1.5",
        "true",
        "plain",
        None,
        str(2**80),
    ]


def test_times_with_and_without_a_zone(kit: Any) -> None:
    columns = (
        Column("at", pa.timestamp("us", "UTC"), "at", "attribute", "Instant."),
        Column("wall", pa.timestamp("us"), "wall", "attribute", "Wall time."),
    )
    page = _typed(
        kit,
        {"id": "1", "at": "2020-10-22T21:03:23.000+0000", "wall": "2037-12-30 23:59:59"},
        {"id": "2", "at": "2020-10-22T23:03:23.5+02:00", "wall": None},
        {"id": "3", "at": "2020-10-22T21:03:23", "wall": None},
        {"id": "4", "at": None, "wall": "2037-12-30T23:59:59Z"},
        {"id": "5", "at": 1603400603, "wall": None},
        **_columns(*columns),
    )
    assert page.batch.to_pylist()[0]["at"] == datetime(2020, 10, 22, 21, 3, 23, tzinfo=UTC)
    assert page.batch.to_pylist()[0]["wall"] == datetime(2037, 12, 30, 23, 59, 59)
    assert page.batch.to_pylist()[1]["at"] == datetime(2020, 10, 22, 21, 3, 23, 500000, tzinfo=UTC)
    assert [rejected.raw_path for rejected in page.rejected] == ["at", "wall", "at"]


class TestUnknownFields:
    """Drift loses nothing."""

    def test_they_are_kept_under_their_path_for_the_rows_that_have_them(self, kit: Any) -> None:
        odd = {**_good(newClicks=5, deep={"a": [1]}), "channel": "x"}
        page = _typed(kit, _good(), odd, _good())
        extra = page.batch.column(EXTRA).to_pylist()
        assert extra[0] is None
        assert extra[2] is None
        assert json.loads(extra[1]) == {
            "metrics": {"newClicks": 5, "deep": {"a": [1]}},
            "channel": "x",
        }
        assert page.unknown_fields == {"metrics.newClicks", "metrics.deep", "channel"}

    def test_a_key_in_place_of_another_is_noticed(self, kit: Any) -> None:
        """The number of keys is right, but they are not the ones."""
        odd = {"date": "2026-01-05", "thing": {"id": "7"}, "metricz": {"clicks": "3"}}
        page = _typed(kit, odd)
        assert page.unknown_fields == {"metricz"}
        assert json.loads(page.batch.column(EXTRA)[0].as_py()) == {"metricz": {"clicks": "3"}}

    def test_ignored_names_are_dropped_at_any_depth(self, kit: Any) -> None:
        record = {**_good(), "thing": {"id": "7", "resourceName": "things/7"}}
        record["owner"] = {"resourceName": "owners/1"}
        record["other"] = {"resourceName": "others/1", "name": "n", "in": {"resourceName": "x"}}
        page = _typed(kit, record, ignored=frozenset({"resourceName"}))
        assert page.unknown_fields == {"other"}
        assert json.loads(page.batch.column(EXTRA)[0].as_py()) == {"other": {"name": "n"}}

    def test_an_unknown_empty_object_is_kept(self, kit: Any) -> None:
        page = _typed(kit, {**_good(), "new": {}})
        assert page.unknown_fields == {"new"}

    def test_they_are_reported_for_rejected_rows_too(self, kit: Any) -> None:
        page = _typed(kit, _good(clicks="x", fresh=1))
        assert page.unknown_fields == {"metrics.fresh"}
        assert page.batch.num_rows == 0

    def test_numbers_beyond_64_bits_survive_there(self, kit: Any) -> None:
        page = _typed(kit, {**_good(), "big": 2**70})
        assert json.loads(page.batch.column(EXTRA)[0].as_py()) == {"big": 2**70}


class TestPersonalValues:
    """Downstream sees tokens only."""

    COLUMNS = (
        Column("email", pa.string(), "person.email", "attribute", "E-mail.", pii="email"),
        Column("phone", pa.string(), "person.phone", "attribute", "Phone.", pii="phone"),
        Column("age", pa.int64(), "age", "attribute", "Age."),
    )

    def _typer(self, kit: Any) -> PageTyper:
        return PageTyper(kit.stream(**_columns(*self.COLUMNS)), _hash)

    def test_one_person_has_one_token_in_every_spelling(self, kit: Any) -> None:
        people = [
            {"id": "1", "person": {"email": " Ann@Example.COM ", "phone": "+49 (30) 123-456"}},
            {"id": "2", "person": {"email": "ann@example.com", "phone": "004930123456"}},
            {"id": "3", "person": {"email": "", "phone": 4930123456}},
            {"id": "4"},
        ]
        batch = self._typer(kit).type(Page(people, 0)).batch
        ann, number = _hash("ann@example.com"), _hash("+4930123456")
        assert batch.column("email").to_pylist() == [ann, ann, None, None]
        assert batch.column("phone").to_pylist() == [number, number, _hash("4930123456"), None]

    def test_no_key_no_extraction(self, kit: Any) -> None:
        with pytest.raises(ValueError, match=r"email, phone need a key"):
            PageTyper(kit.stream(**_columns(*self.COLUMNS)))

    def test_quarantine_and_extra_hold_tokens_too(self, kit: Any) -> None:
        page = self._typer(kit).type(
            Page(
                [
                    {
                        "id": "1",
                        "age": "ann@example.com",
                        "person": {"email": "ann@example.com", "phone": "+4930123456"},
                        "note": "write to ANN@example.com",
                    },
                    {"id": "2", "person": {"email": ["ann@example.com"], "phone": True}},
                    {"id": "3", "owner": {"mail": "u=ann%40example.com", "ann@example.com": [1]}},
                ],
                0,
            )
        )
        texts = [rejected.payload_json + rejected.reason for rejected in page.rejected]
        texts.append(page.batch.column(EXTRA)[0].as_py())
        assert len(page.rejected) == 2
        assert _hash("ann@example.com") in texts[0]
        assert _hash("ann@example.com") in texts[2]
        for text in texts:
            assert "example.com" not in text
            assert "4930123456" not in text

    @pytest.mark.parametrize("value", [True, 1.5, ["a"], {"a": 1}])
    def test_what_is_no_address_is_rejected(self, kit: Any, value: Any) -> None:
        page = self._typer(kit).type(Page([{"id": "1", "person": {"email": value}}], 0))
        assert page.rejected[0].raw_path == "person.email"


_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**64), 2**64),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-1000, 1000).map(str),
    st.floats(0, 1e6).map(str),
    st.sampled_from(["abc", "", "2026-01-05", "NaN", "1e400", "0x10", "١", " 1", "-2E-18"]),
    st.text(max_size=4),
    st.lists(st.integers(0, 3), max_size=2),
    st.dictionaries(st.sampled_from(["a", "resourceName"]), st.integers(0, 3), max_size=2),
)
_records = st.one_of(
    st.just(_good()),
    st.fixed_dictionaries(
        {"date": st.one_of(st.just("2026-01-05"), _values)},
        optional={
            "thing": st.one_of(st.fixed_dictionaries({"id": _values}), _values),
            "metrics": st.one_of(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "clicks": _values,
                        "share": _values,
                        "spend": _values,
                        "new": _values,
                    },
                ),
                _values,
            ),
            "extra": _values,
        },
    ),
    _values,
)


@given(st.lists(_records, max_size=12))
@settings(max_examples=300)
def test_a_page_gives_what_its_records_give_one_by_one(kit: Any, records: list[Any]) -> None:
    """The page-wise and the row-wise way agree on rows, rejections, reasons and drift."""
    typer = PageTyper(kit.stream(ignored=frozenset({"resourceName"})))
    whole = typer.type(Page(records, 0))
    singles = [typer.type(Page([record], 0)) for record in records]
    assert whole.batch.to_pylist() == [row for one in singles for row in one.batch.to_pylist()]
    assert list(whole.rejected) == [each for one in singles for each in one.rejected]
    assert whole.unknown_fields == frozenset().union(*(one.unknown_fields for one in singles))
    assert whole.batch.num_rows + len(whole.rejected) == len(records)


@given(st.integers(1, 40), st.data())
@settings(max_examples=60)
def test_bad_rows_never_cost_a_good_one(kit: Any, count: int, data: st.DataObject) -> None:
    """Good rows carry their number; whatever stands between them, all of them come out in order."""
    page, good = [], []
    for number in range(count):
        if data.draw(st.booleans()):
            page.append(_good(clicks=str(number)))
            good.append(number)
        else:
            page.append(_good(clicks=data.draw(st.sampled_from(["x", [], 2**70, True]))))
    typed = PageTyper(kit.stream()).type(Page(page, 0))
    assert typed.batch.column("clicks").to_pylist() == good
    assert len(typed.rejected) == count - len(good)


def test_a_path_cannot_be_a_value_and_an_object(kit: Any) -> None:
    columns = (
        Column("a", pa.string(), "a", "attribute", "A."),
        Column("b", pa.string(), "a.b", "attribute", "B."),
    )
    with pytest.raises(ValueError, match="both"):
        PageTyper(kit.stream(**_columns(*columns)))


def test_integers_beyond_64_bits_are_exact_or_set_aside(kit: Any) -> None:
    """In text, in JSON kept as text and in `_extra` with all digits; where they do not fit, out."""
    long = 123456789012345678901234567890
    page = _typed(
        kit, _good(5) | {"thing": {"id": long}, "more": {"n": [long]}}, _good(6, clicks=long)
    )
    (row,) = page.batch.to_pylist()
    assert row["thing_id"] == str(long)
    assert row[EXTRA] == f'{{"more":{{"n":[{long}]}}}}'
    (rejected,) = page.rejected
    assert str(long) in rejected.payload_json
    nested = _typed(kit, _good(5) | {"thing": {"id": [{"big": long}]}})
    assert nested.batch.column("thing_id").to_pylist() == [f'[{{"big":{long}}}]']
