"""Sends one request and reads its whole answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from connectors.core import addresses
from connectors.core.deadline import Deadline, WatchedAdapter
from connectors.core.errors import BadRequest, ConnectorError, NetworkTrouble, ShapeChanged
from connectors.core.redaction import guard_http_logs

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 120.0
"""Seconds of silence; large reports are computed while we wait."""
BODY_TIMEOUT = 600.0
"""Seconds for an answer, headers and body, so that one that drips cannot hold a sync for ever."""
LARGEST_BODY = 256 * 2**20
"""Bytes. The largest honest page (10,000 rows) is under 20 MB; more would not fit in memory."""
FILE_TIMEOUT = 6 * 3600.0
"""Seconds for a file that goes to disk; it may hold years of a large shop."""
MAX_REDIRECTS = 3
_EXCERPT = 2048

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
    """One answer as it came: status, headers (case-insensitive) and the decompressed body.

    Attributes:
        saved: bytes of a body that went to a file instead.
        is_whole: the answer said where its body ends, and the body came up to there.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    saved: int = 0
    is_whole: bool = False

    @property
    def size(self) -> int:
        """Bytes received, decompressed."""
        return len(self.body) + self.saved


class Transport:
    """The connections to one platform.

    Args:
        base_url: the platform's address; nothing that signs a request goes to another host.
        beside: further addresses of the platform that it may go to.
        session: a prepared session, e.g. with an adapter of a test.
        redact: takes secrets out of messages.
    """

    def __init__(
        self,
        base_url: str,
        session: requests.Session | None,
        redact: Callable[[str], str],
        beside: Sequence[str] = (),
    ) -> None:
        self._base_url, self._beside = base_url, beside
        self._session = session or _session(base_url)
        # No cookie, no header of the platform's: files lie with somebody else.
        self._files = session or _session(base_url)
        self._redact = redact

    def send(self, request: Request) -> Answer | ConnectorError:
        """Sends a request once.

        Errors are returned, not raised, so that they carry no chain of exceptions whose texts
        hold addresses with tokens in them.
        """
        return self._in_time(BODY_TIMEOUT, lambda: self._exchange(request))

    def save(self, url: str, target: Path) -> Answer | ConnectorError:
        """Writes the body of an unsigned GET to a file, piece by piece; errors as of `send`.

        The answer of a success has an empty body; one of an error has its beginning.
        """
        return self._in_time(FILE_TIMEOUT, lambda: self._saved(url, target))

    def refusal(self, url: str) -> ConnectorError | None:
        """Returns why a file is not fetched from an address; None when it may be.

        Https only. A platform on this machine (a sandbox) may also name an address on this
        machine; one elsewhere may not, since what runs here is nobody's business.
        """
        try:
            local = addresses.is_loopback(url)
            secure = urlsplit(url).scheme == "https" and bool(urlsplit(url).hostname)
        except ValueError:
            return ShapeChanged("the platform names a file at an address that is not readable")
        if addresses.is_loopback(self._base_url):
            fit = secure or (local and urlsplit(url).scheme == "http")
        else:
            fit = secure and not local
        if fit:
            return None
        return ShapeChanged(
            "the platform names a file at an address that is not a public https one"
        )

    def _in_time(
        self, seconds: float, exchange: Callable[[], Answer | ConnectorError]
    ) -> Answer | ConnectorError:
        with Deadline(seconds) as deadline:
            answer = self._without_raising(exchange)
        if deadline.passed:  # what there is of the answer was cut off by us
            return NetworkTrouble(f"the answer took longer than {seconds:.0f} s")
        return answer

    def _without_raising(
        self, exchange: Callable[[], Answer | ConnectorError]
    ) -> Answer | ConnectorError:
        try:
            return exchange()
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
            why = re.sub(r"^\w+\(host='([^']*)'[^)]*\): ", r"\1: ", str(_cause(trouble)))
            lost = NetworkTrouble(f"the connection failed: {self._redact(why)}")
            lost.unreachable = _is_unreachable(trouble)
            return lost
        except ValueError:  # of `urllib`; its text quotes the address, which may hold a secret
            return ShapeChanged("the platform redirects to an address that is not readable")

    def address(self, path: str) -> str | ConnectorError:
        """Returns the whole address of a path; a whole address must lie on the same host."""
        if not path.lower().startswith(("http://", "https://")):
            return f"{self._base_url}/{path.lstrip('/')}"
        try:
            elsewhere = _origin(path) not in map(_origin, (self._base_url, *self._beside))
        except ValueError:  # its text quotes the address
            return ShapeChanged("the platform names an address that is not readable")
        if not elsewhere:
            return path
        return ShapeChanged(
            f"the platform points to another host, {self._redact(_origin(path)[1])}",
            remedy="Credentials go to one host only: update Tributary if the platform moved.",
        )

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()
        self._files.close()

    def _exchange(self, request: Request) -> Answer | ConnectorError:
        """Sends a request, following a GET to other paths of the same host."""
        url: str | ConnectorError = request.url
        for _ in range(MAX_REDIRECTS + 1):
            if isinstance(url, ConnectorError):
                return url
            with self._response(self._session, replace(request, url=url)) as response:
                body = _body(response)
            if isinstance(body, ConnectorError):
                return body
            if request.method != "GET" or not response.is_redirect:
                return Answer(
                    response.status_code, response.headers, body, is_whole=_says_its_end(response)
                )
            url = self._following(url, response)
        return ShapeChanged(f"the platform redirects more than {MAX_REDIRECTS} times")

    def _following(self, url: str, response: requests.Response) -> str | ConnectorError:
        moved = _moved(url, response)
        return moved if isinstance(moved, ConnectorError) else self.address(moved)

    def _saved(self, url: str, target: Path) -> Answer | ConnectorError:
        """Saves a file, following redirects to wherever a file may be fetched from."""
        for _ in range(MAX_REDIRECTS + 1):
            refusal = self.refusal(url)
            if refusal is not None:
                return refusal
            with self._response(self._files, Request("GET", url)) as response:
                if response.is_redirect:
                    moved = _moved(url, response)
                    if isinstance(moved, ConnectorError):
                        return moved
                    url = moved
                    continue
                if response.status_code != 200:
                    start = next(response.iter_content(_EXCERPT), b"")
                    return Answer(response.status_code, response.headers, start)
                with target.open("wb") as file:
                    saved = _copied(response, file)
            if isinstance(saved, ConnectorError):
                return saved
            return Answer(response.status_code, response.headers, b"", saved)
        return ShapeChanged(f"the platform redirects more than {MAX_REDIRECTS} times")

    def _response(self, session: requests.Session, request: Request) -> requests.Response:
        return session.request(
            request.method,
            request.url,
            data=request.body,
            headers=dict(request.headers),
            timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
            stream=True,
            # Followed by hand: a redirect must not carry our headers to another host.
            allow_redirects=False,
            # Without it, requests would put the password of a ~/.netrc in place of our token.
            auth=_as_signed,
        )


def _session(base_url: str) -> requests.Session:
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, WatchedAdapter())
    session.headers["User-Agent"] = "tributary"
    # A proxy of the environment cannot reach this machine's loopback interface.
    session.trust_env = not addresses.is_loopback(base_url)
    return session


def _is_unreachable(trouble: requests.RequestException) -> bool:
    """Returns whether there is no way to the host at all; a connection that broke is another."""
    if isinstance(trouble, (requests.ConnectTimeout, requests.exceptions.ProxyError)):
        return True
    return isinstance(_cause(trouble), NewConnectionError)


def _cause(trouble: requests.RequestException) -> object:
    """Returns what urllib3 gave up with; around it stand names of classes and the address."""
    return getattr(trouble.args[0], "reason", trouble.args[0]) if trouble.args else trouble


def _as_signed(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _moved(url: str, response: requests.Response) -> str | ConnectorError:
    """Where a redirect leads."""
    try:
        moved = urljoin(url, response.headers["Location"])
        urlsplit(moved)
    except ValueError:  # its text quotes the address, which may hold a secret
        return ShapeChanged("the platform redirects to an address that is not readable")
    return moved


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def _says_its_end(response: requests.Response) -> bool:
    """Returns whether a body that stops early would have been an error of the connection."""
    headers = response.headers
    return "Content-Length" in headers or "chunked" in headers.get("Transfer-Encoding", "").lower()


def _copied(response: requests.Response, file: BinaryIO) -> int | ConnectorError:
    size = 0
    for piece in response.iter_content(2**20):
        file.write(piece)
        size += len(piece)
    return size


def _body(response: requests.Response) -> bytes | ConnectorError:
    pieces: list[bytes] = []
    size = 0
    for piece in response.iter_content(2**20):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_BODY:
            return ShapeChanged(f"the answer is larger than {LARGEST_BODY} bytes")
    return b"".join(pieces)
