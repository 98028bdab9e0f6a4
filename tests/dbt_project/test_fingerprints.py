"""A fingerprint of rows is that of what they are and how often; a key is of one row alone."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

import duckdb
from built_home import PROJECT
from generated import gathered
from hypothesis import strategies as st
from jinja2 import Environment

WORDS = st.one_of(st.none(), st.text(st.sampled_from("a|~:1\\"), max_size=5))
ROWS = st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 1)), max_size=5)

Row = tuple[str | None, int]


def sql_of(call: str) -> str:
    """What a call of the project's own macros is in SQL."""
    macros = (PROJECT / "macros" / "fingerprints.sql").read_text()
    # dbt chooses between engines; here there is one.
    portable = (PROJECT / "macros" / "portable.sql").read_text()
    engine = "".join(
        f"{{% macro {name}(text) %}}{{{{ duckdb__{name}(text) }}}}{{% endmacro %}}"
        for name in ("hash_number", "hash_sum")
    )
    return Environment().from_string(portable + engine + macros + call).render()


def fingerprints(groups: Iterable[list[Row]]) -> list[str]:
    """What the macro makes of groups of rows, in the order of the groups."""
    sql = sql_of("{{ set_fingerprint(['word', 'number']) }}")
    rows = [(place, *row) for place, group in enumerate(groups) for row in group]
    with duckdb.connect() as connection:
        connection.execute("create table rows (place int, word varchar, number int)")
        connection.executemany("insert into rows values (?, ?, ?)", rows)
        found = connection.execute(f"select {sql} from rows group by place order by place")
        return [row[0] for row in found.fetchall()]


def test_groups_have_the_same_fingerprint_when_they_have_the_same_rows() -> None:
    groups: list[list[Row]] = [group for group in gathered(ROWS, 300) if group]
    of_rows = [frozenset(Counter(group).items()) for group in groups]
    found = fingerprints(groups)
    assert 50 < len(set(of_rows)) < len(groups)
    assert len(set(zip(of_rows, found, strict=True))) == len(set(of_rows)) == len(set(found))


def test_equal_rows_do_not_undo_each_other() -> None:
    before, after = fingerprints([[("a", 1), ("a", 1)], [("b", 1), ("b", 1)]])
    assert before != after


def test_no_two_keys_have_the_same_text() -> None:
    keys = {tuple(key) for key in gathered(st.lists(WORDS, min_size=3, max_size=3), 2000)}
    sql = sql_of("{{ surrogate_key(['a', 'b', 'c']) }}")
    with duckdb.connect() as connection:
        connection.execute("create table keys (a varchar, b varchar, c varchar)")
        connection.executemany("insert into keys values (?, ?, ?)", list(keys))
        rows = connection.execute(f"select {sql}, a, b, c from keys").fetchall()
    found: dict[str, list[tuple[str | None, ...]]] = {}
    for text, *key in rows:
        found.setdefault(text, []).append(tuple(key))
    assert [alike for alike in found.values() if len(alike) > 1] == []
    assert len(found) > 500


def test_a_key_of_plain_words_is_the_hash_of_the_words() -> None:
    """Keys are kept outside of the tables: decisions on people, acknowledged alerts."""
    sql = sql_of("{{ surrogate_key(['a', 'b', 'c']) }}")
    with duckdb.connect() as connection:
        found = connection.execute(f"select {sql} from (select 'acme' a, null b, 7 c)").fetchone()
    assert found == (hashlib.md5(b"acme|~|7").hexdigest(),)
