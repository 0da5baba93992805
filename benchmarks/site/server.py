"""A web server as many are: it compresses what can be compressed, and lets the browser keep what it got."""

from __future__ import annotations

import contextlib
import functools
import gzip
import hashlib
import http.server
import mimetypes
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COMPRESSED = (
    "text/",
    "application/javascript",
    "application/json",
    "application/wasm",
    "image/svg",
)
_TYPES = {".js": "text/javascript", ".wasm": "application/wasm", ".woff2": "font/woff2"}


@functools.lru_cache(maxsize=512)
def _content(path: Path, _: int) -> tuple[bytes, bytes, str]:
    """A file's bytes, the same compressed, and its tag; the file's time is there so that a new one is read anew."""
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0)
    return content, packed, f'"{hashlib.sha256(content).hexdigest()[:16]}"'


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves a folder below a path, and nothing above it."""

    protocol_version = "HTTP/1.1"
    folder: Path
    base: str

    def do_GET(self) -> None:
        """Answer with a file, or with its absence."""
        path = self.path.partition("?")[0]
        inside = path.removeprefix(self.base) if path.startswith(self.base) else None
        file = self.folder / (inside or "index.html") if inside is not None else None
        if file is not None and file.is_dir():
            file /= "index.html"
        if file is None or not file.is_file() or ".." in path:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content, packed, tag = _content(file, file.stat().st_mtime_ns)
        if self.headers.get("If-None-Match") == tag:
            self._head(HTTPStatus.NOT_MODIFIED, tag, 0)
            return
        kind = (
            _TYPES.get(file.suffix)
            or mimetypes.guess_type(file.name)[0]
            or "application/octet-stream"
        )
        squeezed = kind.startswith(_COMPRESSED) and "gzip" in self.headers.get(
            "Accept-Encoding", ""
        )
        body = packed if squeezed else content
        self._head(HTTPStatus.OK, tag, len(body), kind, "gzip" if squeezed else "")
        self.wfile.write(body)

    def _head(
        self,
        status: HTTPStatus,
        tag: str,
        length: int,
        kind: str = "",
        encoding: str = "",
    ) -> None:
        self.send_response(status)
        self.send_header("ETag", tag)
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(length))
        if kind:
            self.send_header(
                "Content-Type",
                f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
            )
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextlib.contextmanager
def serving(folder: Path, base: str = "/") -> Iterator[str]:
    """Serve a folder as long as the context lasts; yields the address.

    Args:
        folder: The built site.
        base: The path below which it is served, with a slash at both ends.
    """
    handler = type("SiteHandler", (Handler,), {"folder": folder, "base": base})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{base}"
        finally:
            server.shutdown()
            thread.join()
