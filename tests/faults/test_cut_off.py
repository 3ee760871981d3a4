"""A phone that loses its signal in the middle of sending."""

import socket

import pytest

from tests import servers
from tests.faults import load


@pytest.mark.parametrize("kind", ["form", "multipart"])
def test_half_a_request_is_no_session(tmp_path, own_database, kind):
    with servers.running(tmp_path, own_database) as site:
        entry = load.entries(site.records("people"), 1)[0]
        kept = []
        for missing in (1, 2, 30):
            head, body = request(entry, kind)
            with socket.create_connection(("127.0.0.1", site.port), timeout=10) as line:
                line.sendall((head + body[:-missing]).encode())
                line.shutdown(socket.SHUT_WR)
                kept.append(line.recv(4096).split(b"\r\n")[0])
        assert all(b" 400 " in status for status in kept), kept
        assert site.records("count")["ids"] == {}
        assert load.send(site, [entry]).statuses == {201: 1}


def request(entry, kind):
    """The head and the body of one logging request. The minutes stand last."""
    content_type, body = "application/x-www-form-urlencoded", entry.body
    if kind == "multipart":
        content_type = "multipart/form-data; boundary=x"
        fields = {"id": entry.id, "day": entry.day, "strand": "cardio", "minutes": 150}
        parts = (
            f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()
        )
        body = "".join(parts) + "--x--\r\n"
    headers = entry.headers | {"Content-Type": content_type, "Content-Length": str(len(body))}
    lines = [f"POST {entry.teen['path']} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]), body
