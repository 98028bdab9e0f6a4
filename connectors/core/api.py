"""What a client needs to know of a platform: where it is, how to sign in, how it reports errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.core.credentials import CredentialField

if TYPE_CHECKING:
    from connectors.core.auth import Auth
    from connectors.core.errors import ConnectorError
    from connectors.core.replies import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A platform as a client sees it.

    Attributes:
        name: snake_case product name, the same word everywhere.
        base_url: scheme and host, without a path that depends on the version.
        beside: further addresses of the platform, scheme and host, to which its credential goes as
            well: an API of its own for what accounts are, say.
        place_of: from a credential to where its accounts live (a data centre), which stands for
            `{place}` in `base_url`; None for a platform that is in one place. It raises
            AuthRejected for a credential that does not say it.
        address_setting: name of the setting of a connection that states where its account is, of
            a platform whose accounts have hosts of their own and may be elsewhere on them.
        moves_within: endings of hosts, such as `.salesforce.com`, of which the token address may
            name one as that of the account (`instance_url`): requests then go there. Empty for a
            platform whose accounts stay where they are.
        plain_http: whether a request may go without https: its signature holds no secret then.
        requests_per_second: pace of one account; bursts of twice that are allowed.
        paces: where a platform counts requests of some addresses apart: by a part of their path,
            requests a second of one account. The first part that an address has decides.
        headers: what every signed request carries beside its signature, e.g. the API's version.
        unreachable_retries: how often it is tried again when there is no way to it at all; None
            for as often as after any other trouble.
        read_error: reads a platform's error body; None when the reply is no error it knows.
        read_usage: reads how much of the account's allowance is used up, and returns for how many
            seconds its next request should wait (of those addresses alone, where `paces` counts
            them apart); None when the platform does not report it.
    """

    name: str
    api_version: str
    base_url: str
    auth: Auth
    credential_fields: tuple[CredentialField, ...]
    requests_per_second: float
    read_error: Callable[[Reply], ConnectorError | None]
    headers: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    paces: Mapping[str, float] = field(default_factory=dict)
    place_of: Callable[[Mapping[str, str]], str] | None = None
    address_setting: str = ""
    moves_within: tuple[str, ...] = ()
    plain_http: bool = False
    unreachable_retries: int | None = None
    read_usage: Callable[[Reply], float] | None = None
