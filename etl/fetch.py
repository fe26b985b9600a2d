"""One page from the web, for who asks for it: http(s) alone, bounded in size and time, and never from within."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from etl.errors import DocumentError
from etl.limits import Limits
from etl.readers import Blob, format_of, sniff

_TIMEOUT = 10.0  # seconds without a byte
_REDIRECTS = 5
_TYPES = {"text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf"}


def fetch(url: str, limits: Limits) -> Blob:
    """The bytes behind an address of http or https, with the encoding that the server declares.

    Raises `DocumentError` for other schemes, for a host that is not public (its own machine, a private
    network), and past the limits. The address checked is the one connected to, after each redirection too.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise DocumentError(f"{url}: only http and https are fetched", url)
    opener = urllib.request.OpenerDirector()
    for handler in (_Http(), _Https(), _Redirects(), urllib.request.HTTPErrorProcessor()):
        opener.add_handler(handler)
    opener.add_handler(urllib.request.HTTPDefaultErrorHandler())
    headers = {"User-Agent": "chiffrier", "Accept": "text/html,*/*;q=0.5"}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310, its scheme was looked at above
    end = time.monotonic() + limits.seconds
    try:
        with opener.open(request, timeout=min(_TIMEOUT, limits.seconds)) as answer:
            pieces: list[bytes] = []
            size = 0
            while piece := answer.read1(1 << 16):
                size += len(piece)
                pieces.append(piece)
                if size > limits.document_bytes:
                    reason = f"more than {limits.document_bytes / 1e6:g} MB"
                    raise DocumentError(f"{url}: {reason}; fetch it by other means", url)
                if time.monotonic() > end:
                    raise DocumentError(f"{url}: takes longer than {limits.seconds:g} seconds", url)
            data, kind = b"".join(pieces), answer.headers.get_content_type()
            charset, final = answer.headers.get_content_charset(), answer.geturl()
    except urllib.error.HTTPError as problem:
        problem.close()
        raise DocumentError(f"{url}: the server answers {problem.code}; check the address", url) from None
    except (OSError, http.client.HTTPException, ValueError) as problem:
        why = getattr(problem, "reason", None) or problem
        raise DocumentError(f"{url}: cannot be fetched ({why}); check the address", url) from None
    suffix = _TYPES.get(kind) or format_of(urlsplit(final).path) or sniff(data[:8192])
    return Blob(url, url, suffix, data=data, encoding=charset, about={"url": final})


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, in whatever notation it hides.

    >>> is_public("93.184.216.34"), is_public("127.0.0.1"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False, False)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inner:
            return is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _connect(address: tuple[str, int], timeout: Any = None, _source: Any = None) -> socket.socket:
    """A connection to the first public address of a host; the name is looked up once, so it cannot change."""
    host, port = address
    problem: OSError = OSError(f"{host} has no address")
    for family, kind, protocol, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not is_public(str(place[0])):
            problem = OSError(f"{host} is on a private network")
            continue
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(timeout)
            connection.connect(place)
        except OSError as failure:
            connection.close()
            problem = failure
        else:
            return connection
    raise problem


class _HttpConnection(http.client.HTTPConnection):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._create_connection = _connect


class _HttpsConnection(http.client.HTTPSConnection):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._create_connection = _connect


class _Http(urllib.request.HTTPHandler):
    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(_HttpConnection, request)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(_HttpsConnection, request)


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = _REDIRECTS

    def redirect_request(
        self, request: Any, answer: Any, code: int, message: str, headers: Any, url: str
    ) -> Any:
        if urlsplit(url).scheme not in ("http", "https"):
            answer.close()
            raise ValueError(f"it leads to {urlsplit(url).scheme}")
        return super().redirect_request(request, answer, code, message, headers, url)
