"""The page of one organization: everything inline, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from warehouse.report import charts, drawing
from warehouse.report.formats import NUMERIC, Currency, instant, shown
from warehouse.report.markup import Markup, element, json_script
from warehouse.report.section import Answer
from warehouse.report.subject import Subject


def page(subject: Subject, answers: Sequence[Answer]) -> str:
    """Returns the whole page. The same release gives the same bytes."""
    scripts = (drawing.bundle(), _asset("page.js"))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(scripts)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{subject.name}: marketing report"),
        element("style", Markup(_asset("page.css"))),
    )
    body = element(
        "body",
        element("a", "Skip to the report", href="#report", class_="skip"),
        _header(subject, answers),
        element(
            "main",
            *(_section(answer, subject.currency) for answer in answers),
            id="report",
            tabindex="-1",
        ),
        _footer(subject),
        *(element("script", Markup(script)) for script in scripts),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _header(subject: Subject, answers: Sequence[Answer]) -> Markup:
    links = (
        element("li", element("a", answer.section.title, href=f"#{answer.section.slug}"))
        for answer in answers
    )
    return element(
        "header",
        element("p", "Marketing report", class_="kind"),
        element("h1", subject.name, dir="auto"),
        element(
            "p",
            f"Amounts in {subject.currency.code}, days in each account’s own time zone. "
            f"Data as of {instant(subject.published_at, subject.currency)}.",
            class_="about",
        ),
        element("nav", element("ul", *links), aria_label="Sections"),
    )


def _footer(subject: Subject) -> Markup:
    return element(
        "footer",
        element(
            "p",
            f"Made by Tributary from release {subject.release} (tables {subject.schema_version}). "
            "Each number comes from the SQL beneath its section: ",
            element("code", "tributary query '…'"),
            " runs it again. “",
            element("span", "–", aria_hidden="true"),
            element("span", "dash", class_="hidden"),
            "” means unknown, which is not zero.",
        ),
    )


def _section(answer: Answer, currency: Currency) -> Markup:
    section = answer.section
    heading = f"{section.slug}-title"
    inside: list[object] = [
        element("h2", section.title, id=heading),
        element("p", section.question, class_="question"),
    ]
    if answer.missing:
        named = ", ".join(answer.missing)
        inside.append(
            element(
                "p",
                f"This release does not have {named} as of today: run `tributary run` with this "
                "version.",
                class_="empty",
            )
        )
    elif not answer.rows:
        inside.append(element("p", section.empty, class_="empty"))
    else:
        inside += _shown_answer(answer, currency)
    if answer.sql:
        inside.append(_sql(answer))
    return element(
        "section",
        *inside,
        id=section.slug,
        aria_labelledby=heading,
        class_="half" if section.is_half else None,
    )


def _shown_answer(answer: Answer, currency: Currency) -> list[object]:
    section = answer.section
    found: list[object] = []
    if section.above:
        found.append(section.above(answer.rows, currency))
    chart = section.chart(answer.rows, currency) if section.chart else None
    if chart is not None:
        found.append(_figure(answer, charts.themed(chart, f"{section.title}. {section.question}")))
    if section.note:
        found.append(element("p", section.note, class_="note"))
    if section.chart or section.above:
        summary = element("summary", "Table")
        found.append(element("details", summary, table(answer, currency), class_="table"))
    else:
        found.append(table(answer, currency))
    return found


def _figure(answer: Answer, specification: dict[str, object]) -> Markup:
    """The drawing, and what the browser makes an interactive chart of."""
    slug = answer.section.slug
    label = f"Chart: {specification['description']} Its numbers are in the table below."
    return element(
        "figure",
        element(
            "div", drawing.svg(specification, slug), class_="still", role="img", aria_label=label
        ),
        element("div", class_="live", role="img", aria_label=label, hidden=True),
        json_script(specification, id=f"{slug}-chart"),
        data_chart=f"{slug}-chart",
    )


def table(answer: Answer, currency: Currency) -> Markup:
    """Returns the rows as a table that scrolls on its own when it is wider than the page."""
    section = answer.section
    right = {column.name for column in section.columns if column.write in NUMERIC}
    head = element(
        "tr",
        *(
            element("th", column.label, scope="col", class_="n" if column.name in right else None)
            for column in section.columns
        ),
    )
    body = []
    for row in answer.rows:
        cells = [
            element(
                "td" if place else "th",
                shown(row[column.name], column.write, currency),
                class_="n" if column.name in right else None,
                scope=None if place else "row",
            )
            for place, column in enumerate(section.columns)
        ]
        body.append(element("tr", *cells))
    caption = element("caption", f"{section.title}: {section.question}")
    whole = element("table", caption, element("thead", head), element("tbody", *body))
    label = f"Table: {section.title}"
    return element("div", whole, class_="scroll", tabindex="0", role="region", aria_label=label)


def _sql(answer: Answer) -> Markup:
    slug = answer.section.slug
    return element(
        "details",
        element("summary", "SQL"),
        element(
            "button",
            "Copy",
            type="button",
            data_copies=f"{slug}-sql",
            hidden=True,
            aria_label=f"Copy the SQL of {answer.section.title}",
        ),
        element("pre", element("code", answer.sql, id=f"{slug}-sql"), tabindex="0"),
        class_="sql",
    )


def _policy(scripts: Sequence[str]) -> str:
    """Returns what the browser may do: run these very scripts, and fetch nothing at all."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _asset(name: str) -> str:
    return (files("warehouse.report") / "assets" / name).read_text("utf-8")
