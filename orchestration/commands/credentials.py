"""Credentials: what was given on the command line, asked for, or allowed in a browser."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

import typer

from connectors import platforms
from connectors.core.auth import ByCredential
from connectors.core.http import Client
from connectors.core.platform import Platform
from orchestration.commands.discover import show_reached
from orchestration.commands.output import console
from orchestration.consent import LOOPBACK, answers, pasted, show
from orchestration.discovery import Discovery
from orchestration.sandboxes import refuse_own_accounts
from orchestration.token_store import declared_fields
from orchestration.workspace import Workspace, open_workspace
from warehouse.registry_records import Change, Credential, Organization

Given = Annotated[
    list[str] | None,
    typer.Option(
        "--secret",
        help="NAME=VALUE of the credential, for each of its fields. Shells keep what is typed: "
        "better --secret-env.",
    ),
]
FromEnvironment = Annotated[
    list[str] | None,
    typer.Option(
        "--secret-env", help="NAME=VARIABLE: the same, read from an environment variable."
    ),
]
CredentialId = Annotated[str, typer.Argument(help="Credential id, such as acme.google_ads.")]
OfPlatform = Annotated[str | None, typer.Option(help="Platform name, for a new one.")]
Owner = Annotated[
    str | None, typer.Option(help="Whose it is; without it, an agency's for several.")
]
PASTE_PORT = 8085
"""Nothing listens there: the browser only shows the address."""


def credential(
    credential: CredentialId,
    platform: OfPlatform = None,
    organization: Owner = None,
    secret: Given = None,
    secret_env: FromEnvironment = None,
) -> None:
    """Store a CREDENTIAL, or replace a secret in it.

    Of a stored one only the fields that are given change: that is how a secret is rotated. Without
    any, all are asked for. They are stored encrypted and never printed.

    Example: tributary connections credential acme.meta_ads --secret-env access_token=META_TOKEN
    """
    space = open_workspace()
    known = _stored(space, credential)
    declared = platforms.get(_platform_of(credential, known, platform))
    refuse_own_accounts(space.home, [declared])
    given = secrets_of(declared, secret, secret_env)
    owner = organization or (known.organization_id if known else None)
    change = store(space, credential, declared, owner, given)
    console.print(f"{change} credential {credential}", markup=False)
    _print_next(space, credential, declared, owner)


def authorize(
    credential: CredentialId,
    platform: OfPlatform = None,
    organization: Owner = None,
    secret: Given = None,
    secret_env: FromEnvironment = None,
    port: Annotated[int, typer.Option(help="Port to wait on; 0 lets the system choose.")] = 0,
    browser: Annotated[
        bool, typer.Option(help="Open the page in a browser, where there is a screen.")
    ] = True,
    paste: Annotated[
        bool,
        typer.Option("--paste", help="The browser is on another machine: paste its address."),
    ] = False,
) -> None:
    """Get a refresh token for a CREDENTIAL: allow the access in a browser.

    Prints the address of the page, waits on a port of this machine for the browser to come back,
    stores the token encrypted in the credential and lists the accounts that it reaches. Of a stored
    credential nothing else is needed: call it again when a token has expired or was revoked. Google
    Ads and Analytics sign in like this; of others the error says how to get a token.

    Over ssh use --paste, or --port 8085 with `ssh -L 8085:127.0.0.1:8085 SERVER`.

    Example: tributary connections authorize acme.google_ads --platform google_ads
    --organization acme --secret client_id=1234.apps.googleusercontent.com
    --secret-env client_secret=GOOGLE_CLIENT_SECRET
    """
    space = open_workspace()
    known = _stored(space, credential)
    declared = platforms.get(_platform_of(credential, known, platform))
    if declared.consent is None:
        why = declared.no_consent or f"{declared.display_name} is not signed in to in a browser"
        raise ValueError(f"{why}: see docs/connections.md")
    refuse_own_accounts(space.home, [declared])
    given = secrets_of(declared, secret, secret_env)
    client_fields = ("client_id", "client_secret")
    fields = {**_fields(space, known), **given}
    fields |= _asked_for(declared, [name for name in client_fields if not fields.get(name)])
    with Client(declared, fields) as client:
        token = _allowed(client, declared, port=port, browser=browser, paste=paste)
    owner = organization or (known.organization_id if known else None)
    change = store(space, credential, declared, owner, {**fields, "refresh_token": token})
    console.print(f"{change} credential {credential}; it reaches:", markup=False)
    show_reached(Discovery(space, credential).reached())
    _print_next(space, credential, declared, owner)


def _allowed(client: Client, platform: Platform, *, port: int, browser: bool, paste: bool) -> str:
    """Lets the owner allow the access; returns the refresh token."""
    consent = platform.consent
    assert consent is not None
    if paste:
        question = consent.question(client, f"http://{LOOPBACK}:{port or PASTE_PORT}")
        _print_page(platform, question.address)
        console.print(
            "The browser then ends at a page that does not open. Copy its whole address.",
            markup=False,
        )
        code = pasted(question, lambda: typer.prompt("address", hide_input=True))
        return consent.refresh_token(client, question, code)
    with answers(port) as listening:
        question = consent.question(client, listening.redirect)
        _print_page(platform, question.address)
        if browser:
            show(question.address)
        console.print(f"waiting for the browser at {listening.redirect} (Ctrl-C ends it)")
        return consent.refresh_token(client, question, listening.wait(question))


def _print_page(platform: Platform, address: str) -> None:
    console.print(
        f"Open this page, sign in as somebody who may see the accounts of {platform.display_name}, "
        "and allow the access:",
        markup=False,
        soft_wrap=True,
    )
    console.print(address, markup=False, soft_wrap=True)


def secrets_of(
    platform: Platform, given: Sequence[str] | None, from_environment: Sequence[str] | None
) -> dict[str, str]:
    """Returns the fields of a credential that the command line gives.

    Raises:
        ValueError: a field that the platform does not have, or one without a value.
    """
    found: dict[str, str] = {}
    for option, texts in (("--secret", given), ("--secret-env", from_environment)):
        for text in texts or ():
            name, equals, value = text.partition("=")
            if not equals:
                raise ValueError(f"{option} {name} has no value: write {option} {name}=…")
            if option == "--secret-env":
                variable, value = value, os.environ.get(value, "")
                if not value:
                    raise ValueError(f"the environment variable {variable} ({name}) is not set")
            if not value:
                raise ValueError(f"{option} {name}= is empty")
            found[name] = value
    known = [field.name for field in platform.credential_fields]
    for name in found:
        if name not in known:
            has = f"has: {', '.join(known)}" if known else "needs none"
            raise ValueError(f"a credential of {platform.name} has no {name!r}; it {has}")
    return found


def store(
    space: Workspace,
    credential_id: str,
    platform: Platform,
    organization: str | None,
    given: Mapping[str, str],
) -> Change:
    """Stores a credential, what is not given as it was; asks for all when nothing is given.

    Raises:
        ValueError: it would lack what the platform needs.
    """
    known = _stored(space, credential_id)
    names = [field.name for field in platform.credential_fields]
    fields = {**_fields(space, known), **(given or _asked_for(platform, names))}
    missing = [f.name for f in platform.credential_fields if f.required and not fields.get(f.name)]
    if missing:
        example = f"--secret-env {missing[0]}=VARIABLE"
        raise ValueError(
            f"credential {credential_id} lacks {', '.join(missing)}: give each with {example}"
        )
    if isinstance(platform.auth, ByCredential):
        ways = [name for name, _ in platform.auth.ways]
        if not any(map(fields.get, ways)):
            raise ValueError(f"credential {credential_id} needs {' or '.join(ways)}")
    if organization is not None:
        ensure_organization(space, organization)
    return space.registry.add_credential(credential_id, platform.name, fields, organization)


def ensure_organization(space: Workspace, name: str, currency: str | None = None) -> None:
    """Makes an organization of that id unless there is one; with a currency, that is its own."""
    known = {one.organization_id: one for one in space.registry.organizations()}
    made = known.get(name) or Organization(name, name)
    if currency is not None:
        made = replace(made, reporting_currency=currency)
    if made != known.get(name):
        space.registry.add_organization(made)


def is_stored(space: Workspace, credential_id: str) -> bool:
    """Whether a credential of that id is stored."""
    return _stored(space, credential_id) is not None


def _stored(space: Workspace, credential_id: str) -> Credential | None:
    known = {one.credential_id: one for one in space.registry.credentials()}
    return known.get(credential_id)


def _fields(space: Workspace, known: Credential | None) -> Mapping[str, str]:
    return declared_fields(space.registry.secrets(known.credential_id)) if known else {}


def _platform_of(credential_id: str, known: Credential | None, given: str | None) -> str:
    if known is not None:
        if given not in (None, known.platform):
            raise ValueError(
                f"credential {credential_id} is for {known.platform}, not {given}; give the new "
                "one another id"
            )
        return known.platform
    if given is None:
        raise ValueError(
            f"credential {credential_id} is new: say with --platform whose it is, and with "
            "--organization who owns it (an agency's has no owner)"
        )
    return given


def _asked_for(platform: Platform, names: Sequence[str]) -> dict[str, str]:
    """Asks for fields; what is secret is not shown while it is typed."""
    found = {}
    for field in platform.credential_fields:
        if field.name in names:
            found[field.name] = typer.prompt(
                f"{field.name} ({field.help})",
                hide_input=field.secret,
                default=None if field.required else "",
                show_default=False,
            )
    return {name: value for name, value in found.items() if value}


def _print_next(
    space: Workspace, credential_id: str, platform: Platform, organization: str | None
) -> None:
    used = [
        one
        for one in space.registry.connections(platform=platform.name)
        if credential_id in (one.credential_id, *one.alternate_credential_ids)
    ]
    if used:
        label = f"{used[0].organization_id}/{platform.name}/{used[0].account_id}"
        console.print(f"test it with:\n  tributary connections test {label}", markup=False)
    else:
        example = platform.account_ids.example
        console.print(
            "connect an account with it:\n"
            f"  tributary connections add --platform {platform.name} --account {example} "
            f"--organization {organization or 'ORG'} --credential {credential_id}",
            markup=False,
            soft_wrap=True,
        )
