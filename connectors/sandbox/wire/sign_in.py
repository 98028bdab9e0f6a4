"""Sign-in where each organization has one credential, which reaches its own accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from connectors.sandbox.business.entities import Account
from connectors.sandbox.wire.bodies import read_form
from connectors.sandbox.wire.consent import Codes, Refused
from connectors.sandbox.wire.faults import Faults
from connectors.sandbox.wire.lifecycle import Call, Refusal, json_response
from connectors.sandbox.wire.tokens import Tokens, basic_pair, bearer

Clock = Callable[[], datetime]


def in_authorization(request: Request) -> str | None:
    """Returns the token of an `Authorization: Bearer` header."""
    return bearer(request.headers.get("authorization"))


@dataclass(frozen=True)
class SignIn:
    """Knows who calls, and the accounts of theirs.

    Attributes:
        accounts: All accounts on the platform.
        tokens: The access tokens, each held by an organization's id.
        refuse: What is said to a token that is unknown, or (True) that is over.
        now: The clock.
        token_of: From a request to its token.
    """

    accounts: Sequence[Account]
    tokens: Tokens[str]
    refuse: Callable[[bool], Refusal]
    now: Clock
    token_of: Callable[[Request], str | None] = in_authorization

    @classmethod
    def lasting(
        cls,
        accounts: Sequence[Account],
        token: str,
        refuse: Callable[[bool], Refusal],
        now: Clock,
        token_of: Callable[[Request], str | None] = in_authorization,
    ) -> SignIn:
        """Returns the sign-in by tokens that last until they are taken back.

        Args:
            accounts: All accounts on the platform.
            token: The template of a token, of which each organization has one, by its id.
            refuse: What is said to a token that is unknown, or (True) that is over.
            now: The clock.
            token_of: From a request to its token.
        """
        tokens: Tokens[str] = Tokens(lasting_can_end=True)
        for one in accounts:
            tokens.keep(token.format(one.organization.id), one.organization.id)
        return cls(accounts, tokens, refuse, now, token_of)

    def reached(self, call: Call) -> dict[str, Account]:
        """Returns the accounts that the token of a call reaches, by their ids.

        Raises:
            Refusal: There is no token, or one that is unknown or over.
        """
        token = self.tokens.find(self.token_of(call.request))
        if token is None or token.is_over(self.now(), call.plan):
            raise self.refuse(token is not None)
        token.served += 1
        mine = [one for one in self.accounts if one.organization.id == token.holder]
        return {one.id: one for one in mine if one.id not in call.plan.revoked_accounts}

    def account(self, call: Call, id_: str, missing: Refusal) -> Account:
        """Returns the account that a call is about, and records it.

        Raises:
            Refusal: The one that is given, of an account out of reach; or that of the token.
        """
        call.note(account=id_)
        account = self.reached(call).get(id_)
        if account is None:
            raise missing
        return account


@dataclass(frozen=True)
class RefreshEndpoint:
    """An OAuth token endpoint that takes refresh tokens, whose own life it does not renew.

    Attributes:
        client: The id and the secret of the one client.
        owners: Of each refresh token, whose it is.
        tokens: Where new access tokens go.
        lives, refresh_lives: How long tokens last; None where an answer leaves out the refresh
            token.
        faults: What goes wrong elsewhere: what replaces a token that a fault ended is spared.
        now: The clock.
        basic: Whether the client is named in a header of HTTP Basic, not among the fields.
        codes: Of a page of consent: each is exchanged for the first of the refresh tokens.
        others: Of each other grant type, from the fields to whose the token is.
    """

    client: tuple[str, str]
    owners: Mapping[str, str]
    tokens: Tokens[str]
    lives: timedelta
    refresh_lives: timedelta | None
    faults: Faults
    now: Clock
    basic: bool = False
    codes: Codes | None = None
    others: Mapping[str, Callable[[dict[str, str]], str]] = field(default_factory=dict)

    async def answer(self, request: Request) -> Response:
        """Answers a request for a token, by RFC 6749."""
        form = await read_form(request)
        if self.basic:
            pair = basic_pair(request.headers.get("authorization")) or ("", "")
            form = {**form, "client_id": pair[0], "client_secret": pair[1]}
        return granted(lambda: self._issue(form))

    async def consent(self, request: Request) -> Response:
        """Answers a browser that opens the page of consent."""
        assert self.codes is not None, "there is such a page"
        return self.codes.page(request, self.now())

    def _issue(self, form: dict[str, str]) -> dict[str, Any]:
        kind, brought = form.get("grant_type", ""), dict[str, Any]()
        if kind in self.others:
            owner = family = self.others[kind](form)
        else:
            family = self._refresh_token(form, kind)
            owner = self.owners[family]
            if self.refresh_lives is not None:
                left = int(self.refresh_lives.total_seconds()) - 1
                brought = {"refresh_token": family, "refresh_token_expires_in": left}
            elif kind == "authorization_code":
                brought = {"refresh_token": family}
        token = self.tokens.issue(owner, family, self.now() + self.lives, self.faults.plan)
        lasts = {"expires_in": int(self.lives.total_seconds()) - 1, "token_type": "Bearer"}
        return {"access_token": token, **lasts, **brought}

    def _refresh_token(self, form: dict[str, str], kind: str) -> str:
        """Returns the refresh token that is given, or that a code is exchanged for.

        Raises:
            Refusal: In the words of RFC 6749.
        """
        codes = self.codes if kind == "authorization_code" else None
        if kind != "refresh_token" and codes is None:
            raise oauth_refusal(400, "unsupported_grant_type", "The grant type is not supported")
        if (form.get("client_id"), form.get("client_secret")) != self.client:
            raise oauth_refusal(401, "invalid_client", "Client authentication failed")
        if codes is not None:
            try:
                codes.redeem(form, self.now())
            except Refused as refused:
                raise oauth_refusal(400, "invalid_grant", str(refused)) from None
            return next(iter(self.owners))
        given = form.get("refresh_token", "")
        if given not in self.owners:
            raise oauth_refusal(400, "invalid_grant", "The refresh token is invalid or has expired")
        return given


def oauth_refusal(status: int, error: str, description: str) -> Refusal:
    """Returns what a token endpoint says in place of a token, by RFC 6749."""
    return Refusal(status, {"error": error, "error_description": description})


def granted(issue: Callable[[], dict[str, Any]]) -> Response:
    """Returns the answer of a token endpoint: what is issued, or the refusal."""
    try:
        return json_response(200, issue())
    except Refusal as refusal:
        return json_response(refusal.status, refusal.body)
