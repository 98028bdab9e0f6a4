"""Secrets at rest and in memory: the credential key, encryption, and values that never print.

The key comes from ``TRIBUTARY_KEY`` or from a file with mode 0600 (``TRIBUTARY_KEY_FILE``, default
``~/.config/tributary/key``) that lies outside the home, so that a copied home gives nothing away.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from warehouse.durable_files import ensure_directory, temporary_for

KEY_VARIABLE = "TRIBUTARY_KEY"
KEY_FILE_VARIABLE = "TRIBUTARY_KEY_FILE"
DEFAULT_KEY_FILE = "~/.config/tributary/key"

TOKEN_PREFIX = "token:"
"""Begins the names of what a platform gave (access tokens) beside what the user declared."""


class CredentialKeyError(ValueError):
    """The credential key is missing, malformed, readable by others, or the wrong one."""


class SecretText(str):
    """A secret that a traceback, a debugger or a failed assertion shows as ``***``.

    It is the text itself wherever it is used: only its ``repr`` is another one.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class Secrets(Mapping[str, str]):
    """Decrypted secrets: a read-only mapping whose repr, str and format show field names only."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {name: SecretText(value) for name, value in values.items()}

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Secrets({', '.join(f'{name}=***' for name in sorted(self._values))})"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("Secrets are not pickled: pass the credential's id and read them again")


def check_secret(name: str, value: str) -> None:
    """Refuses a secret that was copied with more than itself.

    A line break in a header would begin another header, and the platform refuses the rest.

    Raises:
        ValueError: it has a control character, and is no key in PEM or JSON.
    """
    if value.startswith(("-----BEGIN ", "{")):
        return
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValueError(
            f"the value of {name} has a line break or another control character: copy it again, "
            "without what stands around it"
        )


class SecretBox:
    """Encrypts and decrypts with Fernet (AES-128-CBC and HMAC-SHA256).

    Args:
        keys: url-safe base64 keys of 32 bytes; the first encrypts, all of them decrypt, so that a
            key is rotated by putting the new one in front.

    Raises:
        CredentialKeyError: no key, or one that is malformed.
    """

    def __init__(self, *keys: str) -> None:
        if not keys:
            raise CredentialKeyError("no credential key given")
        try:
            self._fernet = MultiFernet([Fernet(key.strip()) for key in keys])
        except ValueError:
            # `from None`: the cause's text could hold parts of the key.
            raise CredentialKeyError(
                f"the credential key ({KEY_VARIABLE} or its file) is malformed: it must be 32 "
                "bytes in url-safe base64 (44 characters), as Fernet.generate_key() makes them"
            ) from None

    def __repr__(self) -> str:
        return "SecretBox(***)"

    def encrypt(self, content: bytes) -> str:
        """The content as an encrypted token (text)."""
        return self._fernet.encrypt(content).decode()

    def decrypt(self, token: str) -> bytes:
        """The content of a token.

        Raises:
            CredentialKeyError: it was encrypted with another key, or was altered.
        """
        try:
            return self._fernet.decrypt(token.encode())
        except InvalidToken:
            raise CredentialKeyError(
                "the stored secret cannot be decrypted: this is not the key it was stored with. "
                f"Set {KEY_VARIABLE} (several keys separated by commas are tried in turn) or "
                f"{KEY_FILE_VARIABLE} to the old key, or store the credential again"
            ) from None

    def encrypt_secrets(self, secrets: Mapping[str, str]) -> str:
        """A credential's fields as one encrypted token."""
        return self.encrypt(orjson.dumps(dict(secrets), option=orjson.OPT_SORT_KEYS))

    def decrypt_secrets(self, token: str) -> Secrets:
        """A credential's fields.

        Raises:
            CredentialKeyError: it was encrypted with another key.
        """
        return Secrets(orjson.loads(self.decrypt(token)))


def key_file(environment: Mapping[str, str] | None = None) -> Path:
    """Where the file of the credential key lies, or would lie.

    Args:
        environment: default ``os.environ``.
    """
    environment = os.environ if environment is None else environment
    return Path(environment.get(KEY_FILE_VARIABLE) or DEFAULT_KEY_FILE).expanduser().resolve()


def open_secret_box(home: Path, environment: Mapping[str, str] | None = None) -> SecretBox:
    """The box of this installation; makes the key file on first use.

    Args:
        home: TRIBUTARY_HOME, in which the key file must not lie.
        environment: default ``os.environ``.

    Raises:
        CredentialKeyError: the key is malformed, or its file lies in the home, or others may
            read it.
    """
    environment = os.environ if environment is None else environment
    if keys := environment.get(KEY_VARIABLE, "").strip():
        return SecretBox(*keys.split(","))
    path = key_file(environment)
    if path.is_relative_to(home.resolve()):
        raise CredentialKeyError(
            f"{KEY_FILE_VARIABLE} {path} lies inside TRIBUTARY_HOME: whoever copies the home would "
            "have the key. Put it elsewhere"
        )
    return SecretBox(_key_from(path))


def _key_from(path: Path) -> str:
    if not path.exists():
        ensure_directory(path.parent)
        _create_key(path)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise CredentialKeyError(f"{path} has mode {mode:04o}: run `chmod 600 {path}`")
    return path.read_text()


def _create_key(path: Path) -> None:
    """Links a finished file into place: two first uses at once agree on one key."""
    temporary = temporary_for(path)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    finally:
        temporary.unlink()
