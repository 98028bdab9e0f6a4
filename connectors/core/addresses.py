"""Where a platform is: its own address, or the sandbox that TRIBUTARY_SANDBOX names."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

VARIABLE = "TRIBUTARY_SANDBOX"
PLACE = "{account}"

_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_HOST = re.compile(rf"{_LABEL.pattern}(?:\.{_LABEL.pattern})*")


def base_url(
    platform: str, own: str, account: str = "", *, stated: str = "", plain: bool = False
) -> str:
    """Returns the address to send a platform's requests to, without a trailing slash.

    Args:
        platform: its name, the first part of a sandbox's paths.
        own: its own address; `{account}` in it stands for the account's id, where every account
            has a host of its own. The id may be that whole host.
        account: that id; it may be empty for a platform with one address.
        stated: where this account is, in place of `own`; empty for most.
        plain: whether it may be an address without https.

    Raises:
        ValueError: TRIBUTARY_SANDBOX names an address that is not on this machine, or the
            account's id cannot be part of a host's name.
    """
    own, place = _of_account(own, account)
    sandbox = os.environ.get(VARIABLE, "").strip().rstrip("/")
    if not sandbox:
        return checked(stated or own, plain=plain)
    if urlsplit(sandbox).scheme not in {"http", "https"} or not is_loopback(sandbox):
        # Real credentials would be sent there: only this machine will do.
        raise ValueError(
            f"{VARIABLE}={sandbox!r} must be a loopback address: http://127.0.0.1:8080"
        )
    return f"{sandbox}/{platform}{place}"


def placed(own: str, place: str) -> str:
    """Returns an address with the place where a credential's accounts live.

    Raises:
        ValueError: it cannot be a part of a host's name.
    """
    if not _HOST.fullmatch(place):
        # Anything else could send a token elsewhere.
        raise ValueError(f"{place!r} is no part of an address such as {own}")
    return own.replace("{place}", place)


def has_account(own: str) -> bool:
    """Returns whether every account of a platform has a host of its own."""
    return PLACE in own


def account_id(own: str, given: str) -> str:
    """Returns the id of an account that may be given as its whole host.

    Args:
        own: a platform's address; where it has no `{account}`, ids are left as they are.
        given: the id, or what people copy from their browser: `Acme.myshopify.com`.
    """
    if PLACE not in own:
        return given
    written = re.sub(r"^https?://", "", given.strip().lower()).rstrip("/")
    host, _, _ = written.partition("/")
    account = host.removesuffix(urlsplit(own).netloc.replace(PLACE, ""))
    # Behind a whole host stands the page that somebody looked at; `a/b` is no account.
    return written if account == host else account


def path(*parts: str) -> str:
    """Returns a path of which each part is quoted: an id cannot lead anywhere else.

    Raises:
        ValueError: a part is empty, or means "here" or "above".
    """
    for part in parts:
        if part in {"", ".", ".."}:
            raise ValueError(f"{part!r} is no part of an address")
    return "/" + "/".join(quote(part, safe=":@") for part in parts)


def _of_account(own: str, account: str) -> tuple[str, str]:
    """Returns the account's own address, and the part of a sandbox's path that stands for it."""
    if PLACE not in own:
        return own, ""
    account = account_id(own, account)
    is_host = urlsplit(own).netloc == PLACE
    if not (_HOST if is_host else _LABEL).fullmatch(account):
        # It becomes part of a host's name: anything else could send a token elsewhere.
        raise ValueError(
            f"account {account!r} is no part of an address such as {own}: "
            f"name it by letters, digits and dashes{', with dots between' if is_host else ''}"
        )
    return own.replace(PLACE, account), f"/{account}"


def checked(address: str, *, plain: bool = False) -> str:
    """Returns an address that is fit to carry credentials, without a trailing slash.

    Args:
        address: scheme and host, and perhaps a path.
        plain: whether http will do, since no request carries a secret.

    Raises:
        ValueError: it is neither https nor on this machine.
    """
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and (plain or is_loopback(address))):
        return address.rstrip("/")
    raise ValueError(f"{parts.scheme}://{parts.hostname} would carry credentials without https")


def is_loopback(address: str) -> bool:
    """Returns whether the address lies on this machine."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def of_platform(path: str, own: str, actual: str, beside: Sequence[str]) -> str:
    """Returns the address of a path that lies beside a platform's own address; else it as it is.

    Args:
        path: a path, or a whole address.
        own: the platform's own address.
        actual: where it is in fact; another one stands for all addresses of the platform.
        beside: the platform's further addresses.
    """
    for other in beside:
        if path.startswith(f"{other}/") and actual != own.rstrip("/"):
            return actual + path.removeprefix(other)
    return path


def instance(named: str, base: str, endings: Sequence[str]) -> str:
    """Returns the address that a token's answer names as that of the account.

    Args:
        named: the address.
        base: where the platform is; the address of a sandbox lies on its own host.
        endings: of hosts that belong to the platform.

    Raises:
        ValueError: it is elsewhere, and must get no token.
    """
    ours, theirs = urlsplit(base), urlsplit(named)
    if is_loopback(base):
        fit = (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc)
    else:
        host = theirs.hostname or ""
        fit = theirs.scheme == "https" and host == theirs.netloc and host.endswith(tuple(endings))
    if not fit:
        raise ValueError(f"{theirs.hostname} is no host of the platform")
    return named.rstrip("/")


def moved(own: str, platform_base: str, actual_base: str) -> str:
    """Puts another address of a platform (its token URL) beside a base that was overridden."""
    if actual_base == platform_base.rstrip("/"):
        return own
    return actual_base + urlsplit(own).path
