"""Signatures over the raw body: one shape, and what sets the schemes of senders apart is data.

The encoded texts are compared, in constant time: base64 of 32 bytes has four spellings and readers
of hexadecimal take capitals and spaces, so that decoding first would accept what was not sent.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Literal

from connectors.platforms.webhooks.received import Received

TOLERANCE_SECONDS = 300.0
"""How far a signed time may lie from the clock, as HubSpot and Standard Webhooks state it."""

_ESCAPE = re.compile(r"%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)
"""The escapes that HubSpot decodes before it signs; all others stay.
https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """An HMAC-SHA256 in a header.

    Attributes:
        header: that holds it.
        signed: the signed bytes, part by part: `body`, `time`, `id`, `method`, `url`; any other
            word stands for itself.
        encoding: of the digest.
        prefix: before the digest in the header.
        time_field: name of the time where header is a list of `name=value`; the digest is in
            the field `prefix` then.
        entries: what parts several entries in the header.
        time_header, id_header: of a signed time and a signed id that have their own.
        time_form: `s` and `ms` since 1970, or an HTTP date.
        key: how the secret becomes the key: as it is, base64 after `whsec_`, or with its HTML
            entities decoded (WordPress stores it so).
    """

    header: str
    signed: tuple[str, ...] = ("body",)
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    time_field: str = ""
    entries: str = ""
    time_header: str = ""
    id_header: str = ""
    time_form: Literal["s", "ms", "date"] = "s"
    key: Literal["text", "base64", "html"] = "text"

    def refusal(self, received: Received, secrets: Sequence[str], now: float) -> str | None:
        """Returns why a request is not the sender's; None when it is.

        Args:
            received: the request.
            secrets: those that are valid now.
            now: the clock, in seconds since 1970.
        """
        header = received.header(self.header)
        if not header:
            return "no signature"
        time, given = self._read(header)
        time = received.header(self.time_header) if self.time_header else time
        parts = {"time": time, "id": received.header(self.id_header) if self.id_header else None}
        message = self._message(received, parts)
        if message is None or not given:
            return "no signature"
        if "time" in self.signed and not self._is_near(time or "", now):
            return "old or no time"
        known = [self._sign(secret, message) for secret in secrets]
        # All are compared, so that the time taken says nothing about which one fits.
        fits = [hmac.compare_digest(one, other) for one in known for other in given]
        return None if any(fits) else "wrong signature"

    def _read(self, header: str) -> tuple[str | None, list[bytes]]:
        """Returns the time and the digests that a header holds."""
        if not self.entries:
            begins = header.startswith(self.prefix)
            return None, [header.removeprefix(self.prefix).encode()] if begins else []
        entries = [entry.strip() for entry in header.split(self.entries)]
        times = [e.partition("=")[2] for e in entries if e.partition("=")[0] == self.time_field]
        digests = [e[len(self.prefix) :].encode() for e in entries if e.startswith(self.prefix)]
        return times[0] if len(times) == 1 else None, digests

    def _message(self, received: Received, parts: Mapping[str, str | None]) -> bytes | None:
        if self.signed == ("body",):
            return received.body
        message = b""
        for word in self.signed:
            if word == "body":
                message += received.body
            elif word == "method":
                message += received.method.encode()
            elif word == "url":
                message += _ESCAPE.sub(_decoded, received.url).encode()
            elif word in parts:
                text = parts[word]
                if not text or ("." in text and "." in self.signed):
                    return None
                message += text.encode()
            else:
                message += word.encode()
        return message

    def _is_near(self, time: str, now: float) -> bool:
        if self.time_form == "date":
            try:
                return abs(parsedate_to_datetime(time).timestamp() - now) <= TOLERANCE_SECONDS
            except (ValueError, TypeError, OverflowError):
                return False
        # Parts that are joined without a sign between them need a time of fixed length.
        digits, scale = (13, 1000) if self.time_form == "ms" else (10, 1)
        if re.fullmatch(rf"[0-9]{{{digits}}}", time, re.ASCII) is None:
            return False
        return abs(int(time) / scale - now) <= TOLERANCE_SECONDS

    def _sign(self, secret: str, message: bytes) -> bytes:
        digest = hmac.digest(KEYS[self.key](secret), message, "sha256")
        return encoded(digest, self.encoding)


def encoded(digest: bytes, encoding: Literal["hex", "base64"]) -> bytes:
    """Returns a digest as it is written in a header."""
    return digest.hex().encode() if encoding == "hex" else base64.b64encode(digest)


def same_text(given: str, secrets: Sequence[str]) -> bool:
    """Whether a text is one of some secrets, compared in constant time; never when empty."""
    found = [hmac.compare_digest(given.encode(), secret.encode()) for secret in secrets if secret]
    return any(found) and bool(given)


def check_secret(key: str, secret: str) -> str:
    """Returns why a secret cannot be used; empty when it can."""
    try:
        short = not KEYS[key](secret)
    except ValueError:
        return "it is not `whsec_` and base64, as the sender shows it"
    return "it is empty" if short else ""


def _decoded(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _from_base64(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as trouble:
        raise ValueError("not base64") from trouble


KEYS: Mapping[str, Callable[[str], bytes]] = {
    "text": str.encode,
    "base64": _from_base64,
    "html": lambda secret: html.unescape(secret).encode(),
}
