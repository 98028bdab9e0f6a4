"""No object that holds a secret shows it: not in a repr, a traceback with locals, a failed test.

The objects are not named: every living one of our classes is asked, after all of the work with
secrets was done with one that can be recognised.
"""

from __future__ import annotations

import dataclasses
import gc
import traceback
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from connectors import platforms
from connectors.core.tokens import Token
from connectors.core.transport import Answer, Request
from orchestration.sources import Source, select_sources
from orchestration.token_store import RegistryTokens
from orchestration.workspace import open_workspace
from warehouse import apply_file
from warehouse.credentials import SecretBox, check_secret
from warehouse.registry_records import Organization

CANARY = "c4n4ry-Of-Every-Secret"
OURS = ("connectors.", "warehouse.", "orchestration.")
HOLDERS = {"Source", "Client", "Secrets", "Token", "Request", "Answer", "DeclaredCredential"}


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Everything that comes to hold a secret on its way from a file to a request."""
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-21T12:00:00Z")
    monkeypatch.setenv("ACME_SECRET", f"{CANARY}-of-the-environment")
    monkeypatch.delenv("TRIBUTARY_DATABASE_URL", raising=False)
    space = open_workspace()
    space.registry.add_organization(Organization("acme", "Acme"))
    kept: list[Any] = [space]
    for name, account in {"google_ads": "1234567890", "meta_ads": "1", "shopify": "acme"}.items():
        platform = platforms.get(name)
        fields = [f for f in platform.credential_fields if f.secret or f.required]
        secrets = {f.name: f"{CANARY}-{f.name}" if f.secret else "app" for f in fields}
        lines = "".join(f"\n      {key}: ${{ACME_SECRET}}" for key in secrets)
        kept.append(
            apply_file.parse_text(
                f"organizations: [{{id: acme, name: Acme}}]\ncredentials:\n"
                f"  - id: {name}\n    platform: {name}\n    secrets:{lines}\n",
                space.credential_fields(),
            )
        )
        space.registry.add_credential(name, name, secrets, "acme")
        space.registry.add_connection("acme", name, account, name, start_date=date(2026, 11, 1))
        sources = select_sources(space, platform, platform.streams[0].name, run_id="run")
        kept += [*sources, *(source.client() for source in sources)]
        tokens = RegistryTokens(space.registry, name)
        with tokens.lease("k"):
            tokens.write("k", Token(f"{CANARY}-access", None, f"{CANARY}-refresh"))
        kept += [tokens, tokens.read("k"), space.registry.secrets(name)]
    header = {"Authorization": f"Bearer {CANARY}"}
    kept.append(Request("GET", f"https://example.test/?token={CANARY}", CANARY.encode(), header))
    kept.append(Answer(200, {}, f'{{"access_token": "{CANARY}"}}'.encode()))
    kept.append(SecretBox(Fernet.generate_key().decode()))
    return kept


def _living() -> list[Any]:
    gc.collect()  # what another test failed to make is in the frames of its error, half made
    return [thing for thing in gc.get_objects() if str(type(thing).__module__).startswith(OURS)]


def _values(thing: Any) -> Iterator[Any]:
    names = [*getattr(thing, "__dict__", {}), *getattr(type(thing), "__slots__", ())]
    if dataclasses.is_dataclass(thing):
        names += [field.name for field in dataclasses.fields(thing)]
    for name in names:
        value = getattr(thing, name, None)
        yield from value if isinstance(value, tuple | list) else (value,)


def _shown(thing: Any) -> Iterator[str]:
    """The texts that an object turns into; those of most classes are its repr."""
    yield repr(thing)
    kind = type(thing)
    own = kind.__str__ is not object.__str__ or kind.__format__ is not object.__format__
    # The secret itself is a text; nothing else may turn into one.
    if own and not isinstance(thing, str):
        yield f"{thing!s} {thing}"


def _holds(thing: Any) -> bool:
    for value in _values(thing):
        texts = [*value.values()] if isinstance(value, Mapping) else [value]
        if any(isinstance(t, str | bytes) and CANARY in str(t) for t in texts):
            return True
    return False


def test_no_living_object_shows_the_secret_that_it_holds(held: list[Any]) -> None:
    living = _living()
    holders = {type(thing).__name__ for thing in living if _holds(thing)}
    assert holders >= HOLDERS
    shown = {type(thing).__name__ for thing in living if CANARY in "".join(_shown(thing))}
    assert shown == set()


def test_a_traceback_with_locals_shows_none(held: list[Any]) -> None:
    """As pytest's `-l`, rich and Sentry do: each local variable by its repr."""

    def work(source: Source) -> None:
        secrets = source.credentials[0]
        names, values = list(secrets), list(secrets.values())
        copy = dict(secrets)
        raise RuntimeError(f"{len(names)} of {len(values)} and {len(copy)}")

    (source, *_) = (thing for thing in held if isinstance(thing, Source))
    with pytest.raises(RuntimeError) as caught:
        work(source)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "secrets = Secrets(" in "".join(shown.format())
    assert CANARY not in "".join(shown.format())


@pytest.mark.parametrize("value", ["one\ntwo", "one\r\n", "tab\there", "nul\0"])
def test_a_secret_with_a_line_break_is_refused(held: list[Any], value: str) -> None:
    space = held[0]
    with pytest.raises(ValueError, match="client_secret of credential odd has a line break"):
        space.registry.add_credential("odd", "google_ads", {"client_secret": value}, "acme")


def test_a_key_in_pem_has_lines(held: list[Any]) -> None:
    check_secret("private_key", "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n")
