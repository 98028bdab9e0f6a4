"""Rows of insights as the wire carries them, made column by column for speed.

All that is the same for a subject becomes text once; a row is that text, its figures and its dates.
"""

from __future__ import annotations

import orjson

from connectors.sandbox.business.calendar import HOURS
from connectors.sandbox.business.demographics import AGES, GENDERS
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.meta_ads.actions import LISTS, Style
from connectors.sandbox.platforms.meta_ads.asked import HOURLY, LEVELS
from connectors.sandbox.platforms.meta_ads.insight_fields import SUBJECT_FIELDS
from connectors.sandbox.platforms.meta_ads.metrics import METRICS, Figures, Metric
from connectors.sandbox.platforms.meta_ads.periods import MONTHS_OF_SPLIT_REACH, months_before
from connectors.sandbox.platforms.meta_ads.result import Found, shown_cells
from connectors.sandbox.tables.results import Rows


class Renderer:
    """Renders the rows of one result.

    Attributes:
        found: What the question finds.
        subjects: What rows can be about.
    """

    def __init__(self, found: Found) -> None:
        asked = found.asked
        self.found, self.subjects = found, found.subjects
        self._heads: dict[int, str] = {}
        height = LEVELS.index(asked.level)
        self._head_fields = [
            (name, SUBJECT_FIELDS[name][1])
            for name in asked.fields
            if name in SUBJECT_FIELDS and LEVELS.index(SUBJECT_FIELDS[name][0]) <= height
        ]
        self._metrics = [METRICS[name] for name in asked.fields if name in METRICS]
        self._lists = [LISTS[name] for name in asked.fields if name in LISTS]
        self._style = Style(
            omni=reports_omni(found.node.account.organization.number),
            windows=asked.windows,
            wanted=lambda name: all(
                one.holds(name) for one in asked.conditions if one.field == "action_type"
            ),
        )
        self._dates = [
            f',"date_start":"{first}","date_stop":"{last}"' for first, last in asked.periods
        ]
        if asked.by_delivery:
            self._cells = _delivery_texts(found.node.account, asked.breakdowns)
        else:
            self._cells = _cell_texts(asked.breakdowns)
        node = found.node
        today = node.clock.astimezone(node.zone).date()
        # People are counted by group for 13 months; of older days that is left out without a word.
        oldest = months_before(today, MONTHS_OF_SPLIT_REACH)
        self._uncounted = [bool(asked.breakdowns) and first < oldest for first, _ in asked.periods]

    def rows(self, first: int, count: int) -> tuple[list[str], bool]:
        """Returns so many rows from a position on, each as JSON text, and whether more follow."""
        rows, more = self.found.result.rows(first, count)
        return self._texts(rows), more

    def _texts(self, rows: Rows) -> list[str]:
        figures = self.found.figures(rows)
        columns = [[self._head(one) for one in rows.subject.tolist()]]
        columns.extend(self._fragments(metric, figures, rows) for metric in self._metrics)
        columns.extend(render(figures, self._style) for render in self._lists)
        columns.append([self._dates[one] for one in rows.period.tolist()])
        if len(self._cells) > 1:
            columns.append([self._cells[one] for one in rows.cells[0].tolist()])
        return ["{" + "".join(row)[1:] + "}" for row in zip(*columns, strict=True)]

    def _fragments(self, metric: Metric, figures: Figures, rows: Rows) -> list[str]:
        texts = metric.fragments(figures)
        if metric.by_hour or not any(self._uncounted):
            return texts
        periods = rows.period.tolist()
        return [
            "" if self._uncounted[period] else text
            for text, period in zip(texts, periods, strict=True)
        ]

    def _head(self, position: int) -> str:
        head = self._heads.get(position)
        if head is None:
            subject = self.subjects[position]
            shown = {name: read(subject) for name, read in self._head_fields}
            inner = orjson.dumps(shown).decode()[1:-1]
            head = self._heads[position] = f",{inner}" if inner else ""
        return head


def reports_omni(number: int) -> bool:
    """Says whether the organization of a number has events that make up `omni_` types."""
    return number % 3 != 1


def _delivery_texts(account: Account, breakdowns: tuple[str, ...]) -> list[str]:
    distinct = dict.fromkeys(shown_cells(account, breakdowns))
    return [
        "".join(f',"{name}":"{value}"' for name, value in zip(breakdowns, cell, strict=True))
        for cell in distinct
    ]


def _cell_texts(breakdowns: tuple[str, ...]) -> list[str]:
    if HOURLY in breakdowns:
        hours = [f',"{HOURLY}":"{hour:02d}:00:00 - {hour:02d}:59:59"' for hour in range(HOURS)]
        return [*hours, ""]
    ages = [f',"age":"{age}"' for age in AGES] if "age" in breakdowns else [""]
    genders = [f',"gender":"{one}"' for one in GENDERS] if "gender" in breakdowns else [""]
    return [age + gender for age in ages for gender in genders]
