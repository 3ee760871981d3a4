"""The headers on every answer of the real stack: gunicorn in production mode, hashed static names, https
told by a proxy."""

import http.client
import re
import urllib.parse
from types import SimpleNamespace

import pytest

from tests import servers

PAGES = {
    200: ("GET", "/accounts/login/", "signed out"),
    301: ("GET", "/accounts/login/", "plain http"),
    302: ("GET", "/", "signed out"),
    400: ("GET", "/", "another host"),
    403: ("POST", "{sessions}", "no token"),
    404: ("GET", "/nowhere", "signed in"),
    405: ("GET", "{sessions}", "signed in"),
    413: ("POST", "{sessions}", "too large"),
    422: ("POST", "{sessions}", "signed in"),
    500: ("GET", "/", "signed in"),
}
# The admin's files are many, and on none of these pages.
COLLECT = ("collectstatic", "--noinput", "--verbosity", "0", "--ignore", "admin")
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    proxy = {"SSL_REDIRECT": "1", "TRUSTED_PROXIES": "1"}
    with servers.own_database(folder) as url:
        before = servers.Site(folder, url, **proxy)
        before.migrate()
        collected = before.manage(*COLLECT)
        assert collected.returncode == 0, collected.stderr
        with servers.running(folder, url, "tests.breaking", **proxy) as site:
            yield SimpleNamespace(port=site.port, teen=site.records("people")["teens"][0], site=site)


def ask(site, method, path, how="signed out", **more):
    """One request as a proxy passes it on; the answer's status, headers (lower case) and text."""
    headers = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https"} | more.pop("headers", {})
    body = more.pop("body", None)
    if how in ("signed in", "no token", "too large"):
        headers |= {"Cookie": site.teen["cookie"], "Referer": "https://127.0.0.1/"}
    if how in ("signed in", "too large") and method == "POST":
        headers |= {"X-CSRFToken": site.teen["token"], "Accept": "application/json"}
    if how == "too large":
        body = "x" * 300_000
    headers |= {"plain http": {"X-Forwarded-Proto": "http"}, "another host": {"Host": "evil.example"}}.get(
        how, {}
    )
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    try:
        line.request(method, path.format(sessions=site.teen["path"]), body, headers)
        response = line.getresponse()
        fields = [(name.lower(), value) for name, value in response.getheaders()]
        return SimpleNamespace(
            status=response.status, fields=fields, headers=dict(fields), text=response.read()
        )
    finally:
        line.close()


def policy(headers):
    parts = (part.split() for part in headers["content-security-policy"].split(";") if part.strip())
    return {name: values for name, *values in parts}


def assert_guarded(headers):
    csp = policy(headers)
    assert csp["default-src"] == csp["base-uri"] == csp["frame-ancestors"] == ["'none'"]
    assert csp["form-action"] == ["'self'"]
    assert {value for values in csp.values() for value in values} <= {"'self'", "'none'"}
    assert {"script-src", "style-src", "img-src", "connect-src", "manifest-src", "worker-src"} <= csp.keys()
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]


@pytest.mark.parametrize("status", PAGES)
def test_row_15_every_answer_is_guarded(site, status):
    answer = ask(site, *PAGES[status])
    assert answer.status == status
    assert_guarded(answer.headers)
    assert "no-store" in answer.headers["cache-control"]
    if status != 301:  # over plain http it would mean nothing
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


def test_a_health_check_over_plain_http_is_guarded(site):
    answer = ask(site, "GET", "/healthz", "plain http")
    assert (answer.status, answer.text) == (200, b"ok\n")
    assert_guarded(answer.headers)


def test_static_files_have_hashed_names_and_are_guarded(site):
    page = ask(site, "GET", "/accounts/login/").text.decode()
    paths = set(STATIC.findall(page))
    assert any(path.endswith(".css") for path in paths)
    for path in paths:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", path), path
        answer = ask(site, "GET", path)
        assert answer.status == 200
        assert_guarded(answer.headers)
        assert "immutable" in answer.headers["cache-control"]


def test_css_travels_compressed(site):
    page = ask(site, "GET", "/accounts/login/").text.decode()
    css = next(path for path in STATIC.findall(page) if path.endswith(".css"))
    assert ask(site, "GET", css, headers={"Accept-Encoding": "br"}).headers["content-encoding"] == "br"
    assert ask(site, "GET", css, headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"


def test_row_23_a_page_names_nothing_of_another_host(site):
    page = ask(site, "GET", "/accounts/login/").text.decode()
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", page)


def test_http_is_sent_to_https(site):
    assert (
        ask(site, "GET", "/accounts/login/", "plain http").headers["location"]
        == "https://127.0.0.1/accounts/login/"
    )


def test_row_13_cookies_are_bound_to_host_and_https(site):
    """Signing in for real: every cookie that is set on the way."""
    page = ask(site, "GET", "/accounts/login/")
    token = next(value.split("=")[1].split(";")[0] for name, value in page.fields if name == "set-cookie")
    form = {"login": "teen0", "password": "only-for-the-tests", "csrfmiddlewaretoken": token}
    headers = {
        "Cookie": f"__Host-csrftoken={token}", "Referer": "https://127.0.0.1/accounts/login/",
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    answer = ask(site, "POST", "/accounts/login/", headers=headers, body=urllib.parse.urlencode(form))
    assert (answer.status, answer.headers["location"]) == (302, "/")
    cookies = [value for name, value in page.fields + answer.fields if name == "set-cookie"]
    assert any(value.startswith("__Host-sessionid=") for value in cookies)
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"Secure", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert cookie.startswith("__Host-csrftoken") or "HttpOnly" in cookie
