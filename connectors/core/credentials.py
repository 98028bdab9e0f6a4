"""What a user supplies to connect a platform."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One value that the user must supply to connect a platform."""

    name: str
    secret: bool
    help: str
    required: bool = True
