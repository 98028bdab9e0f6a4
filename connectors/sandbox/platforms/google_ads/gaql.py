"""The Google Ads Query Language: text into a `Query`, for the clauses that reports need."""

from __future__ import annotations

import re
from dataclasses import dataclass

from connectors.sandbox.platforms.google_ads.errors import query_error

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<operator><=|>=|!=|=|<|>)
      | (?P<mark>[(),])
      | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
    )""",
    re.VERBOSE,
)
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_MOST_VALUES = 20_000
_PARAMETERS = ("omit_unselected_resource_names",)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of WHERE; `operator` is in upper case, `values` as they were written."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    Attributes:
        resource: What FROM names.
        order_by: Fields, each with whether it is descending.
        parameters: The parameters that are true.
    """

    select: tuple[str, ...]
    resource: str
    where: tuple[Condition, ...]
    order_by: tuple[tuple[str, bool], ...]
    limit: int | None
    parameters: frozenset[str] = frozenset()


def parse(text: str) -> Query:
    """Parses a query.

    Raises:
        GoogleAdsError: The text is not a query; the code says why.
    """
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0

    def query(self) -> Query:
        if not self._keyword("SELECT"):
            raise query_error("EXPECTED_SELECT", "Error in query: query must begin with SELECT.")
        select = self._list()
        if not self._keyword("FROM"):
            raise query_error("EXPECTED_FROM", "Error in query: expected FROM clause.")
        resource = self._word()
        where = self._conditions() if self._keyword("WHERE") else ()
        order_by = self._ordering() if self._keyword("ORDER") else ()
        limit = self._limit() if self._keyword("LIMIT") else None
        parameters = self._parameters() if self._keyword("PARAMETERS") else frozenset[str]()
        if self._peek() is not None:
            raise query_error(
                "UNEXPECTED_INPUT", f"Error in query: unexpected input {self._peek()}."
            )
        fields = tuple(dict.fromkeys(select))
        return Query(fields, resource, where, order_by, limit, parameters)

    def _conditions(self) -> tuple[Condition, ...]:
        found = [self._condition()]
        while self._keyword("AND"):
            found.append(self._condition())
        return tuple(found)

    def _condition(self) -> Condition:
        field, operator = self._word(), self._operator()
        if operator in ("IN", "NOT IN"):
            return Condition(field, operator, self._bracketed(field))
        if operator == "BETWEEN":
            first = self._value()
            if not self._keyword("AND"):
                raise query_error("EXPECTED_AND", "Error in query: BETWEEN needs AND.")
            return Condition(field, operator, (first, self._value()))
        if operator == "DURING":
            return Condition(field, operator, (self._word(),))
        return Condition(field, operator, (self._value(),))

    def _operator(self) -> str:
        kind, text = self._next()
        upper = text.upper()
        if kind == "operator" and text in _COMPARISONS:
            return text
        if kind == "word" and upper in ("IN", "BETWEEN", "DURING"):
            return upper
        if kind == "word" and upper == "NOT" and self._keyword("IN"):
            return "NOT IN"
        raise query_error("BAD_OPERATOR", f"Error in query: bad operator '{text}'.")

    def _bracketed(self, field: str) -> tuple[str, ...]:
        if not self._mark("("):
            raise query_error("EXPECTED_LIST", f"Error in query: '{field}' IN needs a list.")
        values: list[str] = []
        while not self._mark(")"):
            if values and not self._mark(","):
                raise query_error("EXPECTED_LIST", "Error in query: list is not closed.")
            values.append(self._value())
        if not values:
            raise query_error(
                "PROHIBITED_EMPTY_LIST_IN_CONDITION", f"Error in query: empty list for '{field}'."
            )
        if len(values) > _MOST_VALUES:
            raise query_error(
                "FILTER_HAS_TOO_MANY_VALUES", f"Error in query: too many values for '{field}'."
            )
        return tuple(values)

    def _ordering(self) -> tuple[tuple[str, bool], ...]:
        if not self._keyword("BY"):
            raise query_error("EXPECTED_BY", "Error in query: ORDER needs BY.")
        found = []
        while True:
            field = self._word()
            descending = self._keyword("DESC")
            if not descending:
                self._keyword("ASC")
            found.append((field, descending))
            if not self._mark(","):
                return tuple(found)

    def _limit(self) -> int:
        kind, text = self._next()
        if kind != "number" or not text.isdigit():
            raise query_error("BAD_LIMIT_VALUE", f"Error in query: bad LIMIT '{text}'.")
        if int(text) < 1:
            raise query_error("LIMIT_VALUE_TOO_LOW", "Error in query: LIMIT must be positive.")
        return int(text)

    def _parameters(self) -> frozenset[str]:
        given: dict[str, bool] = {}
        while True:
            name = self._word()
            if name not in _PARAMETERS:
                raise query_error("BAD_PARAMETER_NAME", f"Error in query: parameter '{name}'.")
            equals, value = self._next()[1], self._word().lower()
            if equals != "=" or value not in ("true", "false"):
                raise query_error("BAD_PARAMETER_VALUE", f"Error in query: value of '{name}'.")
            given[name] = value == "true"
            if not self._mark(","):
                return frozenset(name for name, wanted in given.items() if wanted)

    def _list(self) -> list[str]:
        found = [self._word()]
        while self._mark(","):
            found.append(self._word())
        return found

    def _value(self) -> str:
        kind, text = self._next()
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind in ("number", "word"):
            return text
        raise query_error("BAD_VALUE", f"Error in query: bad value '{text}'.")

    def _word(self) -> str:
        kind, text = self._next()
        if kind != "word":
            raise query_error("BAD_FIELD_NAME", f"Error in query: '{text}' is no name.")
        return text

    def _keyword(self, word: str) -> bool:
        token = self._peek()
        if token is None or token[0] != "word" or token[1].upper() != word:
            return False
        self._at += 1
        return True

    def _mark(self, mark: str) -> bool:
        if self._peek() != ("mark", mark):
            return False
        self._at += 1
        return True

    def _peek(self) -> tuple[str, str] | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        if token is None:
            raise query_error("UNEXPECTED_END_OF_QUERY", "Error in query: unexpected end.")
        self._at += 1
        return token


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, text = [], 0, text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            quoted = text[at:].lstrip()[:1] in ("'", '"')
            code = "STRING_NOT_TERMINATED" if quoted else "BAD_SYMBOL"
            raise query_error(code, f"Error in query: cannot read '{text[at : at + 20]}'.")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found
