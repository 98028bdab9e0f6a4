"""What a platform declares of itself. Frozen."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from connectors.core.accounts import Account, AccountIds
from connectors.core.api import Api
from connectors.core.intake import Intake, Windows
from connectors.core.reach import Shortfall
from connectors.core.stream import Stream

if TYPE_CHECKING:
    from connectors.core.consent import Consent
    from connectors.core.http import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform(Api):
    """One platform: how to reach it (`Api`), and what it offers.

    Attributes:
        api_sunset: the day on which this API version is switched off, if it is known.
        discover: lists the accounts that a credential reaches.
        describe_account: refreshes name, currency and time zone of an account.
        shared: a feed that nobody owns (it belongs to the organization `_shared`).
        intake: what its streams are read by: windows, or objects that land whole.
        account_ids: how its accounts are named, and what else people write for that.
        check_settings: refuses settings of a connection that cannot work, with a ValueError that
            names the fix; None when the platform takes no settings.
        shortfalls: what an account, as described, was not granted; None when it cannot be known.
        own_credentials: each account has a credential of its own, which reaches no other.
        consent: how access is allowed in a browser that comes back to this machine; None when the
            platform offers no such way, for the reason that `no_consent` gives.
    """

    display_name: str
    category: Literal["ads", "analytics", "commerce", "email", "crm", "affiliate", "file"]
    api_sunset: date | None
    streams: tuple[Stream, ...]
    discover: Callable[[Client], Iterator[Account]]
    describe_account: Callable[[Client, Account], Account]
    shared: bool = False
    docs_url: str = ""
    intake: Intake = field(default_factory=Windows)
    account_ids: AccountIds = field(default_factory=AccountIds)
    check_settings: Callable[[str, Mapping[str, str]], None] | None = None
    shortfalls: Callable[[Account], Sequence[Shortfall]] | None = None
    consent: Consent | None = None
    no_consent: str = ""
    own_credentials: bool = False

    def account_id(self, given: str) -> str:
        """Returns the one spelling of an account's id.

        Raises:
            ValueError: it cannot be an id of this platform.
        """
        return self.account_ids.read(self.name, given)

    def stream(self, name: str) -> Stream:
        """Returns one stream by its name.

        Raises:
            ValueError: there is none; the message lists those that exist.
        """
        for stream in self.streams:
            if stream.name == name:
                return stream
        names = [stream.name for stream in self.streams]
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"{self.name} has no stream {name!r}{hint} It has: {', '.join(names)}")
