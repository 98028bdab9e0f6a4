"""Takes secrets out of text before it is logged, raised or kept.

Two nets: the secret values that are known (credentials, tokens) in every spelling they may have in
a URL or in JSON, whole or in pieces, and the places where secrets live (query parameters,
Authorization headers, JSON keys of OAuth answers), whatever their value. A text is masked first and
cut after that: what a cut leaves of a secret is still a secret.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from connectors.core.spellings import Spellings

MASK = "***"
SHORTEST_SECRET = 4
"""Shorter values are not searched for: they would mask ordinary words. The patterns still apply."""

_STRONG = (
    r"access_?token|refresh_?token|id_?token|auth_?token|api_?token|token|client_?secret|app_?secret"
    r"|appsecret_proof|secret|api_?key|consumer_(?:key|secret)|oauth_[a-z]+|developer[-_]?token"
    r"|password|passwd|pwd|assertion|private_?key"
)
# Ordinary words in prose and JSON, secrets only as parameters of an address.
_WEAK = r"code|key|sig|signature|hmac|credential|page_?token"
_PATTERNS = (
    # A parameter of an address or a field of a form.
    (re.compile(rf"(?i)([?&](?:{_STRONG}|{_WEAK})=)[^&\s\"'#;)}}\]]*"), rf"\g<1>{MASK}"),
    (re.compile(rf"(?i)(\b(?:{_STRONG})=)[^&\s\"'#;)}}\]]+"), rf"\g<1>{MASK}"),
    # A JSON (or Python) mapping: "name": "value"; the quotes may be escaped once more.
    (
        re.compile(rf"(?i)(\\?[\"'](?:{_STRONG})\\?[\"']\s*:\s*\\?[\"'])(?:[^\"'\\]|\\.)*"),
        rf"\g<1>{MASK}",
    ),
    # Header values.
    (re.compile(r"(?i)\b(bearer|basic)(\s+|%20)[A-Za-z0-9._~+/=\-%]+"), rf"\g<1>\g<2>{MASK}"),
    (
        re.compile(
            r"(?i)((?:developer-token|x-[a-z-]*(?:token|key)|api-key)[\"']?\s*[:=]\s*[\"']?)"
            r"[^\s\"',}]+"
        ),
        rf"\g<1>{MASK}",
    ),
    # scheme://user:password@host
    # Of limited length: an error may quote a text of megabytes that is dots and letters.
    (re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{0,30}://)[^/\s@]+@"), rf"\g<1>{MASK}@"),
    # Google access and refresh tokens, wherever they stand.
    (re.compile(r"\bya29\.[A-Za-z0-9._\-]+|\b1//[A-Za-z0-9_\-]{10,}"), MASK),
)


class Redactor:
    """Masks known secrets and the places where secrets live. It learns new secrets as they come."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._spellings: set[str] = set()
        self._pattern: tuple[set[str], re.Pattern[str]] | None = None
        self._others = Spellings()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """Remembers a secret, as it is and as URLs, JSON and Basic headers spell it."""
        if len(secret) < SHORTEST_SECRET or secret in self._spellings:
            return
        raw = secret.encode("utf-8", "surrogatepass")
        spellings = {
            secret,
            quote(raw, safe=""),
            quote(raw),
            quote_plus(raw),
            json.dumps(secret)[1:-1],
            json.dumps(secret, ensure_ascii=False)[1:-1],
            repr(secret)[1:-1],
            b64encode(raw).decode().rstrip("="),
        }
        # A new set each time: another thread may be reading the old one.
        self._spellings = self._spellings | {
            spelling for spelling in spellings if len(spelling) >= SHORTEST_SECRET
        }
        self._others.add(secret)
        if self is not _KNOWN:
            _KNOWN.learn(secret)

    def __call__(self, text: str) -> str:
        """Returns the text with every secret masked."""
        if self._spellings:
            text = self._plain().sub(MASK, text)
        for start, end in reversed(self._others.ranges(text)):
            text = text[:start] + MASK + text[end:]
        return redact(text)

    def _plain(self) -> re.Pattern[str]:
        """Finds the spellings; made when it is asked for, since secrets come one by one."""
        known, made = self._spellings, self._pattern
        if made is None or made[0] is not known:
            # The longest first: one secret may be the beginning of another.
            longest_first = sorted(known, key=lambda text: (-len(text), text))
            made = self._pattern = (known, re.compile("|".join(map(re.escape, longest_first))))
        return made[1]

    def __repr__(self) -> str:
        return f"Redactor({len(self._spellings)} spellings)"


_KNOWN = Redactor()


def secret_parts(value: str) -> list[str]:
    """Returns what of a credential's value is secret: of a key file (JSON) the key alone.

    What stands around it are ordinary words, which messages need.
    """
    try:
        found = json.loads(value) if value.lstrip().startswith("{") else None
    except ValueError:
        found = None
    named = found.items() if isinstance(found, dict) else ()
    parts = [str(held) for name, held in named if re.search(f"(?i){_STRONG}", str(name))]
    return parts or [value]


def masked(text: str) -> str:
    """Masks every secret that any redactor of this process has learnt, and where secrets stand.

    For texts that leave the process by another way than a client's: logs, tracebacks, messages of
    unforeseen errors.
    """
    return _KNOWN(text)


def masked_traceback(trouble: BaseException) -> str:
    """Returns the traceback of an unforeseen error, which may hold a piece of an answer, masked."""
    return masked("".join(traceback.format_exception(trouble)))


def redact(text: str) -> str:
    """Masks what stands where secrets stand, without knowing any secret."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


class RedactingFilter(logging.Filter):
    """Redacts the finished message of every record that passes through a logger."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites the record's message and lets it pass."""
        clean = redact(record.getMessage())
        record.msg, record.args = clean, ()
        return True


def guard_http_logs() -> None:
    """Makes urllib3's debug log, which prints whole query strings, pass through the redaction."""
    for name in ("urllib3.connectionpool", "urllib3.util.retry"):
        logger = logging.getLogger(name)
        if not any(isinstance(kept, RedactingFilter) for kept in logger.filters):
            logger.addFilter(RedactingFilter())
