"""Spreadsheets by the Google Sheets API: which tabs there are, and the rows of one.

https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.core import addresses, clock
from connectors.core.accounts import Account
from connectors.core.errors import ShapeChanged
from connectors.core.http import Client
from connectors.core.replies import Reply
from connectors.core.shapes import body_of, object_of, objects_at
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.crm_export.grid import Table, read

CURRENCY, KEPT = "currency", "least_kept"
"""Settings: the currency of rows that state none; the least part of a list that must stay."""
_LEAST_KEPT = 0.7
_URL = re.compile(r"https://docs\.google\.com/spreadsheets/d/([A-Za-z0-9_-]+)(?:[/?#].*)?")
_TAB = re.compile(r"tab_(customers|employees|products|orders)")
_ABOUT = "spreadsheetId,properties(title,timeZone,locale),sheets.properties(sheetId,title,index)"


def one_spelling(given: str) -> str:
    """Returns the id of a spreadsheet, also from the address of its page."""
    found = _URL.fullmatch(given.strip())
    return found.group(1) if found else given.strip()


def check_settings(account_id: str, settings: Mapping[str, str]) -> None:
    """Refuses settings that cannot work.

    Raises:
        ValueError: what is wrong, and what to write instead.
    """
    for name, value in settings.items():
        is_tab = bool(_TAB.fullmatch(name))
        if not is_tab and name not in (CURRENCY, KEPT):
            raise ValueError(
                f"crm_export {account_id} has no setting {name!r}: there are {CURRENCY}, {KEPT}, "
                "and tab_customers, tab_employees, tab_products, tab_orders"
            )
        if name == CURRENCY and not re.fullmatch(r"[A-Z]{3}", value):
            raise ValueError(f"{CURRENCY}: {value!r} is no currency such as EUR")
        if is_tab and not re.fullmatch(r"\d{1,10}", value):
            raise ValueError(f"{name}: {value!r} is no number of a tab (gid=… in its address)")
        if name == KEPT and not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", value):
            raise ValueError(f"{KEPT}: {value!r} is no part from 0 to 1, such as {_LEAST_KEPT}")


def least_kept(account: Account) -> float:
    """Returns the least part of the rows of its last list that a new list must have."""
    return float(account.settings.get(KEPT) or _LEAST_KEPT)


def discover(_client: Client) -> Iterator[Account]:
    """Yields nothing: which sheets are shared is for Drive to say, which is not asked."""
    return iter(())


def describe_account(client: Client, account: Account) -> Account:
    """Returns the spreadsheet with its present title, its time zone and its currency."""
    about = object_of(body_of(_about(client, account)), "properties")
    currency = account.settings.get(CURRENCY)
    return account.described(about.get("title"), currency, about.get("timeZone"))


@dataclass(frozen=True, slots=True)
class Tab:
    """Fetches the rows of one table, as any `Stream.pages` does.

    Attributes:
        table: which.
    """

    table: Table

    def __call__(
        self, client: Client, account: Account, _window: Window | None = None
    ) -> Iterator[Page]:
        """Yields the one page of all rows.

        The tab is found anew each time: its title can be changed, and a range is named by it.

        Raises:
            ShapeChanged: there is no such tab, or no header in it.
        """
        about = _about(client, account)
        zone = _zone(object_of(body_of(about), "properties").get("timeZone"))
        reply = client.get(
            addresses.path("v4", "spreadsheets", account.id) + "/values:batchGet",
            params={
                "ranges": _quoted(self._title(about, account)),
                "majorDimension": "ROWS",
                "valueRenderOption": "UNFORMATTED_VALUE",
                "dateTimeRenderOption": "SERIAL_NUMBER",
            },
        )
        (found,) = objects_at(reply, "valueRanges") or [{}]
        rows = found.get("values", [])
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise ShapeChanged(f"the answer holds no rows: {reply.excerpt}")
        done = read(self.table, rows, zone, clock.now())
        yield Page(done.records, len(reply.body), done.set_aside)

    def _title(self, about: Reply, account: Account) -> str:
        """Returns the present title of the tab: by its number if that is set, else by its name."""
        tabs = [object_of(one, "properties") for one in objects_at(about, "sheets")]
        number = account.settings.get(f"tab_{self.table.name}")
        for tab in tabs:
            title = str(tab.get("title", ""))
            is_it = (
                str(tab.get("sheetId")) == number
                if number
                else title.strip().casefold() == self.table.name
            )
            if is_it:
                return title
        wanted = f"number {number}" if number else f"name {self.table.name}"
        others = ", ".join(f"{tab.get('title')} ({tab.get('sheetId')})" for tab in tabs)
        raise ShapeChanged(
            f"the spreadsheet has no tab of the {wanted}; there are {others}",
            remedy=f"Name the tab {self.table.name.title()}, or set tab_{self.table.name} to its "
            "number (gid=… in its address), which stays when it is renamed.",
        )


def _about(client: Client, account: Account) -> Reply:
    path = addresses.path("v4", "spreadsheets", account.id)
    return client.get(path, params={"fields": _ABOUT})


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ShapeChanged(
            f"the spreadsheet states no time zone that is known: {name!r}",
            remedy="Set it in File → Settings of the spreadsheet.",
        ) from None


def _quoted(title: str) -> str:
    """Returns a tab's title as a range in A1 notation, which is the whole tab."""
    return "'" + title.replace("'", "''") + "'"
