"""The one browser that is driven, how it is started, and the screens it shows."""

import shutil
from typing import Any

from playwright.sync_api import ViewportSize

NAMES = ("chromium", "chromium-browser", "google-chrome")
NOT_FOUND = "no browser: none of " + ", ".join(NAMES) + " is on the path"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
# Chromium cannot start its own sandbox as root, and a container's user mostly is; the rest keeps it quiet.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


def launch_options() -> dict[str, Any] | None:
    """For playwright's ``launch``; nothing when no browser is there."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return {"executable_path": found, "args": list(ARGUMENTS)} if found else None
