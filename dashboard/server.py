"""How the dashboard is served: who may ask, from where and how often, and what every answer forbids a browser to do.

On this machine alone (127.0.0.1, the default) no token is needed; but a page of another site must not be able to ask in
its visitor's name, so the names in `Host` and `Origin` are checked there too. Anywhere else a token is needed as well.
Nothing that the pages show is written to a log.
"""

from __future__ import annotations

import gc
import hmac
import ipaddress
import logging
import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import dash
from flask import Flask, Response, abort, redirect, request
from flask.typing import ResponseReturnValue
from gunicorn.app.base import BaseApplication

COOKIE = "chiffrier"
_UPLOAD = 20_000_000  # bytes of one request
_BURST, _RATE = 300, 60.0  # requests of one address at once, and each second after
_ADDRESSES = 10_000  # whose rates are remembered
_WEEK = 7 * 24 * 3600

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_POLICY = (
    "default-src 'self'; base-uri 'none'; connect-src 'self'; font-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' blob: data:; object-src 'none'; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' {scripts}; worker-src 'self' blob:"
)


@dataclass(slots=True)
class _Rates:
    """A bucket of requests for each address: it holds `_BURST` and fills by `_RATE` a second."""

    buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def allows(self, address: str, now: float) -> bool:
        left, before = self.buckets.pop(address, (float(_BURST), now))
        left = min(float(_BURST), left + (now - before) * _RATE)
        self.buckets[address] = (max(0.0, left - 1), now)
        if len(self.buckets) > _ADDRESSES:
            self.buckets.popitem(last=False)
        return left >= 1


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def names_of(host: str, others: Iterable[str] = ()) -> frozenset[str]:
    """The names under which a server at an address may be asked for: its own, and those that are said to be.

    >>> sorted(names_of("127.0.0.1"))
    ['127.0.0.1', '::1', 'localhost']
    """
    if is_loopback(host):
        own = {"127.0.0.1", "::1", "localhost"}
    elif host in ("0.0.0.0", "::", ""):  # noqa: S104, every address of the machine has its own name
        own = {socket.gethostname().lower()}
    else:
        own = {host.lower()}
    return frozenset(own | {name.lower() for name in others})


def secure(app: dash.Dash, names: frozenset[str], token: str | None = None) -> Flask:
    """The application's server, which refuses who may not ask; every answer carries `HEADERS` and a content policy.

    It answers 400 by another name, 401 without the token, 403 from another site, 413 for too much, 429 too often.

    The token comes once in the address (`?token=…`) and is kept in a cookie that scripts cannot read and that only
    travels encrypted and on the site's own requests.
    """
    server: Flask = app.server
    server.config["MAX_CONTENT_LENGTH"] = _UPLOAD
    rates = _Rates()
    policy = _POLICY.format(scripts=" ".join(f"'{name.strip(chr(39))}'" for name in app.csp_hashes()))

    @server.before_request
    def check() -> ResponseReturnValue | None:
        if not rates.allows(request.remote_addr or "", time.monotonic()):
            abort(429)
        if _name(request.host) not in names:
            abort(400)
        origin = request.headers.get("Origin")
        if origin is not None and _name(urlsplit(origin).netloc) not in names:
            abort(403)
        if request.method not in ("GET", "HEAD") and request.headers.get("Sec-Fetch-Site") == "cross-site":
            abort(403)
        if (request.content_length or 0) > _UPLOAD:
            abort(413)
        return None if token is None else _check_token(token)

    @server.after_request
    def protect(answer: Response) -> Response:
        for name, value in HEADERS.items():
            answer.headers[name] = value
        answer.headers["Content-Security-Policy"] = policy
        return answer

    # Dash learns which scripts it has when it first shows its page. Every worker has to know them, whichever of them
    # is asked for the page and whichever for the scripts, so it is shown once before they part.
    with server.test_request_context("/"):
        app.index()  # type: ignore[no-untyped-call]
    return server


def _check_token(token: str) -> ResponseReturnValue | None:
    given = request.args.get("token")
    if given is not None and _same(given, token):
        rest = [(name, value) for name, value in request.args.items(multi=True) if name != "token"]
        # The path is one of ours: a leading `//` would be another host.
        answer = redirect("/" + request.path.lstrip("/") + (f"?{urlencode(rest)}" if rest else ""))
        answer.set_cookie(COOKIE, token, max_age=_WEEK, secure=True, httponly=True, samesite="Strict")
        return answer
    if not _same(request.cookies.get(COOKIE, ""), token):
        abort(401)
    return None


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


def _name(host: str) -> str:
    """The name of a host without its port, and an IPv6 address without its brackets."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    def __init__(self, server: Flask, options: dict[str, Any]) -> None:
        self.server, self.options = server, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.server


def run(
    server: Flask,
    listener: socket.socket,
    workers: int,
    ready: Callable[[], object],
    prepare: Callable[[], object] = lambda: None,
    tls: tuple[str, str] | None = None,
) -> None:
    """Serves until it is told to end, by gunicorn, with several workers, each of which opens the tables for itself.

    `ready` is called when it listens to signals, too, so that who reads an address may at once end it; `prepare` by
    each worker as it begins, in a thread of its own, as signals come to the main one.
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    options: dict[str, Any] = {
        "bind": f"fd://{listener.detach()}",  # which it closes in the end
        "workers": workers,
        "worker_class": "gthread",
        "threads": 4,
        "timeout": 60,
        "graceful_timeout": 15,
        "accesslog": None,
        "loglevel": "warning",
        "limit_request_line": 8190,
        "proc_name": "chiffrier",
        "when_ready": lambda _: ready(),
        "post_worker_init": lambda _: threading.Thread(target=prepare).start(),
    }
    if tls:
        options |= {"certfile": tls[0], "keyfile": tls[1]}
    # What is there by now stays as long as the server: no collection looks through it, and the workers share it.
    gc.collect()
    gc.freeze()
    _Gunicorn(server, options).run()
