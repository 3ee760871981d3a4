"""The shipped settings as they are, for servers that tests start as processes of their own.

Only where the static files lie is said from outside, so that a test run never touches the checkout's.
"""

import os
from pathlib import Path

from amps_tracker.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["TEST_STATIC_ROOT"])
