"""How far back a platform shows an account's records, and what an account was not granted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.core.accounts import Account

NOTHING_HIDDEN = datetime(1970, 1, 1, tzinfo=UTC)
"""Before this nothing was made: everything is shown."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Records that a platform hides once they are so old, unless the account is granted more.

    What such a record changes into later is unseen: a stream of changes does not bring it.

    Attributes:
        days: for how many days after it was made a record is shown.
        made_column: the stream's column that says when it was made.
        changes: what becomes of such a record later, in plain words.
        is_whole: whether an account, as described, is shown everything; None when not known.
        remedy: what to do to be shown everything.
    """

    days: int
    made_column: str
    changes: str
    is_whole: Callable[[Account], bool | None]
    remedy: str

    def hidden_before(self, account: Account, now: datetime) -> datetime | None:
        """Returns before which instant a record must be made to be hidden; None when not known."""
        whole = self.is_whole(account)
        if whole is None:
            return None
        return NOTHING_HIDDEN if whole else now - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Something that an account's credential was not granted.

    Attributes:
        missing: its name, as the platform writes it.
        follows: what does not work without it.
        remedy: how to grant it.
        is_error: something cannot be pulled at all; otherwise less is seen.
    """

    missing: str
    follows: str
    remedy: str
    is_error: bool
