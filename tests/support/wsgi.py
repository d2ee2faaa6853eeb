"""Requests that reach the WSGI application in this process, so that nothing listens on a port."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@contextmanager
def connections_left_open() -> Iterator[None]:
    """As Django's own test client does: a transaction around the request outlives it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


class InProcess(BaseAdapter):
    """Adapter of `requests` that calls a WSGI application."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self.application = application

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:  # type: ignore[override]
        """Call the application and read its answer to the end."""
        assert request.url is not None
        url = urlsplit(request.url)
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(url.path).decode("latin-1"),
            "QUERY_STRING": url.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),  # type: ignore[arg-type]
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request.headers.items():
            key = name.upper().replace("-", "_")
            text = value.decode("latin-1") if isinstance(value, bytes) else value
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = text
        response = requests.Response()
        response.request = request
        response.url = request.url

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], None]:
            response.status_code = int(status[:3])
            response.reason = status[4:]
            response.headers = CaseInsensitiveDict(headers)
            return lambda _data: None

        with connections_left_open():
            answer = self.application(environ, start)
            try:
                content = b"".join(answer)
            finally:
                if close := getattr(answer, "close", None):
                    close()
        response.raw = _Raw(content, response.headers)
        response._content = content
        response.encoding = "utf-8"
        return response

    def close(self) -> None:
        """Nothing was opened."""


class _Raw(io.BytesIO):
    """As much of urllib3's response as is looked at."""

    version = 11

    def __init__(self, content: bytes, headers: CaseInsensitiveDict[str]) -> None:
        super().__init__(content)
        self.headers = _Headers(headers)


class _Headers(CaseInsensitiveDict[str]):
    def getlist(self, name: str) -> list[str]:
        """All values of a header; one, here."""
        return [self[name]] if name in self else []


def session(application: Application) -> requests.Session:
    """A session whose every request goes to the application."""
    made = requests.Session()
    made.trust_env = False
    made.mount("http://", InProcess(application))
    return made
