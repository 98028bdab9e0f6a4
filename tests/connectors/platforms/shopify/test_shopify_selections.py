"""A query without some fields is the same query otherwise."""

from __future__ import annotations

import pytest
from graphql import parse, print_ast

from connectors.platforms.shopify import queries
from connectors.platforms.shopify.selections import without

QUERY = (
    'query($q:String!){orders(first:5,query:"a{b} returnStatus"){pageInfo{endCursor} '
    "nodes{id returnStatus lines(first:$n){nodes{id returnStatus}} visit{ready source{name}}}}}"
)


def _same(left: str, right: str) -> bool:
    return print_ast(parse(left)) == print_ast(parse(right))


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        ("visit.ready", QUERY.replace("ready ", "")),
        ("visit", QUERY.replace(" visit{ready source{name}}", "")),
        ("visit.source", QUERY.replace(" source{name}", "")),
        ("lines", QUERY.replace("lines(first:$n){nodes{id returnStatus}} ", "")),
        ("nothing", QUERY),
        ("orders", QUERY),
    ],
)
def test_a_refused_field_goes_with_all_that_hangs_on_it(refused: str, expected: str) -> None:
    assert _same(without(QUERY, {refused}), expected)


@pytest.mark.parametrize("text", [queries.ORDERS, queries.CUSTOMERS, queries.PRODUCTS])
def test_the_connectors_own_queries_stay_whole(text: str) -> None:
    assert without(text, {"nothing"}) == text
    assert _same(without(text, {"tags"}), text.replace(" tags", "", 1))
