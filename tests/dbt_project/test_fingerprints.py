"""A fingerprint of rows is that of what they are and how often, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import duckdb
from built_home import PROJECT
from generated import gathered
from hypothesis import strategies as st
from jinja2 import Environment

ROWS = st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 1)), max_size=5)

Row = tuple[str | None, int]


def fingerprints(groups: Iterable[list[Row]]) -> list[str]:
    """What the project's own macro makes of groups of rows, in the order of the groups."""
    macros = (PROJECT / "macros" / "fingerprints.sql").read_text()
    # dbt chooses between engines; here there is one.
    portable = (PROJECT / "macros" / "portable.sql").read_text()
    engine = "".join(
        f"{{% macro {name}(text) %}}{{{{ duckdb__{name}(text) }}}}{{% endmacro %}}"
        for name in ("hash_number", "hash_sum")
    )
    call = "{{ set_fingerprint(['word', 'number']) }}"
    sql = Environment().from_string(portable + engine + macros + call).render()
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
