"""What a first visit to Today weighs on the wire."""

import re
from typing import Any

import brotli  # type: ignore[import-untyped]

from tests.bench.pages import cookie
from tests.bench.servers import Server

AT_MOST = 45 * 1024
LINKED = re.compile(r'<link[^>]+rel="stylesheet"[^>]*>|<script[^>]+src="[^"]+"[^>]*>')
ADDRESS = re.compile(r'(?:href|src)="([^"]+)"')


def first_visit(server: Server, teen: dict[str, Any]) -> dict[str, int]:
    """Compressed bytes: the HTML as a proxy does it (brotli 5), style sheets and scripts as served."""
    status, html, _headers = server.get("/today/", {"Cookie": cookie(teen)})
    assert status == 200
    sizes = {"HTML": len(brotli.compress(html, quality=5))}
    for tag in LINKED.findall(html.decode()):
        path = ADDRESS.findall(tag)[0]
        status, body, headers = server.get(path, {"Accept-Encoding": "br, gzip"})
        assert status == 200 and "content-encoding" in headers, path
        sizes[path.rsplit("/", 1)[-1]] = len(body)
    return sizes
