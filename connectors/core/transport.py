"""Sends one request and reads its whole answer. The only module that uses `requests`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import requests

from connectors.core import addresses
from connectors.core.errors import BadRequest, ConnectorError, NetworkTrouble, ShapeChanged
from connectors.core.redaction import guard_http_logs

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 120.0
"""Seconds of silence; large reports are computed while we wait."""
BODY_TIMEOUT = 600.0
"""Seconds for a whole body, so that a server that drips bytes cannot hold a sync for ever."""
LARGEST_BODY = 256 * 2**20
"""Bytes. The largest honest page (10,000 rows) is under 20 MB; more would not fit in memory."""
MAX_REDIRECTS = 3

guard_http_logs()


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to be sent; its `repr` shows no secret."""

    method: str
    url: str = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it came: status, headers (case-insensitive) and the decompressed body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Transport:
    """The connections to one platform.

    Args:
        base_url: the platform's address; nothing is ever sent to another host.
        session: a prepared session, e.g. with an adapter of a test.
        redact: takes secrets out of messages.
    """

    def __init__(
        self, base_url: str, session: requests.Session | None, redact: Callable[[str], str]
    ) -> None:
        self._base_url = base_url
        self._session = session or _session(base_url)
        self._redact = redact

    def send(self, request: Request) -> Answer | ConnectorError:
        """Sends a request once.

        Errors are returned, not raised, so that they carry no chain of exceptions whose texts
        hold addresses with tokens in them.
        """
        try:
            return self._exchange(request)
        except requests.exceptions.SSLError as trouble:
            return NetworkTrouble(
                f"no trust in the certificate: {self._redact(str(trouble))}",
                remedy="Check this machine's certificates and its https proxy.",
            )
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader):
            # Their texts quote the header's value.
            return BadRequest(
                "the request cannot be sent: an address or header has characters that HTTP forbids",
                remedy="Look for stray spaces or line breaks in the credential.",
            )
        except UnicodeError:
            return BadRequest(
                "the request cannot be sent: a header has characters that HTTP forbids",
                remedy="Look for stray characters in the credential.",
            )
        except requests.RequestException as trouble:
            kind = type(trouble).__name__
            return NetworkTrouble(f"the connection failed ({kind}): {self._redact(str(trouble))}")

    def address(self, path: str) -> str | ConnectorError:
        """Returns the whole address of a path; a whole address must lie on the same host."""
        if not path.lower().startswith(("http://", "https://")):
            return f"{self._base_url}/{path.lstrip('/')}"
        if _origin(path) == _origin(self._base_url):
            return path
        return ShapeChanged(
            f"the platform points to another host, {self._redact(_origin(path)[1])}",
            remedy="Credentials go to one host only: update Tributary if the platform moved.",
        )

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

    def _exchange(self, request: Request) -> Answer | ConnectorError:
        """Sends a request, following a GET to other paths of the same host."""
        url: str | ConnectorError = request.url
        for _ in range(MAX_REDIRECTS + 1):
            if isinstance(url, ConnectorError):
                return url
            with self._session.request(
                request.method,
                url,
                data=request.body,
                headers=dict(request.headers),
                timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
                stream=True,
                # Followed by hand: a redirect must not carry our headers to another host.
                allow_redirects=False,
                # Without it, requests would put the password of a ~/.netrc in place of our token.
                auth=_as_signed,
            ) as response:
                body = _body(response)
            if isinstance(body, ConnectorError):
                return body
            if request.method != "GET" or not response.is_redirect:
                return Answer(response.status_code, response.headers, body)
            url = self.address(urljoin(url, response.headers["Location"]))
        return ShapeChanged(f"the platform redirects more than {MAX_REDIRECTS} times")


def _session(base_url: str) -> requests.Session:
    session = requests.Session()
    session.headers["User-Agent"] = "tributary"
    # A proxy of the environment cannot reach this machine's loopback interface.
    session.trust_env = not addresses.is_loopback(base_url)
    return session


def _as_signed(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def _body(response: requests.Response) -> bytes | ConnectorError:
    pieces: list[bytes] = []
    size, deadline = 0, time.monotonic() + BODY_TIMEOUT
    for piece in response.iter_content(2**20):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_BODY:
            return ShapeChanged(f"the answer is larger than {LARGEST_BODY} bytes")
        if time.monotonic() > deadline:
            return NetworkTrouble(f"the body took longer than {BODY_TIMEOUT:.0f} s")
    return b"".join(pieces)
