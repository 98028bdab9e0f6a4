"""Sign-in as Google has it: an OAuth client with its page of consent, and service accounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from connectors.sandbox.business.entities import Account
from connectors.sandbox.wire.consent import Codes
from connectors.sandbox.wire.faults import Faults
from connectors.sandbox.wire.lifecycle import Refusal
from connectors.sandbox.wire.service_accounts import GRANT, ServiceAccount
from connectors.sandbox.wire.sign_in import Clock, RefreshEndpoint, SignIn
from connectors.sandbox.wire.tokens import Tokens


@dataclass(frozen=True, slots=True)
class GoogleAccess:
    """What opens the accounts of one of Google's APIs.

    Attributes:
        name: The platform's, with dashes.
        scope: What a token must be for.
        by_service_account: The organization whose credential is a key file.
    """

    name: str
    scope: str
    by_service_account: str

    @property
    def client(self) -> tuple[str, str]:
        """The id and the secret of the one OAuth client."""
        return f"sandbox-{self.name}.apps.googleusercontent.com", f"sandbox-{self.name}-secret"

    @property
    def service_account(self) -> ServiceAccount:
        """The one service account."""
        email = f"tributary@sandbox-{self.name}.iam.gserviceaccount.com"
        return ServiceAccount(email, "https://oauth2.googleapis.com/token", self.scope)

    def refresh_token(self, organization: str) -> str:
        """Returns the refresh token of an organization."""
        return f"1//sandbox-{self.name}-{organization}"

    def secrets(self, organization: str) -> dict[str, str]:
        """Returns the secrets of an organization's credential, literals of the sandbox."""
        if organization == self.by_service_account:
            return {"service_account_key": self.service_account.key_file()}
        names = ("client_id", "client_secret", "refresh_token")
        return dict(zip(names, (*self.client, self.refresh_token(organization)), strict=True))

    def sign_in(
        self,
        accounts: Sequence[Account],
        refuse: Callable[[bool], Refusal],
        faults: Faults,
        now: Clock,
    ) -> tuple[SignIn, RefreshEndpoint]:
        """Returns the sign-in, and the token endpoint.

        Args:
            accounts: All accounts on the platform.
            refuse: What is said to a token that is unknown, or (True) that is over.
            faults: What goes wrong elsewhere.
            now: The clock.
        """
        tokens: Tokens[str] = Tokens(f"ya29.sandbox-{self.name}-")

        def by_assertion(form: dict[str, str]) -> str:
            self.service_account.check(form.get("assertion", ""), now())
            return self.by_service_account

        endpoint = RefreshEndpoint(
            client=self.client,
            owners={
                self.refresh_token(one.organization.id): one.organization.id for one in accounts
            },
            tokens=tokens,
            lives=timedelta(hours=1),
            refresh_lives=None,
            faults=faults,
            now=now,
            codes=Codes(self.client[0], self.scope),
            others={GRANT: by_assertion},
        )
        return SignIn(accounts, tokens, refuse, now), endpoint
