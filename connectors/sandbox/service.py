"""What a platform of the sandbox is made of, and how the platforms are found: by their folders.

A folder of `platforms/` whose `__init__.py` has a `SERVICE` is served below its name; its accounts
stand in the connections file and its figures in the truth. No list of names is edited.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.routing import BaseRoute

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.affiliate_entities import AffiliateNetwork
from connectors.sandbox.business.crm_entities import CrmSystem
from connectors.sandbox.business.mail_entities import MailSystem
from connectors.sandbox.business.networks import Network
from connectors.sandbox.truth.question import Answer

if TYPE_CHECKING:
    from connectors.sandbox.world import World


@dataclass(frozen=True, slots=True)
class ConnectionsPart:
    """A platform's part of the file for `tributary connections apply`.

    Attributes:
        credentials: Entries of the file's `credentials`; the secrets open nothing but the sandbox.
        connections: Entries of the file's `connections`.
    """

    credentials: Sequence[dict[str, Any]] = ()
    connections: Sequence[dict[str, Any]] = ()


def one_each(
    business: Business,
    platform: str,
    suffix: str,
    secrets: Callable[[str], dict[str, str]],
    held: Sequence[tuple[str, str]] | None = None,
) -> ConnectionsPart:
    """Returns a credential for each organization on a platform, and a connection an account.

    Args:
        business: Whose.
        platform: The platform.
        suffix: What a credential's id ends with, behind the organization's.
        secrets: From an organization's id to its secrets, literals of the sandbox.
        held: Each account's organization and id; None for the platform's ad accounts.
    """
    if held is None:
        accounts = business.people.accounts_on(platform)
        held = [(one.organization.id, one.id) for one in accounts]
    return ConnectionsPart(
        credentials=[
            {
                "id": f"{one}_{suffix}",
                "organization": one,
                "platform": platform,
                "secrets": secrets(one),
            }
            for one in dict.fromkeys(organization for organization, _ in held)
        ],
        connections=[
            {
                "organization": organization,
                "platform": platform,
                "account": account,
                "credential": f"{organization}_{suffix}",
                "start_date": business.parameters.first_day,
                "sync_frequency": "daily",
            }
            for organization, account in held
        ],
    )


def no_connections(_: Business) -> ConnectionsPart:
    """Returns the part of a platform that needs no connection."""
    return ConnectionsPart()


@dataclass(frozen=True, slots=True)
class Service:
    """One platform of the sandbox.

    Attributes:
        name: The folder's name, which is the URL's prefix and the platform's name.
        routes: Its endpoints over a world, below `/<name>`.
        connections: Its credentials and connections.
        truth: Its answers by level; several services may answer one level.
        network: Its side of the business, where it is an ad platform.
        mail: Its side of the business, where it is a mail platform.
        crm: Its side of the business, where deals are kept in it.
        affiliates: Its side of the business, where partners are paid in it.
    """

    name: str
    routes: Callable[[World], Sequence[BaseRoute]]
    connections: Callable[[Business], ConnectionsPart] = no_connections
    truth: Mapping[str, Answer] = field(default_factory=dict)
    network: Network | None = None
    mail: MailSystem | None = None
    crm: CrmSystem | None = None
    affiliates: AffiliateNetwork | None = None


@cache
def services() -> tuple[Service, ...]:
    """Returns the platforms of the sandbox, by name."""
    found = []
    for folder in pkgutil.iter_modules([str(Path(__file__).parent / "platforms")]):
        if folder.ispkg:
            package = importlib.import_module(f"{__package__}.platforms.{folder.name}")
            service = getattr(package, "SERVICE", None)
            if service is not None:
                found.append(service)
    return tuple(sorted(found, key=lambda one: one.name))


def simulated(parameters: Parameters) -> Business:
    """Returns the business on the networks, the mail and the sales systems of all platforms."""
    return Business(
        parameters,
        [one.network for one in services() if one.network is not None],
        [one.mail for one in services() if one.mail is not None],
        [one.crm for one in services() if one.crm is not None],
        [one.affiliates for one in services() if one.affiliates is not None],
    )
