"""The watch over every other test of this folder sees what it is there to see."""

import pytest
from django.urls import reverse


@pytest.fixture
def page(open_page):
    page = open_page()
    page.goto(reverse("account_login"))
    return page


@pytest.mark.parametrize(
    ("misdeed", "seen"),
    [
        ("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')", "console:"),
        ("console.error('broken')", "console: broken"),
        ("setTimeout(() => { throw Error('broken') })", "script error"),
        ("fetch('/nothing-here/')", "404 from GET"),
        (
            "document.head.insertAdjacentHTML('beforeend', '<link rel=icon href=\"https://example.org/x\">')",
            "console:",
        ),
    ],
)
def test_what_goes_wrong_is_seen(page, watch, misdeed, seen):
    page.evaluate(f"() => {{ {misdeed} }}")
    for _tenth in range(100):  # an answer of the server's may take its time
        if any(fault.startswith(seen) for fault in watch.faults):
            break
        page.wait_for_timeout(100)
    faults, watch.faults = watch.faults, []
    assert any(fault.startswith(seen) for fault in faults), faults


def test_row_23_another_host_is_seen(open_page, watch):
    page = open_page()
    page.context.route("https://example.org/**", lambda route: route.fulfill(body="elsewhere"))
    page.goto("https://example.org/")
    faults, watch.faults = watch.faults, []
    assert faults == ["another host: https://example.org/"]
